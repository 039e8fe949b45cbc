import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import aws4 from 'aws4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { signedDynamoDb } from '../../shared/aws/signed-dynamodb.ts';
import { equal, present } from '../../shared/licensing/clause.ts';
import type { Key, Table, Write } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';

/* What goes over the wire, and what is made of each answer. That an engine understands it is the table's contract. */

const KEY: Key = { pk: 'L#acme#A1', sk: 'LICENSE' };
const AS_KEY = { pk: { S: KEY.pk }, sk: { S: KEY.sk } };
const TWO: readonly Write[] = [
  { update: KEY, set: [['currentUser', 'ada']], onlyIf: [equal('version', 1)] },
  { delete: { pk: 'V#acme#root', sk: 'w1#x' }, onlyIf: [present('pk')] },
];
const CREDENTIALS = { accessKeyId: 'an-id', secretAccessKey: 'a-secret' };

type Call = { readonly headers: IncomingMessage['headers']; readonly body: string };
type Step = 'hang' | 'reset' | { readonly status: number; readonly body: string };

const calls: Call[] = [];
const pauses: number[] = [];
let script: Step[] = [];
let table: Table;
let tableWithin: (answeredWithin: number) => Table;

/** Far more than any answer takes here. */
const PATIENT = 60_000;
const NOW = '2026-03-02T08:15:32.159Z';

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    calls.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    play(script.shift() ?? { status: 200, body: '{}' }, response);
  });
});

function play(step: Step, response: ServerResponse): void {
  if (step === 'hang') return;
  if (step === 'reset') response.destroy();
  else response.writeHead(step.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(step.body);
}

const refusal = (name: string, rest: object = {}): Step => ({
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no', ...rest }),
});

beforeEach(async () => {
  calls.length = 0;
  pauses.length = 0;
  script = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const place = { region: 'eu-north-1', endpoint: `http://127.0.0.1:${port}`, credentials: CREDENTIALS };
  const runtime = { clock: { now: () => NOW, pause }, random: seededRandom(1) };
  tableWithin = (answeredWithin) =>
    dynamoDbTable(signedDynamoDb({ ...place, ...runtime, answeredWithin }), 'licenses', pause);
  table = tableWithin(PATIENT);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a signed call', () => {
  it('names its operation, and signs its headers and body', async () => {
    script = [{ status: 200, body: JSON.stringify({ Item: { ...AS_KEY, version: { N: '7' } } }) }];

    expect(await table.get(KEY)).toEqual({ ...KEY, version: 7 });

    const [call] = calls;
    expect(JSON.parse(call!.body)).toEqual({ TableName: 'licenses', Key: AS_KEY, ConsistentRead: true });
    expect(call!.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
    });
    const signedAgain = aws4.sign(
      {
        service: 'dynamodb',
        region: 'eu-north-1',
        method: 'POST',
        path: '/',
        body: call!.body,
        headers: {
          'Content-Type': 'application/x-amz-json-1.0',
          Host: call!.headers.host,
          'X-Amz-Date': '20260302T081532Z',
          'X-Amz-Target': 'DynamoDB_20120810.GetItem',
        },
      },
      CREDENTIALS,
    );
    expect(call!.headers.authorization).toBe(signedAgain.headers?.['Authorization']);
  });

  it('keeps its connection', async () => {
    const ports = new Set<number | undefined>();
    server.on('request', ({ socket }) => ports.add(socket.remotePort));

    for (const _ of [1, 2, 3]) await table.get(KEY);

    expect(ports.size).toBe(1);
  });

  it.each<[string, Step]>([
    ['throttling', refusal('ProvisionedThroughputExceededException')],
    ['a fault of the service', { status: 500, body: '{"__type":"InternalServerError"}' }],
    ['an answer that is not its own', { status: 503, body: '<html>' }],
    ['a connection that breaks', 'reset'],
  ])('is made again after %s, at most three times in all', async (_, step) => {
    script = [step, step];
    expect(await table.get(KEY)).toBeUndefined();
    expect(calls).toHaveLength(3);
    expect(pauses).toHaveLength(2);

    script = [step, step, step];
    await expect(table.get(KEY)).rejects.toThrow();
    expect(calls).toHaveLength(6);
  });

  it('without a response fails after three tries instead of hanging (F36)', async () => {
    script = ['hang', 'hang', 'hang'];

    await expect(tableWithin(20).get(KEY)).rejects.toThrow('no answer within 20 ms');
    expect(pauses).toHaveLength(2);
  });

  it('whose response was lost repeats the same transaction', async () => {
    script = ['reset'];

    expect(await table.write(TWO)).toEqual({ done: true });
    await table.write(TWO);

    const [first, again, other] = calls.map(({ body }) => JSON.parse(body).ClientRequestToken);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('that is invalid throws at once, and the error does not contain the request', async () => {
    script = [refusal('ValidationException')];

    await expect(table.get(KEY)).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException', message: 'DynamoDB GetItem: no' }),
    );
    expect(calls).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('of a plain write comes from its condition, with the present item, or from a transaction on its item', async () => {
    script = [
      refusal('ConditionalCheckFailedException', { Item: AS_KEY }),
      refusal('ConditionalCheckFailedException'),
      refusal('TransactionConflictException'),
    ];

    const one = TWO.slice(0, 1);
    expect(await table.write(one)).toEqual({ done: false, refusals: [{ because: 'condition', item: KEY }] });
    expect(await table.write(one)).toEqual({ done: false, refusals: [{ because: 'condition', item: undefined }] });
    expect(await table.write(one)).toEqual({ done: false, refusals: [{ because: 'conflict' }] });
  });

  it('of a transaction names the position; a transaction that still runs is a conflict for each write (F13)', async () => {
    script = [
      refusal('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: AS_KEY }],
      }),
      refusal('TransactionInProgressException'),
    ];

    expect(await table.write(TWO)).toEqual({
      done: false,
      refusals: [undefined, { because: 'condition', item: KEY }],
    });
    expect(await table.write(TWO)).toEqual({
      done: false,
      refusals: [{ because: 'conflict' }, { because: 'conflict' }],
    });
    expect(calls).toHaveLength(2);
  });
});
