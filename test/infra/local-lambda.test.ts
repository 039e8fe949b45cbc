import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { openLambdaPool } from '../../infra/local/lambda-pool.ts';

/** A function with this source, and what it has logged. */
function aFunction(source: string, timeoutMs = 60_000) {
  const folder = mkdtempSync(join(tmpdir(), 'local-lambda-'));
  const bundle = join(folder, 'index.mjs');
  writeFileSync(bundle, source);
  let logged = '';
  const log = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const pool = openLambdaPool(
    {
      name: 'sample',
      functionName: 'Sample',
      arn: 'arn:aws:lambda:eu-north-1:000000000000:function:Sample',
      bundle,
      exportName: 'handler',
      environment: {},
      timeoutMs,
      memoryMb: 128,
      reservedConcurrency: 1,
      retries: 0,
      maxEventAgeMs: 0,
    },
    {
      environment: () => ({}),
      clock: { now: Date.now, setTo: () => {}, offset: new BigInt64Array(new SharedArrayBuffer(8)) },
      log,
    },
  );
  onTestFinished(async () => {
    await pool.stop();
    rmSync(folder, { recursive: true });
  });
  return {
    call: async (event: object) => {
      const result = await pool.invoke(JSON.stringify(event));
      return result.ok ? JSON.parse(result.payload) : result.fault.errorType;
    },
    lines: () => logged.split('\n').filter((line) => line !== ''),
  };
}

test('work that goes on after the answer stands still until the next call', async () => {
  const { call } = aFunction(`
    let turns = 0;
    const turn = () => { turns += 1; setImmediate(turn); };
    export const handler = async ({ begin, until = 0 }) => {
      if (begin) turn();
      const before = turns;
      while (turns < until) await new Promise((resolve) => setImmediate(resolve));
      return before;
    };`);
  const other = aFunction('export const handler = async () => 1;');
  const begun = await call({ begin: true });
  // Meanwhile another function answers, so a function that is not frozen would have turned a thousand times.
  for (let times = 0; times < 100; times += 1) await other.call({});

  const before = await call({ until: 200 });
  expect(before - begun).toBeLessThan(100);
  expect(await call({})).toBeGreaterThanOrEqual(200);
});

test('the time to load the bundle counts as time of the first call', async () => {
  const { call } = aFunction(
    'await new Promise((resolve) => setTimeout(resolve, 600_000)); export const handler = async () => {};',
    500,
  );
  expect(await call({})).toBe('Sandbox.Timedout');
});

test('an answer of more than 6 MB is refused, and the function serves the next call', async () => {
  const { call } = aFunction(`
    let served = 0;
    export const handler = async ({ bytes }) => { served += 1; return bytes ? 'x'.repeat(bytes) : served; };`);
  expect(await call({ bytes: 6_291_554 })).toHaveLength(6_291_554);
  expect(await call({ bytes: 6_291_555 })).toBe('Function.ResponseSizeTooLarge');
  expect(await call({})).toBe(3);
});

test('the console writes one JSON object per line, with an object as it is', async () => {
  const { call, lines } = aFunction(`
    console.info('loaded');
    export const handler = async (_, { awsRequestId }) => {
      console.info({ code: 'login', tenant: 'acme', missing: undefined });
      console.warn('two', { parts: 1 });
      console.error(new RangeError('far'));
      process.stdout.write('{"_aws":1}\\n');
      return awsRequestId;
    };`);
  const requestId = await call({});

  const [loaded, login, warned, failed, metrics] = lines().map((line) => JSON.parse(line));
  expect(loaded).toEqual({ timestamp: expect.any(String), level: 'INFO', message: 'loaded' });
  expect(login).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    level: 'INFO',
    requestId,
    message: { code: 'login', tenant: 'acme' },
  });
  expect(warned).toMatchObject({ level: 'WARN', message: 'two { parts: 1 }' });
  expect(failed).toMatchObject({ level: 'ERROR', message: { errorType: 'RangeError', errorMessage: 'far' } });
  expect(failed.message.stackTrace[0]).toBe('RangeError: far');
  // A metric stands alone in its line: Lambda does not wrap what a function writes itself.
  expect(metrics).toEqual({ _aws: 1 });
});

test('lines that a function writes before it exits are logged', async () => {
  const { call, lines } = aFunction(`
    export const handler = async () => { for (let n = 1; n <= 50; n += 1) console.info(n); process.exit(1); };`);
  expect(await call({})).toBe('Runtime.ExitError');
  expect(lines().map((line) => JSON.parse(line).message)).toEqual(Array.from({ length: 50 }, (_, place) => place + 1));
});
