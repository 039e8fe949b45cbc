import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import type { UserCard } from '../../shared/licensing/login/user-card.ts';
import type { Item, Table, Write } from '../../shared/platform/ports/table.ts';
import { idleAttributes, licenseItem, userCardItem, vacancyItem } from '../../shared/store/items.ts';
import { licenseKey, userCardKey, vacancyKey } from '../../shared/store/keys.ts';
import { isCommandEntry, isReadLock, withoutCommands } from '../fakes/command-entries.ts';
import { aCommandWorld } from '../fakes/command-world.ts';
import { type MemoryTable, memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';

/** `FLOATING` in use by ada, `DEDICATED` by bob, who is also assigned `SECOND`; the others free. */
async function aBusyWorld(table: MemoryTable = memoryTable()) {
  const office = await aCommandWorld({
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
  return { ...office, table, corrupted, violations };
}

type CommandWorld = Awaited<ReturnType<typeof aBusyWorld>>;

type Found = {
  readonly invariant: string;
  readonly fault: string;
  readonly serialNumber?: string;
  readonly serialNumbers?: readonly string[];
  readonly user?: string;
  readonly repaired?: true;
};

/** What is wrong with the items, what the audit must find in them, and which of the faults it repairs. */
const CORRUPTIONS: readonly [string, (office: CommandWorld) => Promise<unknown>, readonly Found[]][] = [
  [
    'a free license without a vacancy',
    async ({ corrupted, license }) => corrupted.change({ delete: vacancyKey(await license('FREE')) }),
    [{ invariant: 'vacancy', fault: 'no-vacancy', repaired: true, serialNumber: 'FREE' }],
  ],
  [
    'a vacancy of a license that is in use',
    async ({ corrupted, license }) => corrupted.change({ put: vacancyItem(await license('FLOATING')) }),
    [{ invariant: 'vacancy', fault: 'stray-vacancy', repaired: true, serialNumber: 'FLOATING' }],
  ],
  [
    'a vacancy of a license that does not exist',
    ({ corrupted }) => corrupted.change({ put: vacancyItem(aLicense({ serialNumber: 'GHOST' })) }),
    [{ invariant: 'vacancy', fault: 'vacancy-of-none', repaired: true, serialNumber: 'GHOST' }],
  ],
  [
    'a vacancy in another folder than the license',
    async ({ corrupted, license }) =>
      corrupted.change({ put: vacancyItem({ ...(await license('FREE')), folderId: 'sales' }) }),
    [{ invariant: 'vacancy', fault: 'other-vacancy', repaired: true, serialNumber: 'FREE' }],
  ],
  [
    'a vacancy with another term than the license',
    async ({ corrupted, license }) =>
      corrupted.change({ put: vacancyItem({ ...(await license('FREE')), expiresOn: '2030-01-01' }) }),
    [{ invariant: 'vacancy', fault: 'other-vacancy', repaired: true, serialNumber: 'FREE' }],
  ],
  [
    'a current license in use by nobody',
    async ({ corrupted, license }) => {
      const { currentUser: _user, since: _since, ...free } = await license('FLOATING');
      await corrupted.change({ put: licenseItem(free) }, { put: vacancyItem(free) });
    },
    [
      {
        invariant: 'current-license',
        fault: 'current-in-no-use',
        serialNumber: 'FLOATING',
        user: 'ada',
      },
    ],
  ],
  [
    'a current license in use by nobody that is not on the card of its user',
    async ({ corrupted, card, license }) => {
      const { currentUser: _user, since: _since, ...assigned } = await license('DEDICATED');
      await corrupted.change({ put: licenseItem(assigned) });
      const { DEDICATED: _noted, ...others } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned: others });
    },
    [
      { invariant: 'assigned-licenses', fault: 'not-on-card', serialNumber: 'DEDICATED', user: 'bob' },
      { invariant: 'current-license', fault: 'current-in-no-use', serialNumber: 'DEDICATED', user: 'bob' },
    ],
  ],
  [
    'a license in use by a user who works on another',
    async ({ corrupted, license }) => {
      await corrupted.license('FREE', { currentUser: 'ada', since: NOW });
      await corrupted.change({ delete: vacancyKey(await license('FREE')) });
    },
    [
      { invariant: 'current-license', fault: 'works-elsewhere', serialNumber: 'FREE', user: 'ada' },
      {
        invariant: 'one-license-per-user',
        fault: 'several-in-use',
        user: 'ada',
        serialNumbers: ['FLOATING', 'FREE'],
      },
    ],
  ],
  [
    'a license in use by a user without a card',
    async ({ corrupted, license }) => {
      await corrupted.license('FREE', { currentUser: 'eve', since: NOW });
      await corrupted.change({ delete: vacancyKey(await license('FREE')) });
    },
    [{ invariant: 'current-license', fault: 'used-without-card', serialNumber: 'FREE', user: 'eve' }],
  ],
  [
    'a card that notes another term of its current license',
    async ({ corrupted, card }) =>
      corrupted.card('ada', { current: { ...(await card('ada'))!.current!, expiresOn: '2030-01-01' } }),
    [{ invariant: 'current-license', fault: 'stale-current', repaired: true, serialNumber: 'FLOATING', user: 'ada' }],
  ],
  [
    'a card that does not know that its license is releasing',
    async ({ corrupted, card, license }) => {
      const { assignedTo: _assigned, ...released } = { ...(await license('DEDICATED')), releasing: true as const };
      await corrupted.change({ put: licenseItem(released) });
      const { DEDICATED: _noted, ...assigned } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned });
    },
    [
      {
        invariant: 'current-license',
        fault: 'stale-releasing',
        repaired: true,
        serialNumber: 'DEDICATED',
        user: 'bob',
      },
    ],
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
    [{ invariant: 'sessions', fault: 'sessions-on-nothing', user: 'cyd' }],
  ],
  [
    'a license held without a session',
    async ({ corrupted }) => {
      await corrupted.card('ada', { sessions: {} });
      await corrupted.without(userCardKey('acme', 'ada'), 'idleKey', 'idleSort');
    },
    [{ invariant: 'sessions', fault: 'held-without-session', user: 'ada', serialNumber: 'FLOATING' }],
  ],
  [
    'an assigned license that is not on the card',
    async ({ corrupted, card }) => {
      const { SECOND: _second, ...assigned } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned });
    },
    [{ invariant: 'assigned-licenses', fault: 'not-on-card', repaired: true, serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a card that lists a license that is not assigned',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'SECOND'), 'assignedTo'),
    [
      {
        invariant: 'assigned-licenses',
        fault: 'listed-unassigned',
        repaired: true,
        serialNumber: 'SECOND',
        user: 'bob',
      },
    ],
  ],
  [
    'a card that lists a license that does not exist',
    ({ corrupted }) => corrupted.change({ delete: licenseKey('acme', 'SECOND') }),
    [{ invariant: 'assigned-licenses', fault: 'listed-missing', serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a card that notes another folder of an assigned license',
    async ({ corrupted }) => corrupted.license('SECOND', { folderId: 'sales' }),
    [{ invariant: 'assigned-licenses', fault: 'stale-note', repaired: true, serialNumber: 'SECOND', user: 'bob' }],
  ],
  [
    'a held-back license that is assigned',
    ({ corrupted }) => corrupted.license('SECOND', { heldBackFor: 'renewal-1' }),
    [{ invariant: 'license-facts', fault: 'held-back-taken', serialNumber: 'SECOND' }],
  ],
  [
    'a deleted license that is assigned',
    ({ corrupted }) => corrupted.license('SECOND', { deletedAt: NOW }),
    [{ invariant: 'license-facts', fault: 'deleted-taken', serialNumber: 'SECOND' }],
  ],
  [
    'a license in zOld that is not set aside',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'OLD'), 'setAsideOn'),
    [{ invariant: 'license-facts', fault: 'not-set-aside', repaired: true, serialNumber: 'OLD' }],
  ],
  [
    'a license that is set aside elsewhere',
    ({ corrupted }) => corrupted.license('FREE', { setAsideOn: '2026-03-01' }),
    [{ invariant: 'license-facts', fault: 'set-aside-elsewhere', repaired: true, serialNumber: 'FREE' }],
  ],
  [
    'a license in use without a start of use',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'FLOATING'), 'since'),
    [{ invariant: 'license-facts', fault: 'user-without-since', serialNumber: 'FLOATING' }],
  ],
  [
    'a license that is releasing and still assigned',
    async ({ corrupted, card }) => {
      await corrupted.license('DEDICATED', { releasing: true });
      await corrupted.card('bob', { current: { ...(await card('bob'))!.current!, releasing: true } });
    },
    [{ invariant: 'license-facts', fault: 'releasing-assigned', serialNumber: 'DEDICATED' }],
  ],
  [
    'a license that is releasing and not in use',
    ({ corrupted }) => corrupted.license('OLD', { releasing: true }),
    [{ invariant: 'license-facts', fault: 'releasing-unused', repaired: true, serialNumber: 'OLD' }],
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
    [{ invariant: 'license-facts', fault: 'floating-assigned', serialNumber: 'FLOATING' }],
  ],
  [
    'a dedicated license in use by a user to whom it is not assigned',
    async ({ corrupted, card }) => {
      await corrupted.without(licenseKey('acme', 'DEDICATED'), 'assignedTo');
      const { DEDICATED: _noted, ...assigned } = (await card('bob'))!.assigned;
      await corrupted.card('bob', { assigned });
    },
    [{ invariant: 'license-facts', fault: 'dedicated-to-another', serialNumber: 'DEDICATED' }],
  ],
  [
    'a license in a folder that does not exist',
    ({ corrupted }) => corrupted.license('OLD', { folderId: 'nowhere', setAsideOn: '2026-03-01', heldBackFor: 'r1' }),
    [
      { invariant: 'license-facts', fault: 'set-aside-elsewhere', repaired: true, serialNumber: 'OLD' },
      { invariant: 'folder', fault: 'license-nowhere', serialNumber: 'OLD' },
    ],
  ],
  [
    'a card in a folder that does not exist',
    ({ corrupted }) => corrupted.card('cyd', { folderId: 'nowhere' }),
    [{ invariant: 'folder', fault: 'card-nowhere', user: 'cyd' }],
  ],
  [
    'a card in zOld',
    ({ corrupted }) => corrupted.card('cyd', { folderId: 'zOld' }),
    [{ invariant: 'folder', fault: 'card-in-zold', user: 'cyd' }],
  ],
  [
    'a license that an index lists elsewhere',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'FREE'), 'folderKey', 'folderSort'),
    [{ invariant: 'item', fault: 'license-unlisted', repaired: true, serialNumber: 'FREE' }],
  ],
  [
    'a card with sessions that no idle index lists',
    ({ corrupted }) => corrupted.without(userCardKey('acme', 'ada'), 'idleKey', 'idleSort'),
    [{ invariant: 'item', fault: 'card-unlisted', user: 'ada' }],
  ],
  [
    'an item without a member of its kind',
    ({ corrupted }) => corrupted.without(licenseKey('acme', 'OLD'), 'validFrom'),
    [{ invariant: 'item', fault: 'unreadable', serialNumber: 'OLD' }],
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
    [{ invariant: 'item', fault: 'vacancy-misplaced', repaired: true, serialNumber: 'X' }],
  ],
];

