import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { plus } from '../../shared/licensing/time.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aLicense, aUserCard, keyedHash, NOW } from '../fakes/world.ts';

const DAY = 86_400_000;

/** A tenant whose history is written, on 2 to 4 March: ada and bob log in, olga moves and assigns. */
async function aPast() {
  const table = streamedTable();
  const world = await aCommandWorld({
    table,
    licenses: [
      aLicense({ serialNumber: 'D1', type: 'dedicated', folderId: 'finance' }),
      aLicense({ serialNumber: 'D2', type: 'dedicated', folderId: 'sales' }),
      aLicense({ serialNumber: 'F1', folderId: 'finance' }),
    ],
    cards: [aUserCard(), aUserCard({ user: 'bob', folderId: 'helsinki' })],
  });
  const { ask, clock } = world;
  await ask('assign-license', { serialNumber: 'D1', user: 'ada' });
  clock.move(1_000);
  await world.login('ada');
  await world.login('bob');
  clock.move(DAY);
  await ask('release-license', { serialNumber: 'D1' });
  await ask('move-license', { serialNumber: 'F1', folder: 'Sales' });
  await ask('delete-license', { serialNumber: 'D2' });
  await world.logout('ada');
  clock.move(DAY);
  await ask('assign-license', { serialNumber: 'D1', user: 'bob', actor: 'oscar' });
  await recordHistory({ ...world.deps, table, keyedHash, log: () => {} }, [...table.records]);
  return { ...world, table };
}

type Entries = {
  readonly entries: readonly { readonly kind: string; readonly cause?: string }[];
  readonly cursor?: string;
};
type Licenses = { readonly licenses: readonly { readonly serialNumber: string }[]; readonly cursor?: string };
type Ask = (command: string, members?: object) => Promise<unknown>;

const RANGE = { from: '2026-03-02', to: '2026-03-04' };
const causes = async (ask: Ask, members: object) =>
  ((await ask('list-tenant-history', members)) as Entries).entries.map(({ kind, cause = kind }) => cause);
const serials = async (ask: Ask, command: string, members: object) =>
  ((await ask(command, members)) as Licenses).licenses.map(({ serialNumber }) => serialNumber);

describe('list-tenant-history', () => {
  it('lists a range of days in order, or one day, or today', async () => {
    const { ask } = await aPast();

    const all = await causes(ask, RANGE);

    expect(all).toEqual(
      expect.arrayContaining(['assign-license', 'login', 'denied', 'move-license', 'delete-license']),
    );
    expect(await causes(ask, { from: '2026-03-03' })).toEqual(all.slice(-5));
    expect(await causes(ask, { day: '2026-03-04' })).toEqual(['assign-license']);
    expect(await causes(ask, {})).toEqual(['assign-license']);
    expect(await ask('list-tenant-history', RANGE)).toMatchObject(RANGE);
    expect(await ask('list-tenant-history', { day: '2026-03-04' })).toMatchObject({ day: '2026-03-04' });
  });

  it('lists the entries of a kind, of an actor, or with a cause', async () => {
    const { ask } = await aPast();

    expect(await causes(ask, { ...RANGE, kind: 'denied' })).toEqual(['denied']);
    expect(await causes(ask, { ...RANGE, kind: 'webhook-off' })).toEqual([]);
    expect(await causes(ask, { ...RANGE, by: 'oscar' })).toEqual(['assign-license']);
    expect(await causes(ask, { ...RANGE, by: 'olga', cause: 'assign-license' })).toEqual(['assign-license']);
    expect(await causes(ask, { ...RANGE, cause: 'assign-license' })).toHaveLength(2);
    expect(await causes(ask, { ...RANGE, cause: 'assign' })).toEqual([]);
    expect(await causes(ask, { ...RANGE, kind: 'denied', by: 'olga' })).toEqual([]);
  });

  it('gives every entry once over any number of pages, with and without a filter', async () => {
    const { ask } = await aPast();
    for (const filter of [RANGE, { ...RANGE, by: 'olga' }]) {
      const whole = await causes(ask, filter);
      for (const limit of [1, 2, 3]) {
        const found: string[] = [];
        for (let cursor = {}; ; ) {
          const page = (await ask('list-tenant-history', { ...filter, limit, ...cursor })) as Entries;
          found.push(...page.entries.map(({ kind, cause = kind }) => cause));
          if (page.cursor === undefined) break;
          cursor = { cursor: page.cursor };
        }
        expect(found).toEqual(whole);
      }
    }
  });

  it('reads 31 days for one page at most', async () => {
    const { deps, clock } = await aPast();
    clock.move(400 * DAY);
    const { table, counts } = countingTable(deps.table);
    const { ask } = asAdministrator({ ...deps, table, clock });

    const page = (await ask('list-tenant-history', { from: '2026-03-05' })) as Entries;

    expect(page).toMatchObject({ entries: [], cursor: expect.any(String) });
    // Four shards for each UTC day that a day of the tenant touches.
    expect(counts.calls).toBeLessThanOrEqual(31 * 8 * 2 + 5);
  });

  it.each([
    ['a day beside a range', { day: '2026-03-02', from: '2026-03-01' }],
    ['a range that ends before it begins', { from: '2026-03-02', to: '2026-03-01' }],
    ['a cursor of another list', { cursor: 'nothing' }],
  ])('refuses %s', async (_, members) => {
    const { ask } = await aCommandWorld();

    expect(await ask('list-tenant-history', members)).toEqual(
      refusal('invalid-request', { faults: expect.anything() }),
    );
  });
});

