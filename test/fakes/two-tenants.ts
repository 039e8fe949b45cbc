import { expect } from 'vitest';
import type { Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { readTenant } from '../../shared/store/read-tenant.ts';
import { asAdministrator } from './command-world.ts';
import { fixedClock, keyedHash } from './world.ts';

/** Acme has everything that the calls name; globex, in whose name is called, has nothing but itself. */
export const VICTIM = 'acme';
export const CALLER = 'globex';

/** A process of its own on a table. */
export const processOn = (table: Table) => ({
  table,
  clock: fixedClock(),
  random: seededRandom(7),
  readTenant: readTenant(table),
  cardHints: new Map(),
  vacancyHints: new Map(),
  keyedHash,
  log: () => {},
});

/** Makes globex; answers how its administrator asks. */
export async function makeCaller(table: Table) {
  const { ask } = asAdministrator(processOn(table));
  const command = (name: string, members: object = {}) => ask(name, members, CALLER);
  const settings = { customers: [CALLER], timeZone: 'Europe/Helsinki' };
  expect(await command('create-tenant', { settings })).not.toHaveProperty('error');
  return command;
}
