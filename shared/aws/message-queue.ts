import aws4 from 'aws4';
import type { Clock } from '../platform/clock.ts';

export type SignedQueueOptions = {
  readonly region: string;
  /** Default: the AWS endpoint of the region. */
  readonly endpoint?: string | undefined;
  readonly clock: Clock;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

const ANSWERED_WITHIN = 5_000;

/** Sends a message to a queue. It can be received after the delay, in seconds, at most 900. */
export type SendMessage = (queueArn: string, body: string, delay: number) => Promise<void>;

/**
 * Returns a function that sends a message. It is the only call of SQS that a reader of a queue makes itself. aws4 signs
 * it, as it does the table's calls of a login, since the SDK's client is not worth its size for one call. Throws when
 * SQS does not accept the call.
 */
export function sendMessage({ region, endpoint, clock, credentials }: SignedQueueOptions): SendMessage {
  const { origin, host } = new URL(endpoint ?? `https://sqs.${region}.amazonaws.com`);
  return async (queueArn, message, delay) => {
    const [account, name] = queueArn.split(':').slice(-2);
    const body = JSON.stringify({
      QueueUrl: `${origin}/${account}/${name}`,
      MessageBody: message,
      DelaySeconds: delay,
    });
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Date': clock.now().replaceAll(/[:-]|\.\d{3}/g, ''),
      'X-Amz-Target': 'AmazonSQS.SendMessage',
    };
    const signed = aws4.sign({ service: 'sqs', region, host, method: 'POST', path: '/', body, headers }, credentials);
    const headersToSend = new Headers();
    for (const [name, value] of Object.entries(signed.headers ?? {})) {
      // `fetch` sets these two itself.
      if (!/^(host|content-length)$/i.test(name)) headersToSend.set(name, String(value));
    }
    const signal = AbortSignal.timeout(ANSWERED_WITHIN);
    const answer = await fetch(`${origin}/`, { method: 'POST', headers: headersToSend, body, signal });
    if (!answer.ok) throw new Error(`SQS answered ${answer.status} to SendMessage`);
  };
}
