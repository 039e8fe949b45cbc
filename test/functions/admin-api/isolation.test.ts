import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../functions/admin-api/caller.ts';
import { encodeSegment } from '../../../functions/admin-api/path-segment.ts';
import { decodedAsAwsDoes } from '../../../infra/local/http-api.ts';
import { defined } from '../../../shared/licensing/defined.ts';
import { type ApiWorld, anApiWorld } from '../../fakes/api-world.ts';
import { asAdministrator } from '../../fakes/command-world.ts';
import { memoryObjects } from '../../fakes/memory-objects.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { guardedObjects, guardedTable, type Touched } from '../../fakes/tenant-guard.ts';
import { CALLER, makeCaller, processOn, VICTIM } from '../../fakes/two-tenants.ts';
import { type Answer, apiOn, type Call } from './api.ts';
import { codesOf, DOCUMENT, type Operation, operationsOf } from './described.ts';
import { type Given, SCENARIOS } from './scenarios.ts';

const MALLORY: Caller = { role: 'administrator', tenant: CALLER, actor: 'mallory' };

function callerFor({ description }: Operation): Caller {
  if (!description.includes('`administrator`')) return { role: 'operator', actor: 'oscar' };
  return MALLORY;
}

/** The scenario's call, with the victim's ids under the caller's own tenant or another. */
function callOf(
  { path, method, parameters }: Operation,
  { path: ids = {}, query = '', body }: Given,
  tenant = CALLER,
): Call {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'tenant' ? tenant : (decodedAsAwsDoes(encodeSegment(ids[name]!)) ?? ''),
  );
  const isVersioned = parameters.some(({ name }) => name === 'If-Match');
  return defined({
    method,
    path: filled,
    query,
    headers: isVersioned ? { 'if-match': '*' } : {},
    body,
  });
}

const stored = ({ table }: ApiWorld): string =>
  JSON.stringify(table.items().filter(({ pk }) => pk.split('#').includes(VICTIM)));

/** The answer where the victim is there, and where it is not; and what was touched of it. */
async function both(operation: Operation, given: Given) {
  const world = await anApiWorld();
  await given.before?.(world);
  await makeCaller(world.table);
  const before = { items: stored(world), objects: world.objects.keys() };
  const touched: Touched = [];
  const call = callOf(operation, given);
  const beside = apiOn({
    ...processOn(guardedTable(world.table, VICTIM, touched)),
    objects: guardedObjects(world.objects, VICTIM, touched),
  });
  const answer = await beside.call(call, callerFor(operation));
  expect(stored(world)).toBe(before.items);
  expect(world.objects.keys().filter((key) => key.startsWith(`tenants/${VICTIM}/`))).toEqual(before.objects);

  const alone = memoryTable();
  await makeCaller(alone);
  const lonely = apiOn({ ...processOn(alone), objects: memoryObjects() });
  return { touched, answer, otherwise: await lonely.call(call, callerFor(operation)) };
}

const seen = ({ status, headers, text }: Answer) => ({ status, headers, text });
/** The operations of one tenant. */
const OPERATIONS = operationsOf(DOCUMENT)
  .filter(({ path }) => path.includes('{tenant}'))
  .map((operation) => [operation.id, operation] as const);

/** Whether an operation is of something that its path names and that must be there. */
function namesWhatMustBeThere(operation: Operation): boolean {
  const isNamed = /\}.*\{/.test(operation.path);
  return isNamed && codesOf(operation).some((code) => code.startsWith('unknown-') && code !== 'unknown-tenant');
}

describe('an administrator who names what belongs to another tenant', () => {
  it.each(OPERATIONS)('learns and changes nothing by %s', async (id, operation) => {
    const { touched, answer, otherwise } = await both(operation, SCENARIOS[id]!.success);

    expect(touched).toEqual([]);
    // Not even that there is another tenant.
    expect(seen(answer)).toEqual(seen(otherwise));
    expect(answer.status).toBeLessThan(500);
    if (namesWhatMustBeThere(operation)) expect(answer.status).toBe(404);
  });

  it('gets nothing with the cursor of another tenant’s list', async () => {
    const world = await anApiWorld();
    await makeCaller(world.table);
    const path = (tenant: string) => ({ method: 'GET', path: `/tenants/${tenant}/licenses` });
    const { body } = await world.call({ ...path(VICTIM), query: 'limit=1' });
    const touched: Touched = [];
    const { call } = apiOn({ ...processOn(guardedTable(world.table, VICTIM, touched)), objects: world.objects });

    const answer = await call({ ...path(CALLER), query: `limit=1&cursor=${body['cursor']}` }, MALLORY);

    expect([answer.status, answer.body['code'], touched]).toEqual([400, 'invalid-request', []]);
  });

  it.each([
    ['get-import', { key: 'tenants/acme/uploads/new file.zip' }],
    ['plan-renewal', { upload: 'tenants/acme/renewals/2027.zip', expiringOnOrBefore: '2027-12-31' }],
  ])('does not reach its objects by a key: %s', async (command, members) => {
    const world = await anApiWorld();
    await makeCaller(world.table);
    const touched: Touched = [];
    const { ask } = asAdministrator({
      ...processOn(guardedTable(world.table, VICTIM, touched)),
      objects: guardedObjects(world.objects, VICTIM, touched),
    });

    expect(await ask(command, members, CALLER)).toHaveProperty('error');
    expect(touched).toEqual([]);
  });
});

describe('an administrator who calls another tenant’s path', () => {
  it.each(OPERATIONS)('is refused before anything is read by %s', async (id, operation) => {
    const world = await anApiWorld();
    const touched: Touched = [];
    const { call } = apiOn({
      ...processOn(guardedTable(world.table, VICTIM, touched)),
      objects: guardedObjects(world.objects, VICTIM, touched),
    });

    const answer = await call(callOf(operation, SCENARIOS[id]!.success, VICTIM), MALLORY);

    expect([answer.status, answer.body['code'], touched]).toEqual([403, 'forbidden', []]);
  });
});