const withoutNote = async ({ corrupted, card }: CommandWorld) => {
  const { SECOND: _second, ...assigned } = (await card('bob'))!.assigned;
  await corrupted.card('bob', { assigned });
};
const unlisted =
  (serialNumber: string) =>
  ({ corrupted }: CommandWorld) =>
    corrupted.without(licenseKey('acme', serialNumber), 'folderKey', 'folderSort');
const inUseBy =
  (user: string) =>
  async ({ corrupted, license }: CommandWorld) => {
    await corrupted.license('FREE', { currentUser: user, since: NOW });
    await corrupted.change({ delete: vacancyKey(await license('FREE')) });
  };
const ghost = aLicense({ serialNumber: 'GHOST' });
const asking =
  (command: string, members: object) =>
  async ({ ask }: CommandWorld) =>
    expect(await ask(command, members)).not.toHaveProperty('error');

/** What changes between the read that confirms a fault and the write that would repair it. */
const OVERTAKEN: readonly [
  string,
  (office: CommandWorld) => Promise<unknown>,
  (office: CommandWorld) => Promise<unknown>,
  string,
][] = [
  [
    'the license changed',
    withoutNote,
    asking('assign-license', { serialNumber: 'SECOND', user: 'cyd' }),
    'not-on-card',
  ],
  [
    'the card changed',
    withoutNote,
    asking('put-user-card', { user: 'bob', card: { folder: 'Finance' } }),
    'not-on-card',
  ],
  ['the sessions ended', withoutNote, asking('disconnect', { user: 'bob' }), 'not-on-card'],
  [
    'a card that agrees with the license changed',
    unlisted('DEDICATED'),
    asking('put-user-card', { user: 'bob', card: { folder: 'Finance' } }),
    'license-unlisted',
  ],
  [
    'the user got a card',
    async (office) => {
      await inUseBy('eve')(office);
      await unlisted('FREE')(office);
    },
    asking('put-user-card', { user: 'eve', card: { folder: 'Sales' } }),
    'license-unlisted',
  ],
  [
    'a session began on the license',
    unlisted('DEDICATED'),
    ({ login }) => login('bob', { session: 's9' }),
    'license-unlisted',
  ],
  [
    'the license of a stray vacancy came',
    ({ corrupted }) => corrupted.change({ put: vacancyItem(ghost) }),
    ({ corrupted }) => corrupted.change({ put: licenseItem(ghost) }),
    'vacancy-of-none',
  ],
];

