import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { readShard, shardsOf } from '../../infra/local/stream-reader.ts';
import { type AwsCall, awsCall } from '../../infra/tools/aws-call.ts';
import { type GiveBackDeps, giveBack, giveBackQueue } from '../../infra/tools/give-back.ts';
import { streamEvent } from '../../shared/aws/stream-records.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { aLicense, aUserCard, aWorld, keyedHash } from '../fakes/world.ts';
import { type Engine, startEngine } from './real-table.ts';

const ARN = 'arn:aws:lambda:eu-north-1:111122223333:function:LicenseService-record-history:$LATEST';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

/** Some changes in the stream, none of which is in the history, and the message about them, as Lambda writes it. */
async function anUnrecordedMorning() {
  const live = await engine.newTable({ hasStream: true });
  const world = await aWorld({
    table: live.table,
    licenses: [aLicense({ serialNumber: 'F1' })],
    cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob' })],
  });
  const [shard] = await shardsOf(engine.url, live.name);
  const first = await readShard(engine.url, shard!, { after: undefined, limit: 1_000 });
  await world.login('ada');
  await world.login('bob');
  const records = await readShard(engine.url, shard!, {
    after: first.at(-1)?.dynamodb.SequenceNumber,
    limit: 1_000,
  });
  await world.logout('ada');
  const batch = {
    shardId: shard!.id,
    startSequenceNumber: records.at(0)!.dynamodb.SequenceNumber,
    endSequenceNumber: records.at(-1)!.dynamodb.SequenceNumber,
    batchSize: records.length,
    streamArn: shard!.streamArn,
  };
  const messageOf = (info: object) =>
    JSON.stringify({
      requestContext: { requestId: 'r1', functionArn: ARN, condition: 'RetryAttemptsExhausted' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
      version: '1.0',
      timestamp: world.clock.now(),
      DDBStreamBatchInfo: info,
    });
  const invoked: { readonly name: string; readonly records: number }[] = [];
  const deps: GiveBackDeps = {
    call: awsCall(engine.client, { streams: engine.url }),
    invoke: async (name, payload) => {
      const { Records } = streamEvent.parse(payload);
      invoked.push({ name, records: Records.length });
      return recordHistory({ ...world.deps, keyedHash, log: () => {} }, Records);
    },
  };
  const history = () => asAdministrator(world.deps).ask('list-license-history', { serialNumber: 'F1' });
  return { ...world, batch, records, messageOf, deps, invoked, history };
}

describe('a message of a failed batch of the stream', () => {
  test('is given back to its function with exactly its records', async () => {
    const { batch, records, messageOf, deps, invoked, history } = await anUnrecordedMorning();
    expect(await history()).not.toHaveProperty('entries');

    const done = await giveBack(deps, messageOf(batch));

    expect(done).toBe(`Gave ${records.length} records of the stream to ${ARN}.`);
    expect(invoked.every(({ name }) => name === ARN)).toBe(true);
    expect(invoked.reduce((sum, one) => sum + one.records, 0)).toBe(records.length);
    // Not the logout, which came after the batch.
    expect(await history()).toMatchObject({ entries: [{ version: 2, kind: 'license' }] });
  });

  test('changes nothing when it is given back twice', async () => {
    const { batch, messageOf, deps, history } = await anUnrecordedMorning();
    await giveBack(deps, messageOf(batch));
    const once = await history();

    await giveBack(deps, messageOf(batch));

    expect(await history()).toEqual(once);
  });

  test('is not done when its function reports a failure', async () => {
    const { batch, messageOf, deps } = await anUnrecordedMorning();
    const invoke = async () => ({ batchItemFailures: [{ itemIdentifier: '17' }] });

    await expect(giveBack({ ...deps, invoke }, messageOf(batch))).rejects.toThrow('failed again at the record 17');
  });

  test('is not done when the stream no longer has its records', async () => {
    const { batch, messageOf, deps, invoked } = await anUnrecordedMorning();
    const call: AwsCall = (service, operation, input) => deps.call(service, operation, input);
    const trimmed: AwsCall = async (service, operation, input) =>
      operation === 'GetRecords' ? { Records: [], NextShardIterator: null } : call(service, operation, input);

    await expect(giveBack({ ...deps, call: trimmed }, messageOf(batch))).rejects.toThrow('keeps them for 24 hours');
    expect(invoked).toEqual([]);
  });
});

describe('other messages', () => {
  const recording = () => {
    const invoked: unknown[] = [];
    const invoke = async (name: string, payload: unknown) => void invoked.push([name, payload]);
    return { invoked, deps: { invoke, call: () => Promise.reject(new Error('no call')) } satisfies GiveBackDeps };
  };

  test('a call that failed is made again', async () => {
    const { invoked, deps } = recording();

    await giveBack(deps, JSON.stringify({ requestContext: { functionArn: ARN }, requestPayload: { detail: 1 } }));

    expect(invoked).toEqual([[ARN, { detail: 1 }]]);
  });

  test('an event of the bus goes to the function that the operator names, and nowhere without a name', async () => {
    const { invoked, deps } = recording();
    const event = { source: 'aws.cognito-idp', detail: {} };

    await expect(giveBack(deps, JSON.stringify(event))).rejects.toThrow('--function NAME');
    await giveBack(deps, JSON.stringify(event), 'LicenseService-session-hooks');

    expect(invoked).toEqual([['LicenseService-session-hooks', event]]);
  });
});

describe('a queue', () => {
  /** A queue as SQS has it: a message that was received is hidden, and stays until it is deleted. */
  const aQueue = (...bodies: readonly string[]) => {
    const hidden = new Set<number>();
    const left = new Map(bodies.map((body, index) => [index, body]));
    const call: AwsCall = async (_service, operation, input) => {
      if (operation === 'DeleteMessage') {
        left.delete(Number((input as { ReceiptHandle: string }).ReceiptHandle));
        return {};
      }
      const [index, Body] = [...left].find(([one]) => !hidden.has(one)) ?? [];
      if (index === undefined) return {};
      hidden.add(index);
      return { Messages: [{ Body, ReceiptHandle: String(index) }] };
    };
    return { left, call };
  };
  const message = (detail: number) => JSON.stringify({ requestContext: { functionArn: ARN }, requestPayload: detail });

  test('is given back message by message, and each that succeeded is deleted', async () => {
    const { left, call } = aQueue(message(1), message(2), message(3));
    const printed: string[] = [];
    const invoke = async (_: string, payload: unknown) => {
      if (payload === 2) throw new Error('failed again');
    };

    const given = giveBackQueue({ call, invoke }, 'https://queue', { print: (line) => printed.push(line) });

    await expect(given).rejects.toThrow('failed again');
    expect([...left.values()]).toEqual([message(2), message(3)]);
    expect(printed).toHaveLength(1);
  });

  test('is empty at the end', async () => {
    const { left, call } = aQueue(message(1), message(2));

    await giveBackQueue({ call, invoke: async () => null }, 'https://queue', { print: () => {} });

    expect(left.size).toBe(0);
  });
});

test.each([
  ['eu-north-1', 'https://streams.dynamodb.eu-north-1.amazonaws.com/', 'https://sqs.eu-north-1.amazonaws.com/'],
  ['cn-north-1', 'https://streams.dynamodb.cn-north-1.amazonaws.com.cn/', 'https://sqs.cn-north-1.amazonaws.com.cn/'],
  [
    'eusc-de-east-1',
    'https://streams.dynamodb.eusc-de-east-1.amazonaws.eu/',
    'https://sqs.eusc-de-east-1.amazonaws.eu/',
  ],
])('in %s the tools call the addresses of that region, signed', async (region, streams, sqs) => {
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' };
  const sent: Request[] = [];
  const call = awsCall(new DynamoDBClient({ region, credentials }), {}, async (request) => {
    sent.push(request);
    return new Response('{}');
  });

  await call('streams', 'GetRecords', {});
  await call('sqs', 'ReceiveMessage', {});

  expect(sent.map(({ url }) => url)).toEqual([streams, sqs]);
  for (const { headers } of sent) {
    expect(headers.get('authorization')).toMatch(new RegExp(`^AWS4-HMAC-SHA256 Credential=AKID/\\d{8}/${region}/`));
    expect(headers.get('x-amz-security-token')).toBe('token');
  }
});
