import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test, vi } from 'vitest';
import { startDynamoDb } from '../../infra/local/dynamodb.ts';
import { startLocalStack } from '../../infra/local/local-stack.ts';
import { clientsOf, emptyDir, eventually, removeDirs, SAMPLE_APP } from './local-stack/sample-stack.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(stops.splice(0).map((stop) => stop()));
  removeDirs();
});

async function startHere(dir: string, options: { fresh?: boolean; port?: number } = {}) {
  const stack = await startLocalStack({ dir, port: 0, app: SAMPLE_APP, ...options });
  stops.push(stack.stop);
  return { ...stack, clients: clientsOf(stack.endpoints) };
}

/** In a process of its own, which can be killed without ending the test. */
async function startElsewhere(dir: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'local-stack/run.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  stops.push(() => {
    child.kill('SIGTERM');
    return exited;
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  await eventually(() => /^ready$/m.test(said) || undefined);
  const endpoints = JSON.parse(readFileSync(join(dir, 'endpoints.json'), 'utf8'));
  return { child, exited, clients: clientsOf(endpoints), endpoints };
}

const databasesOn = (dir: string) =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && existsSync(`/proc/${pid}/cmdline`) && commandLine(pid).includes(`${dir}/dynamodb`),
  );
const commandLine = (pid: string) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

test('the next start takes over everything that a killed stack left', async () => {
  const dir = emptyDir();
  const killed = await startElsewhere(dir);
  const { bucket, table, stateMachines } = killed.endpoints;
  await killed.clients.dynamodb.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'kept' } } }));
  await killed.clients.advance('P1D');
  await killed.clients.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: 'in/subject-upload-slowly', Body: 'x', Metadata: { folder: 'a' } }),
  );
  const { executionArn } = await killed.clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: stateMachines.journey,
      name: 'killed',
      input: JSON.stringify({ items: ['subject-step-slowly'], until: '2026-01-01T00:00:00Z', short: true }),
    }),
  );
  const { clients } = killed;
  for (const subject of ['subject-upload-slowly', 'subject-step-slowly']) {
    await eventually(async () => ((await clients.seen(subject)).length === 1 ? true : undefined));
  }
  const began = Date.now();
  const { body: before } = await clients.control('GET', '/clock');

  killed.child.kill('SIGKILL');
  await killed.exited;
  expect(databasesOn(dir)).toHaveLength(1);
  const next = await startHere(dir);
  await next.clients.runDue();

  expect(await next.clients.seen('subject-upload-slowly')).toHaveLength(2);
  expect(await next.clients.seen('subject-step-slowly')).toHaveLength(2);
  expect(await next.clients.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
  });
  const { Item } = await next.clients.dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: 'kept' } } }),
  );
  expect(Item).toEqual({ pk: { S: 'kept' } });
  const object = await next.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'in/subject-upload-slowly' }));
  expect(object.Metadata).toEqual({ folder: 'a' });
  const { body: after } = await next.clients.control('GET', '/clock');
  // The clock continues where it was, as fast as the machine's own.
  const elapsed = Date.parse(after.now) - Date.parse(before.now);
  expect(elapsed).toBeGreaterThanOrEqual(0);
  expect(elapsed).toBeLessThanOrEqual(Date.now() - began);
  expect(databasesOn(dir)).toHaveLength(1);
});

test('the later start wins: it ends the stack that still runs on its folder', async () => {
  const dir = emptyDir();
  const first = await startElsewhere(dir);
  await startElsewhere(dir);
  await first.exited;
  expect(first.child.exitCode).toBe(0);
  expect(databasesOn(dir)).toHaveLength(1);
});

