import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anApiWorld } from '../../fakes/api-world.ts';
import { seeds } from '../../simulation/seeds.ts';
import { OLGA } from './api.ts';
import { checker, DOCUMENT, operationsOf } from './described.ts';
import { requestOf } from './generated-requests.ts';

const KNOWN = {
  serialNumber: ['FREE', 'A/1%', 'FLOATING', 'ASSIGNED', 'USED', 'GONE', 'B1', 'SET-ASIDE'],
  user: ['ada', 'bob', 'cyd', 'dan', 'eve'],
  folder: ['', 'Finance', 'Sales', 'zOld', 'Legal'],
  newPath: ['Sales/Espoo', 'Legal'],
  renewalId: ['r1', 'r2'],
  upload: ['tenants/acme/uploads/new file.zip'],
  timeZone: ['Europe/Helsinki', 'UTC'],
  'If-Match': ['*', '"1"', '"2"'],
};

const OSCAR = { role: 'operator', actor: 'oscar' } as const;

const check = checker(DOCUMENT);

/** Each world takes so many requests one after the other, so that they meet what others have left. */
const REQUESTS = 60;

describe('every answer is as the description says', () => {
  it.each(seeds(60))('to generated requests, one after the other in one world: seed %i', async (seed) => {
    const world = await anApiWorld();
    const requests = fc.sample(
      fc.constantFrom(...operationsOf(DOCUMENT)).chain((one) => requestOf(one, KNOWN)),
      { seed, numRuns: REQUESTS },
    );
    for (const { operation, path, query, headers, body } of requests) {
      const call = { method: operation.method, path: decodeURIComponent(path), query, headers, ...(body && { body }) };
      const caller = operation.description.includes('`administrator`') ? OLGA : OSCAR;

      const answer = await world.call(call, caller);

      const type = String(answer.headers['content-type'] ?? '');
      const told = type.endsWith('json') ? answer.body : answer.text;
      const fault = check(operation, { status: answer.status, type, body: told });
      expect(fault, JSON.stringify({ ...call, told })).toBeUndefined();
    }
  });
});
