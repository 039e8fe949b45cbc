import { type QueueCallOptions, queueCall } from './queue-call.ts';

/** Sends a message to a queue. It can be received after the delay, in seconds, at most 900. */
export type SendMessage = (queueArn: string, body: string, delay: number) => Promise<void>;

export function sendMessage(options: QueueCallOptions): SendMessage {
  const call = queueCall(options);
  return (queueArn, MessageBody, DelaySeconds) => call('SendMessage', queueArn, { MessageBody, DelaySeconds });
}