test('a stopped stack leaves no process and no addresses behind, and keeps its state until a fresh start', async () => {
  const dir = emptyDir();
  const first = await startHere(dir);
  await first.clients.dynamodb.send(
    new PutItemCommand({ TableName: first.endpoints.table, Item: { pk: { S: 'kept' } } }),
  );
  await first.stop();
  expect(databasesOn(dir)).toHaveLength(0);
  expect(existsSync(join(dir, 'endpoints.json'))).toBe(false);

  const kept = { TableName: first.endpoints.table, Key: { pk: { S: 'kept' } } };
  const second = await startHere(dir);
  expect((await second.clients.dynamodb.send(new GetItemCommand(kept))).Item).toBeDefined();
  const back = await second.clients.control('POST', '/clock', { now: '2020-01-01T00:00:00Z' });
  expect(back.status).toBe(409);
  await second.stop();

  const third = await startHere(dir, { fresh: true });
  expect((await third.clients.dynamodb.send(new GetItemCommand(kept))).Item).toBeUndefined();
});

test('an upload that was stored but never queued is found at the next start', async () => {
  const dir = emptyDir();
  const first = await startHere(dir);
  const upload = (Key: string) =>
    first.clients.s3.send(new PutObjectCommand({ Bucket: first.endpoints.bucket, Key, Body: 'x' }));
  await upload('in/subject-unheard');
  await upload('in/subject-reported');
  await upload('in/subject-reported.report.json');
  await first.clients.runDue();
  await first.stop();

  const second = await startHere(dir);
  await second.clients.runDue();
  expect(await second.clients.seen('subject-unheard')).toHaveLength(2);
  expect(await second.clients.seen('subject-reported')).toHaveLength(2);
});

/**
 * Eight ports in a row that nothing else has; `free` lets go of all but one, which stays taken until the end of the
 * test.
 */
async function eightPorts(): Promise<{ readonly first: number; readonly free: (but: number) => Promise<void> }> {
  for (;;) {
    const [one] = await listening([0]);
    const first = (one?.port ?? 0) + 1;
    await one?.close();
    const all = await listening(Array.from({ length: 8 }, (_, place) => first + place));
    if (all.length === 8) {
      const free = async (but: number) => {
        for (const { port, close } of all) await (port === but ? stops.push(close) : close());
      };
      return { first, free };
    }
    for (const { close } of all) await close();
  }
}

/** Listens on those of the ports that are not taken. */
async function listening(ports: readonly number[]) {
  const open = ports.map(async (port) => {
    const server = createServer();
    const isOpen = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    const address = server.address();
    const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
    return isOpen && typeof address === 'object' && address !== null ? [{ port: address.port, close }] : [];
  });
  return (await Promise.all(open)).flat();
}

test.each([
  [1, 's3'],
  [2, 'dynamodb'],
  [4, 'stepfunctions'],
  [6, 'issuer'],
])('the error names a port that is in use (%i)', async (place, purpose) => {
  const { first, free } = await eightPorts();
  const port = first + place;
  await free(port);

  const dir = emptyDir();
  await expect(startHere(dir, { port: first })).rejects.toThrow(
    new RegExp(`Port ${port} \\(for ${purpose}\\) is taken.*LOCAL_PORT`),
  );
  expect(databasesOn(dir)).toHaveLength(0);
  expect(existsSync(join(dir, 'endpoints.json'))).toBe(false);
});

test('two stacks in one process cannot use one folder', async () => {
  const dir = emptyDir();
  await startHere(dir);
  await expect(startHere(dir)).rejects.toThrow('Another local stack is running');
});

test('another DynamoDB is used when its address is given; a fresh start empties it too', async () => {
  const other = await startDynamoDb(emptyDir());
  stops.push(other.stop);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', other.url);
  const dir = emptyDir();
  const first = await startHere(dir);
  expect(databasesOn(dir)).toHaveLength(0);
  await first.clients.invoke('on-schedule', { about: 'subject-elsewhere' });
  expect(await first.clients.seen('subject-elsewhere')).toHaveLength(1);
  await first.stop();

  const second = await startHere(dir, { fresh: true });
  expect(await second.clients.seen('subject-elsewhere')).toHaveLength(0);
});
