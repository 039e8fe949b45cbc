import * as z from 'zod/mini';
import { REGION } from './template.ts';

export type Shard = {
  readonly id: string;
  readonly streamArn: string;
};

const streamRecord = z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) });
export type StreamRecord = z.infer<typeof streamRecord>;

const streamList = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) });
const streamDescription = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
});
const shardIterator = z.object({ ShardIterator: z.string() });
const recordPage = z.object({ Records: z.array(streamRecord) });

export async function shardsOf(dynamodb: string, table: string): Promise<Shard[]> {
  const { Streams: streams } = streamList.parse(await call(dynamodb, 'ListStreams', { TableName: table }));
  const shards = await Promise.all(
    streams.map(async ({ StreamArn: streamArn }) => {
      const { StreamDescription } = streamDescription.parse(
        await call(dynamodb, 'DescribeStream', { StreamArn: streamArn }),
      );
      return StreamDescription.Shards.map(({ ShardId: id }) => ({ id, streamArn }));
    }),
  );
  return shards.flat();
}

/** Returns the records after the sequence number `after`, or the oldest ones if it is undefined. */
export async function readShard(
  dynamodb: string,
  { id, streamArn }: Shard,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<StreamRecord[]> {
  const { ShardIterator } = shardIterator.parse(
    await call(dynamodb, 'GetShardIterator', {
      StreamArn: streamArn,
      ShardId: id,
      ...(after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
    }),
  );
  return recordPage.parse(await call(dynamodb, 'GetRecords', { ShardIterator, Limit: limit })).Records;
}

/**
 * Calls the local engine without the SDK for streams, because four calls do not need one more package. The engine does
 * not check the signature, but needs one.
 */
async function call(dynamodb: string, operation: string, input: object): Promise<unknown> {
  const response = await fetch(dynamodb, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(body)}`);
  return body;
}
