import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { openLambdaPool } from '../../infra/local/lambda-pool.ts';
import { functionsIn } from '../../infra/local/resources.ts';
import { synthesize } from '../../infra/local/synthesize.ts';
import { readTemplate } from '../../infra/local/template.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A function of the template, called as the local stack calls it. */
async function localFunction(name: string, bundle?: string) {
  const assembly = await synthesize();
  const found = functionsIn(readTemplate(assembly), assembly).find((one) => one.name === name)!;
  const pool = openLambdaPool(
    { ...found, ...(bundle !== undefined && { bundle }) },
    {
      environment: () => ({ AWS_REGION: 'eu-north-1', LOCAL_STAGE_KEY: 'key', AWS_ACCESS_KEY_ID: 'local' }),
      clock: { now: Date.now, setTo: () => {}, offset: new BigInt64Array(new SharedArrayBuffer(8)) },
      log: new Writable({ write: (_chunk, _encoding, done) => done() }),
    },
  );
  onTestFinished(() => pool.stop());
  return pool;
}

test('the stack of an error names the source of this checkout, its line and its function', async () => {
  const pool = await localFunction('admin-api');

  const result = await pool.invoke('{"not":"a request"}');

  const trace = result.ok ? [] : result.fault.trace;
  expect(trace[1]).toMatch(/^ {4}at answerByRoute \(.+:\d+:\d+\)$/);
  expect(trace[1]).toContain(join(ROOT, 'functions/admin-api/answer-request.ts'));
});

test('a function has its time limit, and nearly endless time while a debugger may be attached', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'remaining-time-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const bundle = join(folder, 'index.mjs');
  writeFileSync(bundle, 'export const handler = async (_, context) => context.getRemainingTimeInMillis();');

  const limited = await (await localFunction('login', bundle)).invoke('{}');
  inspector.open(0, '127.0.0.1');
  onTestFinished(() => inspector.close());
  const debugged = await (await localFunction('login', bundle)).invoke('{}');

  expect(limited.ok && Number(limited.payload)).toBeLessThanOrEqual(10_000);
  expect(debugged.ok && Number(debugged.payload)).toBeGreaterThan(3_600_000);
});
