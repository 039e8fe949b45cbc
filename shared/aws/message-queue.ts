import aws4 from 'aws4';
import type { Clock } from '../platform/clock.ts';

export type SignedQueueOptions = {
  readonly region: string;
  /** Default: the service's own in the region. */
  readonly endpoint?: string | undefined;
  readonly clock: Clock;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

const ANSWERED_WITHIN = 5_000;

/**
 * The one call of SQS that a reader of a queue makes itself: to hide a message that it received for so many seconds more.
 * Signed by aws4, as the table's calls of a login are; a client for one call is not worth its size.
 */
export function hideMessage({ region, endpoint, clock, credentials }: SignedQueueOptions) {
  const { origin, host } = new URL(endpoint ?? `https://sqs.${region}.amazonaws.com`);
  return async (
    { eventSourceARN, receiptHandle }: { readonly eventSourceARN: string; readonly receiptHandle: string },
    seconds: number,
  ): Promise<void> => {
    const [account, name] = eventSourceARN.split(':').slice(-2);
    const body = JSON.stringify({
      QueueUrl: `${origin}/${account}/${name}`,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    });
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Date': clock.now().replaceAll(/[:-]|\.\d{3}/g, ''),
      'X-Amz-Target': 'AmazonSQS.ChangeMessageVisibility',
    };
    const signed = aws4.sign({ service: 'sqs', region, host, method: 'POST', path: '/', body, headers }, credentials);
    const headersToSend = new Headers();
    for (const [name, value] of Object.entries(signed.headers ?? {})) {
      // These two are made by `fetch` itself.
      if (!/^(host|content-length)$/i.test(name)) headersToSend.set(name, String(value));
    }
    const signal = AbortSignal.timeout(ANSWERED_WITHIN);
    const answer = await fetch(`${origin}/`, { method: 'POST', headers: headersToSend, body, signal });
    if (!answer.ok) throw new Error(`SQS answered ${answer.status} to ChangeMessageVisibility`);
  };
}
