import * as z from 'zod/mini';
import { type AwsCall, AwsRefusal } from './aws-call.ts';

/** A stretch of one shard of the table's stream, as Lambda names it in a message of a failed batch. */
export type StreamBatch = {
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
};

const iterator = z.object({ ShardIterator: z.string() });
const streamRecord = z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) });
const page = z.object({ Records: z.array(streamRecord), NextShardIterator: z.nullish(z.string()) });
export type StreamRecord = z.infer<typeof streamRecord>;

/** A page may be empty although more follow. So many pages are more than the largest batch needs. */
const MOST_PAGES = 1_000;

/** Reads all records of a batch. Throws when the stream no longer has them: it keeps them for 24 hours. */
export async function readStreamBatch(call: AwsCall, batch: StreamBatch): Promise<readonly StreamRecord[]> {
  const { streamArn, shardId, startSequenceNumber, endSequenceNumber } = batch;
  const last = BigInt(endSequenceNumber);
  const records: StreamRecord[] = [];
  try {
    const first = { StreamArn: streamArn, ShardId: shardId, SequenceNumber: startSequenceNumber };
    const begun = await call('streams', 'GetShardIterator', { ...first, ShardIteratorType: 'AT_SEQUENCE_NUMBER' });
    let next: string | null | undefined = iterator.parse(begun).ShardIterator;
    for (let pages = 0; typeof next === 'string' && pages < MOST_PAGES; pages += 1) {
      const read = page.parse(await call('streams', 'GetRecords', { ShardIterator: next }));
      records.push(...read.Records.filter(({ dynamodb }) => BigInt(dynamodb.SequenceNumber) <= last));
      const reached = read.Records.at(-1)?.dynamodb.SequenceNumber;
      if (reached !== undefined && BigInt(reached) >= last) return records;
      next = read.NextShardIterator;
    }
  } catch (error) {
    if (!(error instanceof AwsRefusal) || error.code !== 'TrimmedDataAccessException') throw error;
  }
  throw new Error(
    `The stream no longer has the records from ${startSequenceNumber} to ${endSequenceNumber}. It keeps them for 24 hours.`,
  );
}
