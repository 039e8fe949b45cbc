import type { SignedCalls } from './signed-calls.ts';

/** Sends a message to a queue. It can be received after the delay, in seconds, at most 900. */
export type SendMessage = (queueArn: string, body: string, delay: number) => Promise<void>;

export type GroupedMessage = {
  readonly body: string;
  /** Messages of one group are received one at a time, in their order. */
  readonly group: string;
  /** A message with the id of one that was sent a moment ago is not added. */
  readonly id: string;
};

/** The calls of SQS. Its endpoint is the beginning of the addresses by which it names its queues. */
export function messageQueue(call: SignedCalls, endpoint: string) {
  const ask = async (operation: string, queueArn: string, members: object): Promise<void> => {
    const [account, name] = queueArn.split(':').slice(-2);
    await call('sqs', operation, { QueueUrl: `${new URL(endpoint).origin}/${account}/${name}`, ...members });
  };
  const send: SendMessage = (queueArn, MessageBody, DelaySeconds) =>
    ask('SendMessage', queueArn, { MessageBody, DelaySeconds });
  const sendInGroup = (queueArn: string, { body, group, id }: GroupedMessage): Promise<void> =>
    ask('SendMessage', queueArn, { MessageBody: body, MessageGroupId: group, MessageDeduplicationId: id });
  const hide = (queueArn: string, receipt: string, seconds: number): Promise<void> =>
    ask('ChangeMessageVisibility', queueArn, { ReceiptHandle: receipt, VisibilityTimeout: seconds });
  return { send, sendInGroup, hide };
}