/** What an administrator does who follows the text of a fault that the audit does not repair. */
const ADVICE: readonly [
  string,
  (office: CommandWorld) => Promise<unknown>,
  readonly ((office: CommandWorld) => Promise<unknown>)[],
][] = [
  [
    'works-elsewhere',
    inUseBy('ada'),
    [
      asking('disconnect', { user: 'ada' }),
      asking('move-license', { serialNumber: 'FREE', folder: 'Finance' }),
      asking('disconnect', { user: 'ada' }),
    ],
  ],
  [
    'used-without-card',
    inUseBy('eve'),
    [
      asking('put-user-card', { user: 'eve', card: { folder: 'Sales' } }),
      asking('move-license', { serialNumber: 'FREE', folder: 'Finance' }),
      asking('disconnect', { user: 'eve' }),
    ],
  ],
  [
    'current-in-no-use',
    async ({ corrupted, license }) => {
      const { currentUser: _user, since: _since, ...free } = await license('FLOATING');
      await corrupted.change({ put: licenseItem(free) }, { put: vacancyItem(free) });
    },
    [
      ({ corrupted }) => corrupted.without(userCardKey('acme', 'ada'), 'current'),
      ({ login }) => login('ada', { session: 's9' }),
    ],
  ],
  [
    'held-without-session',
    async ({ corrupted }) => {
      await corrupted.card('ada', { sessions: {} });
      await corrupted.without(userCardKey('acme', 'ada'), 'idleKey', 'idleSort');
    },
    [asking('disconnect', { user: 'ada' })],
  ],
  [
    'card-unlisted',
    ({ corrupted }) => corrupted.without(userCardKey('acme', 'ada'), 'folderKey', 'folderSort'),
    [
      asking('remove-user-card', { user: 'ada' }),
      asking('put-user-card', { user: 'ada', card: { folder: 'Finance' } }),
    ],
  ],
];

