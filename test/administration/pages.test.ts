import { expect, it } from 'vitest';
import { encodeCursor } from '../../shared/administration/pages.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';

const LONG = 'x'.repeat(1_025);
const BY_TENANT = { pk: 'U#acme#ada', sk: 'CARD', tenantKey: 'U#acme', tenantSort: 'ada' };

it.each([
  ['list-user-cards', {}, 'by-tenant U#acme', { ...BY_TENANT, tenantSort: LONG }],
  ['list-user-cards', {}, 'by-tenant U#acme', { ...BY_TENANT, pk: LONG }],
  ['list-user-history', { user: 'ada' }, 'history of user ada', { pk: '', sk: `2026${LONG}` }],
  ['list-commands', {}, 'commands', { pk: '', sk: `2026-03-${LONG}` }],
])('refuses a forged cursor that is longer than a key of the table: %s %#', async (command, members, list, place) => {
  const { ask } = await aCommandWorld();

  expect(await ask(command, { ...members, cursor: encodeCursor(list, place) })).toEqual(
    refusal('invalid-request', { faults: expect.anything() }),
  );
});

it('accepts a cursor whose place is as long as a key may be', async () => {
  const { ask } = await aCommandWorld();
  const cursor = encodeCursor('history of user ada', { pk: '', sk: `2026${'x'.repeat(1_020)}` });

  expect(await ask('list-user-history', { user: 'ada', cursor })).toEqual({ entries: [] });
});
