import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts';
import { emptyDir, removeDirs, SAMPLE_APP } from './local-stack/sample-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ dir: emptyDir(), port: 0, fresh: true, app: SAMPLE_APP });
});
afterAll(async () => {
  await stack.stop();
  removeDirs();
});

const PORTS = ['api', 's3', 'dynamodb', 'lambda', 'stepfunctions', 'control', 'issuer', 'eventbridge'] as const;
type Port = (typeof PORTS)[number];

/** Sends headers that `fetch` does not let through. */
function send(port: Port, headers: Readonly<Record<string, string>>, method = 'POST') {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; allowed: unknown }>();
  const outgoing = request(stack.endpoints[port], { method, headers }, (answer) => {
    answer.resume();
    resolve({ status: answer.statusCode ?? 0, allowed: answer.headers['access-control-allow-origin'] });
  });
  outgoing.once('error', reject).end();
  return promise;
}

const refused = { status: 403, allowed: undefined };

test('every port of the stack is among those that are tried here', () => {
  const addresses = Object.values(stack.endpoints).filter((value) => /^http:/.test(String(value)));
  const ports = new Set(addresses.map((address) => new URL(String(address)).origin));
  expect(ports).toEqual(new Set(PORTS.map((port) => stack.endpoints[port])));
});

test.each(PORTS)(
  'the port of %s refuses pages of other origins, and pages that pretend to be of this machine',
  async (port) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      for (const origin of ['https://evil.example', 'http://127.0.0.1:3000', 'null']) {
        expect(await send(port, { origin, 'access-control-request-method': 'POST' }, method)).toEqual(refused);
      }
      expect(await send(port, { host: 'evil.example' }, method)).toEqual(refused);
      expect(await send(port, { host: `evil.example:${new URL(stack.endpoints[port]).port}` }, method)).toEqual(
        refused,
      );
      expect(await send(port, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, method)).toEqual(
        refused,
      );
    }
  },
);

test.each(PORTS)('the port of %s answers to programs', async (port) => {
  expect((await send(port, {})).status).not.toBe(403);
  expect((await send(port, { host: `localhost:${new URL(stack.endpoints[port]).port}` })).status).not.toBe(403);
});

test('a page of the API’s origin may ask the API and the issuer, and send forms to the bucket', async () => {
  const origin = stack.endpoints.api;
  const allowed = await Promise.all(PORTS.map(async (port) => [port, (await send(port, { origin })).status !== 403]));
  expect(allowed.filter(([, isAllowed]) => isAllowed).map(([port]) => port)).toEqual(['api', 's3', 'issuer']);
});

test('a page of the API’s origin can neither read nor delete objects', async () => {
  const origin = stack.endpoints.api;
  for (const method of ['GET', 'PUT', 'DELETE']) expect(await send('s3', { origin }, method)).toEqual(refused);
});
