import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { explainHook } from '../../../shared/sign-in/providers/explain-request.ts';
import { unreachable } from './explain.ts';
import { questionOf, samples } from './samples.ts';

async function run(input: string) {
  const command = new URL('../../../shared/sign-in/providers/explain-hook.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [command], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { output: JSON.parse(await text(child.stdout)), code: await ended };
}

test('one document comes in, one goes out', async () => {
  const question = questionOf(samples.find(({ file }) => file === 'okta/malformed-one-bad-in-batch.json')!);

  const [{ output, code }, wrong] = await Promise.all([run(JSON.stringify(question)), run('{')]);

  expect(code).toBe(0);
  expect(output).toEqual(await explainHook(JSON.stringify(question), unreachable));
  expect(output).toMatchObject({ outcome: 'events', rejected: 1, response: { status: 204, headers: {}, body: '' } });
  expect(wrong.code).toBe(2);
  expect(wrong.output).toMatchObject({ error: { code: 'invalid-request' } });
});

describe('an invalid question gets an error that says what is wrong', () => {
  const good = { provider: 'okta', delivery: 'http', now: '2026-03-02T16:03:00.000Z', body: '{}', settings: {} };

  test.each([
    ['request', []],
    ['provider', { ...good, provider: 'ping' }],
    ['delivery', { ...good, delivery: 'pigeon' }],
    ['now', { ...good, now: 'today' }],
    ['body', { ...good, body: {} }],
    ['headers.accept', { ...good, headers: { accept: 1 } }],
    ['settings.tenants', { ...good, settings: { tenants: 'okta:acme' } }],
    ['settings.secret', { ...good, settings: { secret: '' } }],
    ['settings.authorization', { ...good, settings: { authorization: [] } }],
    ['settings.jwks', { ...good, settings: { jwks: 'http://idp.example.com/keys' } }],
  ])('%s', async (place, question) => {
    const answer = await explainHook(JSON.stringify(question), unreachable);

    expect(answer).toMatchObject({ error: { code: 'invalid-request', faults: [{ place }] } });
  });
});

test('parts that a delivery does not have may be absent or null', async () => {
  const question = questionOf(samples.find(({ delivery }) => delivery === 'lambda-invoke')!);

  const answer = await explainHook(
    JSON.stringify({ ...question, method: null, path: null, headers: null }),
    unreachable,
  );

  expect(answer).toEqual(await explainHook(JSON.stringify(question), unreachable));
  expect(answer).toMatchObject({ outcome: 'events' });
});

test('unknown settings are ignored', async () => {
  const question = questionOf(samples[0]!);

  const answer = await explainHook(
    JSON.stringify({ ...question, settings: { ...question.settings, more: 1 } }),
    unreachable,
  );

  expect(answer).toMatchObject({ outcome: 'events' });
});
