import { createServer, type ServerResponse } from 'node:http';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  InvalidExecutionInput,
  InvalidName,
  ListExecutionsCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts';
import { type Clients, clientsOf, emptyDir, removeDirs, SAMPLE_APP } from './local-stack/sample-stack.ts';

const MINUTE = 60_000;

let stack: LocalStack;
let clients: Clients;

beforeAll(async () => {
  stack = await startLocalStack({ dir: emptyDir(), port: 0, fresh: true, app: SAMPLE_APP });
  clients = clientsOf(stack.endpoints);
});
afterAll(async () => {
  await stack.stop();
  removeDirs();
});

/** An address that answers nobody before so many are there. */
async function meetingOf(count: number) {
  const waiting: ServerResponse[] = [];
  const server = createServer((_, response) => {
    waiting.push(response);
    if (waiting.length === count) for (const one of waiting) one.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test('sets the clock back as long as nothing ran since a fresh start', async () => {
  const set = await clients.control('POST', '/clock', { now: '2026-01-15T08:00:00Z' });
  expect(set).toMatchObject({ status: 200, body: { now: '2026-01-15T08:00:00.000Z' } });

  await clients.invoke('echo', {});
  const again = await clients.control('POST', '/clock', { now: '2026-01-01T00:00:00Z' });
  expect(again).toMatchObject({ status: 409, body: { error: expect.stringContaining('fresh') } });
});

describe('functions', () => {
  test('answer to their folder name, their deployed name and their ARN', async () => {
    const deployed = stack.endpoints.functions['echo']!;
    for (const name of ['echo', deployed, `arn:aws:lambda:eu-north-1:000000000000:function:${deployed}`]) {
      expect(await clients.invoke(name, { a: 1 })).toMatchObject({ answer: { a: 1, name: deployed } });
    }
  });

  test('see what the template gives them, and nothing of the machine', async () => {
    const { answer } = await clients.invoke('echo', {});
    expect(answer.environment).toEqual({
      GREETING: 'hello from eu-north-1',
      SEEN_TABLE: 'Sample-seen',
      AWS_REGION: 'eu-north-1',
    });
    expect(answer.remaining).toBeGreaterThan(0);
    expect(answer.remaining).toBeLessThanOrEqual(10_000);
  });

  test('see a moved clock at once, also those that run already', async () => {
    const before = await clients.invoke('echo', {});
    const moved = Date.now();
    const { body } = await clients.advance('P1M');
    const after = await clients.invoke('echo', {});
    expect(after.answer.served).toBe(before.answer.served + 1);
    const elapsed = Date.parse(after.answer.now) - Date.parse(body.now);
    expect(elapsed).toBeGreaterThanOrEqual(0);
    expect(elapsed).toBeLessThanOrEqual(Date.now() - moved);
    expect(Date.parse(body.now) - Date.parse(before.answer.now)).toBeGreaterThanOrEqual(28 * 24 * 3_600_000);
    expect(after.answer.knowsDates).toBe(true);
  });

  test('report their errors as Lambda does', async () => {
    expect(await clients.invoke('echo', { fail: 'TryAgain' })).toEqual({
      error: 'Unhandled',
      answer: { errorType: 'TryAgain', errorMessage: 'TryAgain', trace: expect.any(Array) },
    });
  });

  test('are replaced after a timeout or an exit, and serve the next call', async () => {
    expect(await clients.invoke('short', { sleepMs: 60_000 })).toMatchObject({
      error: 'Unhandled',
      answer: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('timed out after 5.00 seconds') },
    });
    expect(await clients.invoke('short', { exit: true })).toMatchObject({ answer: { errorType: 'Runtime.ExitError' } });
    expect(await clients.invoke('short', { a: 1 })).toMatchObject({ error: undefined, answer: { a: 1, served: 1 } });
  });

  test('serve several calls at once, each worker one at a time', async () => {
    const place = await meetingOf(3);
    const answers = await Promise.all([1, 2, 3].map(() => clients.invoke('echo', { meetAt: place.url })));
    place.close();
    expect(new Set(answers.map(({ answer }) => answer.worker)).size).toBe(3);
  });

  test('are called asynchronously by InvocationType Event', async () => {
    const event = new TextEncoder().encode('{"about":"subject-async"}');
    const sent = await clients.lambda.send(
      new InvokeCommand({ FunctionName: 'on-schedule', InvocationType: 'Event', Payload: event }),
    );
    expect(sent.StatusCode).toBe(202);
    await clients.runDue();
    expect(await clients.seen('subject-async')).toMatchObject([{ event: { about: 'subject-async' } }]);
  });

  test('that do not exist are not found', async () => {
    await expect(clients.lambda.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });
});

describe('uploads', () => {
  const upload = (Key: string) =>
    clients.s3.send(new PutObjectCommand({ Bucket: stack.endpoints.bucket, Key, Body: 'four' }));

  test('reach the function that the template names, in the shape of an S3 event', async () => {
    const moved = Date.now();
    const { body: clock } = await clients.advance('P1D');
    await upload('in/a b+ä (subject-event).zip');
    await upload('out/subject-event.zip');
    await clients.runDue();

    const seen = await clients.seen('subject-event');
    expect(seen).toHaveLength(1);
    const elapsed = Date.parse(seen[0]?.event.Records[0].eventTime) - Date.parse(clock.now);
    expect(elapsed).toBeGreaterThanOrEqual(0);
    expect(elapsed).toBeLessThanOrEqual(Date.now() - moved);
    expect(seen[0]?.event.Records).toMatchObject([
      {
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        awsRegion: 'eu-north-1',
        eventTime: expect.any(String),
        s3: {
          bucket: { name: stack.endpoints.bucket, arn: `arn:aws:s3:::${stack.endpoints.bucket}` },
          object: {
            key: 'in/a+b%2B%C3%A4+(subject-event).zip',
            size: 4,
            eTag: '8cbad96aced40b3838dd9f07f6ef5772',
            versionId: expect.stringMatching(/^[0-9a-f]{32}$/),
            sequencer: expect.stringMatching(/^[0-9A-F]{18,}$/),
          },
        },
      },
    ]);
  });

  test('may be large, in one piece', async () => {
    const Body = Buffer.alloc(12 * 1024 * 1024, 'x');
    await clients.s3.send(new PutObjectCommand({ Bucket: stack.endpoints.bucket, Key: 'in/subject-large', Body }));
    await clients.runDue();
    const [seen] = await clients.seen('subject-large');
    expect(seen?.event.Records[0].s3.object).toMatchObject({ size: Body.length });
  });

  test('whose function fails are delivered again after a minute and two, by the clock', async () => {
    await upload('in/subject-later-fails-2');
    for (const wait of ['PT1M', 'PT2M', 'PT1H']) {
      await clients.runDue();
      await clients.advance(wait);
    }
    await clients.runDue();

    const [first, second, third, ...more] = (await clients.seen('subject-later-fails-2')).map(({ at }) =>
      Date.parse(at),
    );
    expect(more).toEqual([]);
    expect(second! - first!).toBeGreaterThanOrEqual(MINUTE);
    expect(third! - second!).toBeGreaterThanOrEqual(2 * MINUTE);
  });

  test('whose function always fails go to the queue of failures after three tries', async () => {
    await upload('in/subject-never-fails-99');
    for (const wait of ['PT1M', 'PT2M', 'PT1H', 'PT1H']) {
      await clients.runDue();
      await clients.advance(wait);
    }
    await clients.runDue();
    expect(await clients.seen('subject-never-fails-99')).toHaveLength(3);
  });
});

test('a schedule fires once, however far the clock jumps', async () => {
  await clients.runDue();
  const before = await clients.seen('none');
  const { body } = await clients.advance('P3D');
  await clients.runDue();

  const after = await clients.seen('none');
  expect(after).toHaveLength(before.length + 1);
  expect(after.at(-1)?.event).toMatchObject({ source: 'aws.scheduler', 'detail-type': 'Scheduled Event' });
  expect(Date.parse(after.at(-1)?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(body.now));
});

describe('the stream of a table', () => {
  const write = (pk: string) =>
    clients.dynamodb.send(new PutItemCommand({ TableName: stack.endpoints.table, Item: { pk: { S: pk } } }));

  test('is delivered in order, in batches', async () => {
    for (const place of ['1', '2', '3']) {
      await write(`subject-stream ${place}`);
    }
    await clients.runDue();

    const batches = (await clients.seen('subject-stream')).map(({ event }) => event.Records);
    expect(batches.flat().map(({ dynamodb }) => dynamodb.NewImage.pk.S)).toEqual([
      'subject-stream 1',
      'subject-stream 2',
      'subject-stream 3',
    ]);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(2);
    expect(batches[0][0]).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-north-1',
      eventSourceARN: expect.stringContaining('/stream/'),
    });
  });

  test('continues after a record that its function always refuses', async () => {
    await write('subject-poison fails-99');
    await write('subject-after-poison');
    await clients.runDue();
    expect(await clients.seen('subject-after-poison')).toHaveLength(1);
  });
});

describe('state machines', () => {
  const start = (name: string, input: object) =>
    clients.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: stack.endpoints.stateMachines['journey'],
        name,
        input: JSON.stringify(input),
      }),
    );
  const describeExecution = (executionArn: string | undefined) =>
    clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const statesOf = async (executionArn: string | undefined) => {
    const { events = [] } = await clients.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    return events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  };
  const inAnHour = async () => {
    const { body } = await clients.control('GET', '/clock');
    return new Date(Date.parse(body.now) + 3_600_000).toISOString();
  };

  test('stop at a wait, and continue when the clock has passed it', async () => {
    const until = await inAnHour();
    const { executionArn } = await start('short.1', { items: ['a', 'b'], until, short: true });
    await clients.runDue();
    expect(await describeExecution(executionArn)).toMatchObject({ status: 'RUNNING' });
    expect(await statesOf(executionArn)).toEqual(['Ask', 'One by one', 'Do one', 'Do one', 'Sleep until']);

    await clients.advance('PT59M');
    await clients.runDue();
    expect((await describeExecution(executionArn)).status).toBe('RUNNING');

    await clients.advance('PT1M');
    await clients.runDue();
    const done = await describeExecution(executionArn);
    expect(done).toMatchObject({ status: 'SUCCEEDED', name: 'short.1' });
    const { body: clock } = await clients.control('GET', '/clock');
    expect(Number(done.stopDate)).toBeGreaterThanOrEqual(Date.parse(until));
    expect(Number(done.stopDate)).toBeLessThanOrEqual(Date.parse(clock.now));
    const seen = (await clients.seen('none')).map(({ event }) => event);
    expect(seen).toEqual(
      expect.arrayContaining([
        { item: 'a', run: 'short.1' },
        { item: 'b', run: 'short.1' },
      ]),
    );
    expect(await statesOf(executionArn)).toEqual([
      'Ask',
      'One by one',
      'Do one',
      'Do one',
      'Sleep until',
      'Is it a short journey?',
      'Arrived',
    ]);
  });

  test('end as their Fail state says', async () => {
    const { executionArn } = await start('long.1', { items: [], until: '2026-01-01T00:00:00Z' });
    await clients.runDue();
    expect(await describeExecution(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'TooFar',
      cause: 'nobody goes there',
    });
  });

  test('catch a function’s error by its name, and retry what their definition names', async () => {
    const refused = await start('refused', { fail: 'Refused' });
    const tried = await start('tried', { fail: 'TryAgain' });
    await clients.runDue();

    expect(await statesOf(refused.executionArn)).toEqual(['Ask', 'It was refused']);
    const { error, cause } = await describeExecution(refused.executionArn);
    expect({ error, cause: JSON.parse(cause ?? '') }).toMatchObject({
      error: 'Refused',
      cause: { errorType: 'Refused', errorMessage: 'Refused' },
    });
    const { events = [] } = await clients.sfn.send(new GetExecutionHistoryCommand(tried));
    const aTry = ['LambdaFunctionScheduled', 'LambdaFunctionFailed'];
    const tries = [...aTry, ...aTry, ...aTry];
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      ...tries,
      'ExecutionFailed',
    ]);
    expect(await describeExecution(tried.executionArn)).toMatchObject({ status: 'FAILED', error: 'TryAgain' });
  });

  test('are started once under one name', async () => {
    const input = { items: [], until: await inAnHour() };
    const first = await start('same', input);
    expect(await start('same', input)).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await expect(start('same', { ...input, short: true })).rejects.toThrow(ExecutionAlreadyExists);
  });

  test('stop on request, and stay stopped', async () => {
    const input = { items: [], until: await inAnHour() };
    const { executionArn } = await start('stopped', input);
    await clients.runDue();
    await clients.sfn.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'of that' }));
    await clients.advance('PT2H');
    await clients.runDue();
    expect(await describeExecution(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'of that',
    });
    await expect(start('stopped', input)).rejects.toThrow(ExecutionAlreadyExists);
  });

  test('are listed by status, page by page', async () => {
    const stateMachineArn = stack.endpoints.stateMachines['journey'];
    const first = await clients.sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED', maxResults: 1 }),
    );
    const second = await clients.sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED', nextToken: first.nextToken }),
    );
    const names = [...(first.executions ?? []), ...(second.executions ?? [])].map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['tried', 'refused', 'long.1']));
    expect(second.nextToken).toBeUndefined();
  });

  test('refuse what AWS refuses, with the same errors', async () => {
    const stateMachineArn = stack.endpoints.stateMachines['journey'];
    await expect(start('no blanks', {})).rejects.toThrow(InvalidName);
    await expect(clients.sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{' }))).rejects.toThrow(
      InvalidExecutionInput,
    );
    await expect(
      clients.sfn.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}x` })),
    ).rejects.toThrow(StateMachineDoesNotExist);
    await expect(describeExecution(`${stateMachineArn?.replace('stateMachine', 'execution')}:x`)).rejects.toThrow(
      ExecutionDoesNotExist,
    );
  });
});

test('everything listens on this machine only', async () => {
  const { api, s3, dynamodb, lambda, stepfunctions, control } = stack.endpoints;
  for (const url of [api, s3, dynamodb, lambda, stepfunctions, control]) {
    const { port, hostname } = new URL(url);
    expect(hostname).toBe('127.0.0.1');
    await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow('fetch failed');
  }
});