describe('list-commands', () => {
  const named = async (ask: Ask, members: object) =>
    ((await ask('list-commands', members)) as { commands: { command: string }[] }).commands.map(
      ({ command }) => command,
    );

  it('lists the commands of an actor, or with a name', async () => {
    const { ask } = await aPast();

    expect(await named(ask, { by: 'oscar' })).toEqual(['assign-license']);
    expect(await named(ask, { by: 'olga', name: 'move-license' })).toEqual(['move-license']);
    expect(await named(ask, { name: 'assign-license' })).toHaveLength(2);
    expect(await named(ask, { by: 'nobody' })).toEqual([]);
  });

  it('finds the actor by the hash when the name is no longer shown', async () => {
    const { ask, clock } = await aPast();
    clock.move(401 * DAY);

    const shown = (await ask('list-commands', { by: 'oscar' })) as { commands: { actor: string }[] };

    expect(shown.commands).toMatchObject([{ actor: expect.stringMatching(/^person-/) }]);
    expect(await named(ask, { by: shown.commands[0]?.actor })).toEqual(['assign-license']);
  });

  it('does not find an erased actor when the name is no longer shown (R47)', async () => {
    const { ask, clock } = await aPast();
    await ask('erase-user', { user: 'oscar' });
    clock.move(401 * DAY);

    expect(await named(ask, { by: 'oscar' })).toEqual([]);
  });

  it('gives every command once over any number of pages', async () => {
    const { ask } = await aPast();
    const found: string[] = [];
    for (let cursor = {}; ; ) {
      const page = (await ask('list-commands', { by: 'olga', limit: 2, ...cursor })) as {
        commands: { command: string }[];
        cursor?: string;
      };
      found.push(...page.commands.map(({ command }) => command));
      if (page.cursor === undefined) break;
      cursor = { cursor: page.cursor };
    }
    expect(found).toEqual(['delete-license', 'move-license', 'release-license', 'assign-license']);
  });
});

describe('get-user-as-of', () => {
  it('shows the licenses that were assigned to the user or in use', async () => {
    const { ask } = await aPast();
    const held = (user: string, at: string) => serials(ask, 'get-user-as-of', { user, at });

    expect(await held('ada', plus(NOW, -1))).toEqual([]);
    expect(await held('ada', NOW)).toEqual(['D1']);
    expect(await held('ada', plus(NOW, 2_000))).toEqual(['D1']);
    expect(await held('ada', plus(NOW, DAY + 2_000))).toEqual([]);
    expect(await held('bob', plus(NOW, DAY + 2_000))).toEqual([]);
    expect(await held('bob', plus(NOW, 2 * DAY + 2_000))).toEqual(['D1']);
    expect(await ask('get-user-as-of', { user: 'ada', at: plus(NOW, 2_000) })).toMatchObject({
      user: 'ada',
      licenses: [{ serialNumber: 'D1', folder: 'Finance', assignedTo: 'ada', currentUser: 'ada', lastChange: {} }],
    });
    expect(await held('nobody', plus(NOW, DAY))).toEqual([]);
  });
});

describe('list-folder-as-of', () => {
  it('shows the licenses that were in the folder, also those that have moved or are deleted since', async () => {
    const { ask } = await aPast();
    const there = (folder: string, at: string) => serials(ask, 'list-folder-as-of', { folder, at });

    expect(await there('Finance', plus(NOW, 2_000))).toEqual(['D1', 'F1']);
    expect(await there('Sales', plus(NOW, 2_000))).toEqual(['D2']);
    expect(await there('Finance', plus(NOW, DAY + 2_000))).toEqual(['D1']);
    expect(await there('Sales', plus(NOW, DAY + 2_000))).toEqual(['F1']);
    expect(await there('Finance', plus(NOW, -1))).toEqual([]);
    expect(await ask('list-folder-as-of', { folder: 'Finance', at: plus(NOW, 2_000) })).toMatchObject({
      licenses: [{ serialNumber: 'D1', currentUser: 'ada' }, { serialNumber: 'F1' }],
    });
    expect(await ask('list-folder-as-of', { folder: 'Nowhere', at: NOW })).toEqual(refusal('unknown-folder'));
  });

  it('gives every license once over any number of pages', async () => {
    const { ask } = await aPast();
    const members = { folder: 'Sales', at: plus(NOW, 2_000), limit: 1 };
    const found: string[] = [];
    for (let cursor = {}; ; ) {
      const page = (await ask('list-folder-as-of', { ...members, ...cursor })) as Licenses;
      found.push(...page.licenses.map(({ serialNumber }) => serialNumber));
      if (page.cursor === undefined) break;
      cursor = { cursor: page.cursor };
    }
    expect(found).toEqual(['D2']);
    expect(await ask('list-folder-as-of', { ...members, cursor: 'nothing' })).toEqual(
      refusal('invalid-request', { faults: expect.anything() }),
    );
  });

  it('looks at 500 licenses for a page, and searches no history of those that have not changed since', async () => {
    const { deps } = await aCommandWorld({
      licenses: Array.from({ length: 1_200 }, (_, index) =>
        aLicense({ serialNumber: `F${1_000 + index}`, folderId: index < 600 ? 'sales' : 'finance' }),
      ),
    });
    const { table, counts } = countingTable(deps.table);
    const { ask } = asAdministrator({ ...deps, table });

    const page = await ask('list-folder-as-of', { folder: 'Finance', at: NOW });

    expect(page).toMatchObject({ licenses: [], cursor: expect.any(String) });
    expect(counts.calls).toBeLessThanOrEqual(12);
  });
});
