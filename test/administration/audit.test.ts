import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license.ts';
import type { UserCard } from '../../shared/licensing/user-card.ts';
import { idleAttributes, licenseItem, userCardItem, vacancyItem } from '../../shared/store/items.ts';
import { licenseKey, userCardKey, vacancyKey } from '../../shared/store/keys.ts';
import type { Item, Write } from '../../shared/store/table.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';
import { anOffice } from './office.ts';

/** `FLOATING` in use by ada, `DEDICATED` by bob, who is also assigned `SECOND`; the others free. */
async function aBusyOffice(table = memoryTable()) {
  const office = await anOffice({
    table,
    licenses: [
      aLicense({ serialNumber: 'DEDICATED', type: 'dedicated', folderId: 'sales' }),
      aLicense({ serialNumber: 'FLOATING', folderId: 'finance' }),
      aLicense({ serialNumber: 'FREE', folderId: 'helsinki' }),
      aLicense({ serialNumber: 'SECOND', type: 'dedicated', modules: 'CMDB' }),
      aLicense({ serialNumber: 'OLD', folderId: 'zOld', setAsideOn: '2026-03-01' }),
    ],
    cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob', folderId: 'sales' }), aUserCard({ user: 'cyd' })],
  });
  await office.login('ada');
  await office.login('bob');
  await office.ask('assign-license', { serialNumber: 'SECOND', user: 'bob' });
  const change = async (...writes: readonly Write[]) =>
    expect(await office.table.write(writes)).toEqual({ done: true });
  const corrupted = {
    license: async (serialNumber: string, facts: Partial<License>) =>
      change({ put: licenseItem({ ...(await office.license(serialNumber)), ...facts }) }),
    card: async (user: string, facts: Partial<UserCard>) => {
      const card = { ...(await office.card(user))!, ...facts };
      const { idleKey, idleSort } = (await office.table.get(userCardKey('acme', user))) as Item;
      const idle = idleKey === undefined ? {} : { idleKey, idleSort };
      await change({ put: { ...userCardItem(card, undefined), ...idle } as Item });
    },
    without: async (key: Item | ReturnType<typeof licenseKey>, ...attributes: readonly string[]) =>
      change({ update: key, remove: attributes, onlyIf: [] }),
    change,
  };
  const violations = async () => ((await office.ask('audit')) as { violations: object[] }).violations;
  return { ...office, corrupted, violations };
}

type Office = Awaited<ReturnType<typeof aBusyOffice>>;

