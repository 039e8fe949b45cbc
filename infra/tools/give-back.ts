import * as z from 'zod/mini';
import type { AwsCall } from './aws-call.ts';
import { readStreamBatch } from './stream-records.ts';

export type GiveBackDeps = {
  readonly call: AwsCall;
  /** Calls a function and returns its answer. Throws when the function fails. */
  readonly invoke: (functionName: string, payload: unknown) => Promise<unknown>;
};

const streamBatch = z.object({
  streamArn: z.string(),
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
});

/** What Lambda sends to a queue about a call or a batch that failed all its tries. */
const failedCall = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  requestPayload: z.optional(z.unknown()),
  DDBStreamBatchInfo: z.optional(streamBatch),
});

const batchAnswer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** A call takes 6 MB at most. A record has two images of at most 400 KB each, and its JSON is somewhat longer. */
const RECORDS_A_CALL = 5;

/**
 * Gives a message of a dead-letter queue back to its function. The message of a batch of the table's stream names its
 * records only, so they are read from the stream first. A message that came from EventBridge or a schedule is the event
 * itself and does not name its function, so `functionName` must. Returns what was done, in words. Throws when the
 * function fails again.
 */
export async function giveBack(deps: GiveBackDeps, message: string, functionName?: string): Promise<string> {
  const body: unknown = JSON.parse(message);
  const failed = failedCall.safeParse(body).data;
  if (failed === undefined) {
    if (functionName === undefined) {
      throw new Error('The message does not say which function it was for. Name it with --function NAME.');
    }
    await deps.invoke(functionName, body);
    return `Gave the event to ${functionName}.`;
  }
  const name = functionName ?? failed.requestContext.functionArn;
  if (failed.DDBStreamBatchInfo === undefined) {
    await deps.invoke(name, failed.requestPayload);
    return `Gave the call to ${name}.`;
  }
  const records = await readStreamBatch(deps.call, failed.DDBStreamBatchInfo);
  for (let start = 0; start < records.length; start += RECORDS_A_CALL) {
    const answer = await deps.invoke(name, { Records: records.slice(start, start + RECORDS_A_CALL) });
    const [failure] = batchAnswer.parse(answer).batchItemFailures;
    if (failure !== undefined) throw new Error(`${name} failed again at the record ${failure.itemIdentifier}.`);
  }
  return `Gave ${records.length} records of the stream to ${name}.`;
}

const received = z.object({
  Messages: z._default(z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })), []),
});

/** As long as the longest function may run. */
const HIDDEN_SECONDS = 900;

/**
 * Gives every message of a queue back, and deletes each one whose function has succeeded. Stops at the first that
 * fails, which can be received again after a quarter of an hour.
 */
export async function giveBackQueue(
  deps: GiveBackDeps,
  queueUrl: string,
  { functionName, print }: { readonly functionName?: string | undefined; readonly print: (line: string) => void },
): Promise<void> {
  const queue = { QueueUrl: queueUrl };
  for (;;) {
    const input = { ...queue, MaxNumberOfMessages: 1, VisibilityTimeout: HIDDEN_SECONDS, WaitTimeSeconds: 1 };
    const [message] = received.parse(await deps.call('sqs', 'ReceiveMessage', input)).Messages;
    if (message === undefined) return;
    print(await giveBack(deps, message.Body, functionName));
    await deps.call('sqs', 'DeleteMessage', { ...queue, ReceiptHandle: message.ReceiptHandle });
  }
}