async function told(answer: Promise<unknown>): Promise<{ readonly found: readonly Found[] }> {
  return { found: ((await answer) as { readonly violations: readonly Found[] }).violations };
}

describe('audit', () => {
  it('counts, and finds nothing wrong after ordinary work', async () => {
    const { ask } = await aBusyWorld();

    const report = await ask('audit');

    expect(report).toEqual({ licenses: 5, userCards: 3, vacancies: 1, violations: [] });
  });

  it.each(CORRUPTIONS)('finds %s, and nothing else', async (_what, corrupt, expected) => {
    const office = await aBusyWorld();

    await corrupt(office);
    const items = office.table.items();

    const { found } = await told(office.ask('audit'));
    expect(found).toEqual(expected.map(({ repaired: _repaired, ...one }) => ({ ...one, text: expect.any(String) })));
    expect(office.table.items()).toEqual(items);
  });

  it.each(CORRUPTIONS)(
    'repairs what is certain of %s, and leaves the rest to people',
    async (_what, corrupt, expected) => {
      const office = await aBusyWorld();
      await corrupt(office);

      const first = await told(office.ask('audit', { repair: true }));
      const items = withoutCommands(office.table.items());
      const second = await told(office.ask('audit', { repair: true }));

      const left = expected.filter(({ repaired }) => !repaired).map(({ fault }) => fault);
      expect(first.found).toEqual(expected.map((one) => ({ ...one, text: expect.any(String) })));
      expect(second.found.map(({ fault }) => fault)).toEqual(left);
      expect(withoutCommands(office.table.items())).toEqual(items);
      if (left.length === 0) await office.expectSound();
    },
  );

  it.each(ADVICE)('finds nothing after an administrator followed the text of %s', async (fault, corrupt, steps) => {
    const office = await aBusyWorld();
    await corrupt(office);
    const { found } = await told(office.ask('audit', { repair: true }));

    for (const step of steps) {
      office.clock.move(1_000);
      await step(office);
    }

    expect(found[0]).toMatchObject({ fault });
    await office.expectSound();
  });

  it('records in the history of a license who repaired it and what was wrong (I12)', async () => {
    const { ask, corrupted, license } = await aBusyWorld();
    await corrupted.change({ delete: vacancyKey(await license('FREE')) });
    const { version } = await license('FREE');

    await ask('audit', { repair: true });

    expect(await license('FREE')).toMatchObject({
      version: version + 1,
      change: { actor: 'olga', cause: 'audit: no-vacancy', at: NOW },
    });
  });

  it.each(OVERTAKEN)('repairs nothing when, before the write, %s', async (_what, corrupt, meanwhile, fault) => {
    const table = memoryTable();
    let isArmed = false;
    const office = await aBusyWorld({
      ...table,
      write: async (writes) => {
        if (isArmed && !isCommandEntry(writes) && !isReadLock(writes)) {
          isArmed = false;
          await meanwhile(office);
        }
        return table.write(writes);
      },
    });
    await corrupt(office);
    isArmed = true;

    const { found } = await told(office.ask('audit', { repair: true }));

    expect(isArmed).toBe(false);
    expect(found[0]?.fault).toBe(fault);
    expect(found[0]).not.toHaveProperty('repaired');
    const repairs = table.items().filter(({ change }) => JSON.stringify(change ?? {}).includes('audit: '));
    expect(repairs).toEqual([]);
  });

  it('retries a read during a transaction, and gives up on items that keep changing', async () => {
    const table = memoryTable();
    let refused = 1;
    const getAtOnce = async (keys: Parameters<Table['getAtOnce']>[0]) => {
      refused -= 1;
      return refused < 0 ? table.getAtOnce(keys) : undefined;
    };
    const { ask, corrupted, license } = await aBusyWorld({ ...table, getAtOnce });
    await corrupted.change({ delete: vacancyKey(await license('FREE')) });

    const patient = await ask('audit');
    refused = 1_000;
    const inVain = await ask('audit', { repair: true });

    expect(patient).toMatchObject({ violations: [{ fault: 'no-vacancy' }] });
    expect(patient).not.toHaveProperty('notConfirmed');
    expect(inVain).toMatchObject({ violations: [], notConfirmed: 1 });
  });

  it('audits a large tenant page by page, and counts everything', async () => {
    const { ask, table } = await aBusyWorld();
    for (let index = 0; index < 1_200; index += 1) {
      const license = aLicense({ serialNumber: `N${index}`, folderId: 'sales' });
      await table.write([{ put: licenseItem(license) }, { put: vacancyItem(license) }]);
      await table.write([{ put: userCardItem(aUserCard({ user: `user-${index}` }), undefined) }]);
    }
    await table.write([{ delete: vacancyKey(aLicense({ serialNumber: 'N1199', folderId: 'sales' })) }]);

    const report = await ask('audit', { repair: true });

    expect(report).toMatchObject({
      licenses: 1_205,
      userCards: 1_203,
      vacancies: 1_200,
      violations: [{ fault: 'no-vacancy', serialNumber: 'N1199', repaired: true }],
    });
    expect(await ask('audit')).toMatchObject({ vacancies: 1_201, violations: [] });
  });

  it('accepts an expired license with or without a vacancy', async () => {
    const expired = aLicense({ serialNumber: 'EXPIRED', expiresOn: '2026-02-28' });
    const { table, violations } = await aBusyWorld();

    await table.write([{ put: licenseItem(expired) }]);
    const without = await violations();
    await table.write([{ put: vacancyItem(expired) }]);
    const withOne = await violations();

    expect([without, withOne]).toEqual([[], []]);
  });

  it('reports nothing that only looked wrong because of concurrent logins', async () => {
    const table = memoryTable();
    let between: (() => Promise<unknown>)[] = [];
    const { violations, login, logout } = await aBusyWorld({
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