const CORRUPTIONS: readonly [string, (office: Office) => Promise<unknown>, readonly object[]][] = [
  [
    'a free license without a vacancy',
    async ({ corrupted, license }) => corrupted.change({ delete: vacancyKey(await license('FREE')) }),
    [{ invariant: 'vacancy', serialNumber: 'FREE' }],
  ],
  [
    'a vacancy of a license that is in use',
    async ({ corrupted, license }) => corrupted.change({ put: vacancyItem(await license('FLOATING')) }),
    [{ invariant: 'vacancy', serialNumber: 'FLOATING' }],
  ],
  [
    'a vacancy of a license that does not exist',
    ({ corrupted }) => corrupted.change({ put: vacancyItem(aLicense({ serialNumber: 'GHOST' })) }),
    [{ invariant: 'vacancy', serialNumber: 'GHOST' }],
  ],
  [
    'a vacancy in another folder than the license',
    async ({ corrupted, license }) =>
      corrupted.change({ put: vacancyItem({ ...(await license('FREE')), folderId: 'sales' }) }),
    [{ invariant: 'vacancy', serialNumber: 'FREE' }],
  ],
  [
    'a vacancy with another term than the license',
    async ({ corrupted, license }) =>
      corrupted.change({ put: vacancyItem({ ...(await license('FREE')), expiresOn: '2030-01-01' }) }),
    [{ invariant: 'vacancy', serialNumber: 'FREE' }],
  ],
  [
    'a current license in use by nobody',
    async ({ corrupted, license }) => {
      const { currentUser: _user, since: _since, ...free } = await license('FLOATING');
      await corrupted.change({ put: licenseItem(free) }, { put: vacancyItem(free) });
    },
    [{ invariant: 'current-license', serialNumber: 'FLOATING', user: 'ada' }],
  ],
  [
    'a license in use by a user who works on another',
    async ({ corrupted, license }) => {
      await corrupted.license('FREE', { currentUser: 'ada', since: NOW });
      await corrupted.change({ delete: vacancyKey(await license('FREE')) });
    },
    [
      { invariant: 'current-license', serialNumber: 'FREE', user: 'ada' },
      { invariant: 'one-license-per-user', user: 'ada', serialNumbers: ['FLOATING', 'FREE'] },
    ],
  ],
  [
    'a license in use by a user without a card',
    async ({ corrupted, license }) => {
      await corrupted.license('FREE', { currentUser: 'eve', since: NOW });
      await corrupted.change({ delete: vacancyKey(await license('FREE')) });
    },
    [{ invariant: 'current-license', serialNumber: 'FREE', user: 'eve' }],
  ],
  [
    'a card that notes another term of its current license',
    async ({ corrupted, card }) =>
      corrupted.card('ada', { current: { ...(await card('ada'))!.current!, expiresOn: '2030-01-01' } }),
    [{ invariant: 'current-license', serialNumber: 'FLOATING', user: 'ada' }],
  ],
  [
    'a card that does not know that its license is releasing',
    async ({ corrupted, card, license }) => {
      const { assignedTo: _assigned, ...released } = { ...(await license('DEDICATED')), releasing: true as const };
      await corrupted.change({ put: licenseItem(released) });
      const { DEDICATED: _noted, ...assigned } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned });
    },
    [{ invariant: 'current-license', serialNumber: 'DEDICATED', user: 'bob' }],
  ],
  [
    'sessions without a license',
    async ({ corrupted }) => {
      await corrupted.card('cyd', { sessions: { 's:s1': { started: NOW, lastSeen: NOW } } });
      await corrupted.change({
        update: userCardKey('acme', 'cyd'),
        set: Object.entries(idleAttributes({ tenant: 'acme', user: 'cyd' }, NOW)),
        onlyIf: [],
      });
    },
    [{ invariant: 'sessions', user: 'cyd' }],
  ],
  [
    'a license held without a session',
    async ({ corrupted }) => {
      await corrupted.card('ada', { sessions: {} });
      await corrupted.without(userCardKey('acme', 'ada'), 'idleKey', 'idleSort');
    },
    [{ invariant: 'sessions', user: 'ada', serialNumber: 'FLOATING' }],
  ],
  [
    'an assigned license that is not on the card',
    async ({ corrupted, card }) => {
      const { SECOND: _second, ...assigned } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned });
    },
    [{ invariant: 'assigned-licenses', serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a card that lists what is not assigned',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'SECOND'), 'assignedTo'),
    [{ invariant: 'assigned-licenses', serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a card that lists a license that does not exist',
    ({ corrupted }) => corrupted.change({ delete: licenseKey('acme', 'SECOND') }),
    [{ invariant: 'assigned-licenses', serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a card that notes another folder of an assigned license',
    async ({ corrupted }) => corrupted.license('SECOND', { folderId: 'sales' }),
    [{ invariant: 'assigned-licenses', serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a held-back license that is assigned',
    ({ corrupted }) => corrupted.license('SECOND', { heldBackFor: 'renewal-1' }),
    [{ invariant: 'license-facts', serialNumber: 'SECOND' }],
  ],
  [
    'a deleted license that is assigned',
    ({ corrupted }) => corrupted.license('SECOND', { deletedAt: NOW }),
    [{ invariant: 'license-facts', serialNumber: 'SECOND' }],
  ],
  [
    'a license in zOld that is not set aside',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'OLD'), 'setAsideOn'),
    [{ invariant: 'license-facts', serialNumber: 'OLD' }],
  ],
  [
    'a license that is set aside elsewhere',
    ({ corrupted }) => corrupted.license('FREE', { setAsideOn: '2026-03-01' }),
    [{ invariant: 'license-facts', serialNumber: 'FREE' }],
  ],
  [
    'a license in use since nobody knows when',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'FLOATING'), 'since'),
    [{ invariant: 'license-facts', serialNumber: 'FLOATING' }],
  ],
  [
    'a license that is releasing and still assigned',
    async ({ corrupted, card }) => {
      await corrupted.license('DEDICATED', { releasing: true });
      await corrupted.card('bob', { current: { ...(await card('bob'))!.current!, releasing: true } });
    },
    [{ invariant: 'license-facts', serialNumber: 'DEDICATED' }],
  ],
  [
    'a license that is releasing and not in use',
    ({ corrupted }) => corrupted.license('OLD', { releasing: true }),
    [{ invariant: 'license-facts', serialNumber: 'OLD' }],
  ],
  [
    'a floating license that is assigned',
    async ({ corrupted, license, card }) => {
      const floating = await license('FLOATING');
      await corrupted.license('FLOATING', { assignedTo: 'ada' });
      const { type, access, modules, validFrom, expiresOn, folderId } = floating;
      const note = { type, access, modules, validFrom, expiresOn: expiresOn!, folderId };
      await corrupted.card('ada', { assigned: { ...(await card('ada'))!.assigned, FLOATING: note } });
    },
    [{ invariant: 'license-facts', serialNumber: 'FLOATING' }],
  ],
  [
    'a dedicated license in use by who does not own it',
    async ({ corrupted, card }) => {
      await corrupted.without(licenseKey('acme', 'DEDICATED'), 'assignedTo');
      const { DEDICATED: _noted, ...assigned } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned });
    },
    [{ invariant: 'license-facts', serialNumber: 'DEDICATED' }],
  ],
  [
    'a license in a folder that does not exist',
    ({ corrupted }) => corrupted.license('OLD', { folderId: 'nowhere', setAsideOn: '2026-03-01', heldBackFor: 'r1' }),
    [
      { invariant: 'license-facts', serialNumber: 'OLD' },
      { invariant: 'folder', serialNumber: 'OLD' },
    ],
  ],
  [
    'a card in a folder that does not exist',
    ({ corrupted }) => corrupted.card('cyd', { folderId: 'nowhere' }),
    [{ invariant: 'folder', user: 'cyd' }],
  ],
  [
    'a card in zOld',
    ({ corrupted }) => corrupted.card('cyd', { folderId: 'zOld' }),
    [{ invariant: 'folder', user: 'cyd' }],
  ],
  [
    'a license that an index lists elsewhere',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'FREE'), 'folderKey', 'folderSort'),
    [{ invariant: 'item', serialNumber: 'FREE' }],
  ],
  [
    'a card with sessions that no idle index lists',
    ({ corrupted }) => corrupted.without(userCardKey('acme', 'ada'), 'idleKey', 'idleSort'),
    [{ invariant: 'item', user: 'ada' }],
  ],
  [
    'an item that is not of its kind',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'OLD'), 'validFrom'),
    [{ invariant: 'item', serialNumber: 'OLD' }],
  ],
  [
    'a vacancy under a key that is not its own',
    async ({ corrupted, license }) =>
      corrupted.change({
        put: {
          ...vacancyItem(await license('FREE')),
          ...vacancyKey(aLicense({ folderId: 'sales', serialNumber: 'X' })),
        },
      }),
    [{ invariant: 'item', serialNumber: 'X' }],
  ],
];

