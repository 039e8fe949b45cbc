import aws4 from 'aws4';
import type { Clock } from '../platform/clock.ts';

export type QueueCallOptions = {
  readonly region: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

const ANSWERED_WITHIN = 5_000;

/**
 * Returns a function that makes a call about a queue. aws4 signs it, since the SDK's client is not worth its size for
 * one call. It throws when SQS does not accept the call.
 */
export function queueCall({ region, endpoint, clock, credentials }: QueueCallOptions) {
  const { origin, host } = new URL(endpoint);
  return async (operation: string, queueArn: string, members: Readonly<Record<string, unknown>>): Promise<void> => {
    const [account, name] = queueArn.split(':').slice(-2);
    const body = JSON.stringify({ QueueUrl: `${origin}/${account}/${name}`, ...members });
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Date': clock.now().replaceAll(/[:-]|\.\d{3}/g, ''),
      'X-Amz-Target': `AmazonSQS.${operation}`,
    };
    const signed = aws4.sign({ service: 'sqs', region, host, method: 'POST', path: '/', body, headers }, credentials);
    const headersToSend = new Headers();
    for (const [name, value] of Object.entries(signed.headers ?? {})) {
      // `fetch` sets these two itself.
      if (!/^(host|content-length)$/i.test(name)) headersToSend.set(name, String(value));
    }
    const signal = AbortSignal.timeout(ANSWERED_WITHIN);
    const answer = await fetch(`${origin}/`, { method: 'POST', headers: headersToSend, body, signal });
    if (!answer.ok) throw new Error(`SQS answered ${answer.status} to ${operation}`);
  };
}
