import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenOf } from '../../infra/local/token-of.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { checker, type Document, operationsOf } from '../functions/admin-api/described.ts';
import { type GeneratedRequest, requestOf } from '../functions/admin-api/generated-requests.ts';
import { seeds } from '../simulation/seeds.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

const KNOWN = {
  serialNumber: ['F1001', 'F1002', 'R1001', 'D1001', 'D1002', 'D1003', 'M1001'],
  user: ['ada', 'bob', 'dan', 'eve', 'hal', 'zoe'],
  folder: ['', 'Finance', 'Finance/Helsinki', 'Sales', 'zOld'],
  newPath: ['Sales/Espoo', 'Legal'],
  renewalId: ['r1', 'r2'],
  timeZone: ['Europe/Helsinki', 'UTC'],
  'If-Match': ['*', '"1"', '"2"'],
};

/** Requests of each operation. */
const REQUESTS = 8;

let stack: Awaited<ReturnType<typeof peacefulStack>>;
let document: Document;
let administrator: string;

type Tokens = { readonly administrator: string; readonly operator: string };

/** The tokens of two people who have not called before, so that no call is one too many. */
async function newTokens(name: string): Promise<Tokens> {
  return {
    administrator: await tokenOf(stack.dir, { tenant: 'acme', role: 'administrator', user: `olga-${name}` }),
    operator: await tokenOf(stack.dir, { role: 'operator', user: `oscar-${name}` }),
  };
}

beforeAll(async () => {
  stack = await peacefulStack({ isSeeded: true });
  document = (await (await fetch(`${stack.endpoints.api}/openapi.json`)).json()) as Document;
  administrator = await tokenOf(stack.dir, { tenant: 'acme', role: 'administrator' });
});
// Holds every call that the API made against its policy, and every change against I12.
afterAll(() => stack.stop());

async function send({ operation, path, query, headers, body }: GeneratedRequest, tokens: Tokens) {
  const token = operation.description.includes('`administrator`') ? tokens.administrator : tokens.operator;
  const response = await fetch(
    `${stack.endpoints.api}${path}${query === '' ? '' : `?${query}`}`,
    defined({
      method: operation.method,
      headers: { authorization: `Bearer ${token}`, ...headers, ...(body && { 'content-type': 'application/json' }) },
      body,
    }),
  );
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  return { status: response.status, type, text, body: type.endsWith('json') ? JSON.parse(text) : text };
}

describe('the running API', () => {
  test.each([
    ['br', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['identity', null],
  ])('compresses an answer as `Accept-Encoding: %s` allows', async (accepted, expected) => {
    const headers = { authorization: `Bearer ${administrator}` };
    const address = `${stack.endpoints.api}/tenants/acme/licenses`;
    const plain = await (await fetch(address, { headers: { ...headers, 'accept-encoding': 'identity' } })).text();

    const response = await fetch(address, { headers: { ...headers, 'accept-encoding': accepted } });

    expect(response.headers.get('content-encoding')).toBe(expected);
    expect(await response.text()).toBe(plain);
  });

  test.each(seeds(1))(
    'answers generated requests as its own description says, never with 5xx: seed %i',
    async (seed) => {
      const operations = operationsOf(document);
      const check = checker(document);
      const succeeded = new Set<string>();
      for (let round = 0; round < REQUESTS; round += 1) {
        const tokens = await newTokens(`${seed}-${round}`);
        for (const [place, operation] of operations.entries()) {
          const sample = { seed: seed * 1_000_000 + round * operations.length + place, numRuns: 1 };
          const [request] = fc.sample(requestOf(operation, KNOWN), sample);
          const answer = await send(request!, tokens);

          const { operation: _, ...sent } = request!;
          const told = JSON.stringify({ method: operation.method, ...sent, status: answer.status, text: answer.text });
          expect(answer.text).not.toContain('too-many-calls');
          expect(answer.status, told).toBeLessThan(500);
          expect(check(operation, answer), told).toBeUndefined();
          if (answer.status < 300) succeeded.add(operation.id);
        }
      }

      // Requests that are all refused would prove little.
      expect(succeeded.size).toBeGreaterThan(operations.length / 3);
    },
  );
});