describe('audit', () => {
  it('counts, and finds nothing wrong after ordinary work', async () => {
    const { ask } = await aBusyOffice();

    const report = await ask('audit');

    expect(report).toEqual({ licenses: 5, userCards: 3, vacancies: 1, violations: [] });
  });

  it.each(CORRUPTIONS)('finds %s, and nothing else', async (_what, corrupt, expected) => {
    const office = await aBusyOffice();

    await corrupt(office);

    expect(await office.violations()).toEqual(expected.map((one) => ({ ...one, text: expect.any(String) })));
  });

  it('leaves an expired license its vacancy, and asks none of it', async () => {
    const expired = aLicense({ serialNumber: 'EXPIRED', expiresOn: '2026-02-28' });
    const { table, violations } = await aBusyOffice();

    await table.write([{ put: licenseItem(expired) }]);
    const without = await violations();
    await table.write([{ put: vacancyItem(expired) }]);
    const withOne = await violations();

    expect([without, withOne]).toEqual([[], []]);
  });

  it('reports nothing that only looked wrong because logins went on while it read', async () => {
    const table = memoryTable();
    let between: (() => Promise<unknown>)[] = [];
    const { violations, login, logout } = await aBusyOffice({
      ...table,
      getMany: async (keys) => {
        const half = Math.floor(keys.length / 2);
        const first = await table.getMany(keys.slice(0, half));
        await between.shift()?.();
        return [...first, ...(await table.getMany(keys.slice(half)))];
      },
    });
    between = [
      () => logout('ada', 's1'),
      () => login('ada', { session: 's2' }),
      () => logout('ada', 's2'),
      () => login('ada', { session: 's3' }),
    ];

    const found = await violations();

    expect(between).toEqual([]);
    expect(found).toEqual([]);
  });
});
