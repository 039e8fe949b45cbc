import { describe, expect, it } from 'vitest';
import { type AdministerRequest, administerRequest } from '../../shared/administration/administer-request.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { DAY } from '../../shared/licensing/time.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { isCommandEntry } from '../fakes/command-entries.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';

type CommandWorld = Awaited<ReturnType<typeof aCommandWorld>>;
type Command = AdministerRequest['command'];
type Shown = Readonly<Record<string, unknown>> & { readonly about: Readonly<Record<string, unknown>> };

const OKTA = { tenants: ['okta:acme.okta.com'], authorization: 'secretsmanager:okta-hook' };
const WEBHOOK = { url: 'https://hooks.acme.example/licenses', secret: 'secretsmanager:webhook' };

/** What changes something, and what its entry is about; each is done after the ones before it. */
const CHANGES: readonly (readonly [command: Command, members: object, entry: object])[] = [
  [
    'update-tenant',
    { settings: { cleanupHour: 4, publicKeys: {} } },
    { about: { members: ['cleanupHour', 'publicKeys'] }, fromVersion: 1, toVersion: 2 },
  ],
  ['create-folder', { folder: 'Legal' }, { about: { folder: 'Legal' }, fromVersion: 2, toVersion: 3 }],
  ['rename-folder', { folder: 'Legal', newPath: 'Law' }, { about: { folder: 'Legal', newPath: 'Law' }, toVersion: 4 }],
  ['create-folder', { folder: 'Old' }, { toVersion: 5 }],
  ['merge-folder', { folder: 'Old', into: 'Law' }, { about: { folder: 'Old', into: 'Law' }, toVersion: 6 }],
  ['create-folder', { folder: 'Empty' }, { toVersion: 7 }],
  ['delete-folder', { folder: 'Empty' }, { about: { folder: 'Empty' }, toVersion: 8 }],
  [
    'put-user-card',
    { user: 'eve', card: { folder: '', name: 'Eve Adams' } },
    { about: { members: ['name', 'folder'], user: 'eve' }, toVersion: expect.any(Number) },
  ],
  [
    'change-user-cards',
    { change: { level: 'root' }, to: { users: [{ user: 'eve' }] } },
    { about: { members: ['level'], users: 1 } },
  ],
  [
    'assign-license',
    { serialNumber: 'D1', user: 'eve' },
    { about: { serialNumber: 'D1', user: 'eve' }, fromVersion: 1, toVersion: 2 },
  ],
  ['release-license', { serialNumber: 'D1' }, { about: { serialNumber: 'D1' }, fromVersion: 2, toVersion: 3 }],
  ['move-license', { serialNumber: 'D1', folder: 'Law' }, { about: { serialNumber: 'D1', folder: 'Law' } }],
  [
    'move-licenses',
    { serialNumbers: ['D1', 'NONE'], folder: '' },
    { about: { licenses: 2, serialNumbers: ['D1', 'NONE'], folder: '' } },
  ],
  [
    'change-licenses',
    { change: { action: 'assign', user: 'eve' }, filter: { user: 'ada', type: 'dedicated' } },
    { about: { action: 'assign', user: 'eve', 'filter.user': 'ada', 'filter.type': 'dedicated' } },
  ],
  [
    'change-licenses',
    { change: { action: 'release' }, filter: { folder: 'Law', subfolders: true } },
    { about: { action: 'release', 'filter.folder': 'Law', 'filter.subfolders': 'true' } },
  ],
  [
    'change-licenses',
    {
      changes: [
        { serialNumber: 'D1', change: { action: 'release' } },
        { serialNumber: 'D2', change: { action: 'move', folder: '' } },
      ],
    },
    { about: { licenses: 2, serialNumbers: ['D1', 'D2'], actions: ['release', 'move'] } },
  ],
  [
    'assign-each',
    { to: { folder: 'Law', subfolders: true }, from: '' },
    { about: { access: 'write', modules: 'all', from: '', folder: 'Law' } },
  ],
  ['delete-license', { serialNumber: 'D2' }, { about: { serialNumber: 'D2' }, fromVersion: 1, toVersion: 2 }],
  ['restore-license', { serialNumber: 'D2' }, { about: { serialNumber: 'D2' }, toVersion: 3 }],
  [
    'create-upload',
    { name: 'may.zip', folder: 'Law' },
    { about: { name: 'may.zip', area: 'uploads', folder: 'Law', key: 'tenants/acme/uploads/may.zip' } },
  ],
  ['paste-licenses', { xml: '<a/>' }, { about: { area: 'uploads', key: expect.stringContaining('pasted-') } }],
  ['create-download', { key: 'tenants/acme/uploads/none.zip' }, { outcome: 'unknown-upload' }],
  [
    'plan-renewal',
    { serialNumbers: ['D2'] },
    { about: { renewalId: expect.any(String), mode: 'assign', licenses: 1 }, toVersion: expect.any(String) },
  ],
  ['plan-renewal', { serialNumbers: ['D2'], renewalId: 'r1' }, { about: { renewalId: 'r1' } }],
  [
    'approve-renewal',
    { renewalId: 'r1', acceptedShortfall: ['D2'] },
    { about: { acceptedShortfall: 1 }, fromVersion: expect.stringMatching(/planned$/) },
  ],
  ['start-renewal', { renewalId: 'r1' }, { fromVersion: expect.stringMatching(/approved$/) }],
  ['resume-renewal', { renewalId: 'r1' }, { outcome: 'conflict' }],
  ['undo-renewal', { renewalId: 'r1' }, { toVersion: expect.stringMatching(/undone$/) }],
  [
    'put-hook',
    { provider: 'okta', settings: OKTA },
    { about: { provider: 'okta', members: ['tenants', 'authorization'] }, toVersion: 1 },
  ],
  ['delete-hook', { provider: 'okta' }, { about: { provider: 'okta' }, fromVersion: 1 }],
  ['put-webhook', { settings: WEBHOOK }, { about: { members: ['url', 'secret'] }, toVersion: 1 }],
  ['test-webhook', {}, { fromVersion: 1, toVersion: 1 }],
  ['delete-webhook', {}, { fromVersion: 1 }],
  ['create-calendar-feed', {}, { about: { feedId: expect.any(String) } }],
  ['delete-calendar-feed', { feedId: 'a1b2c3d4e5f6' }, { about: { feedId: 'a1b2c3d4e5f6' } }],
  ['audit', { repair: true }, { about: {} }],
  ['link-id', { user: 'eve', linkedId: 'eve-2' }, { about: { user: 'eve', linkedId: 'eve-2' } }],
  ['unlink-id', { user: 'eve', linkedId: 'eve-2' }, { about: { user: 'eve', linkedId: 'eve-2' } }],
  ['disconnect', { user: 'eve', session: null }, { about: { user: 'eve' } }],
  ['remove-user-card', { user: 'eve' }, { about: { user: 'eve' }, fromVersion: expect.any(Number) }],
  ['erase-user', { user: 'eve' }, { about: { user: expect.stringMatching(/^erased-/) } }],
];

/** What only reads, with the members that it needs. */
const READS: Readonly<Record<string, object>> = {
  'get-me': {},
  'list-tenants': {},
  'get-tenant': {},
  'list-folders': {},
  'get-user-card': { user: 'ada' },
  'list-sessions': {},
  'list-user-cards': {},
  'list-inactive': {},
  'list-licenses': {},
  'get-license': { serialNumber: 'D1' },
  'get-import': { importId: 'none' },
  'list-imports': {},
  'list-waiting-uploads': {},
  'preview-import': { xml: '<a/>' },
  'get-import-preview': { previewId: 'none' },
  'list-renewals': {},
  'get-renewal': { renewalId: 'none' },
  'get-renewal-differences': { renewalId: 'none' },
  'list-renewal-rows': { renewalId: 'none' },
  'list-renewal-endings': { renewalId: 'none' },
  'export-renewal': { renewalId: 'none' },
  'get-hook': { provider: 'okta' },
  'list-hooks': {},
  'get-hook-health': { provider: 'okta' },
  'get-webhook': {},
  'get-webhook-health': {},
  'explain-login': { user: 'ada' },
  explain: { user: 'ada' },
  'list-license-history': { serialNumber: 'D1' },
  'list-user-history': { user: 'ada' },
  'list-tenant-history': {},
  'get-user-as-of': { user: 'ada', at: '2026-03-02T08:00:00Z' },
  'list-folder-as-of': { folder: '', at: '2026-03-02T08:00:00Z' },
  'list-commands': {},
  'get-license-as-of': { serialNumber: 'D1', at: NOW },
  'get-usage': {},
  'list-peaks': {},
  'get-needs': {},
  'get-pools': {},
  'export-licenses': {},
  'export-user-cards': {},
  'export-history': { from: '2026-03-01' },
  'check-layout': {},
  'list-expiring': {},
  'list-draining': {},
  'get-expiry-calendar': {},
  'list-calendar-feeds': {},
};

const WORLD = {
  licenses: [aLicense({ serialNumber: 'D1', type: 'dedicated' }), aLicense({ serialNumber: 'D2', type: 'dedicated' })],
  cards: [aUserCard()],
};

/** A world of which every item can be looked at. */
async function anOpenCommandWorld(table = memoryTable()) {
  const office = await aCommandWorld({ ...WORLD, table });
  /** The items of some kinds, or all, as text. */
  const itemsOf = (kinds = /^/): string => JSON.stringify(table.items().filter(({ pk }) => kinds.test(pk)));
  return { ...office, table, itemsOf };
}

const OF_COMMANDS = /^(COMMAND|ACTOR|NAME)#/;

async function commandsOf({ ask }: Pick<CommandWorld, 'ask'>, members: object = {}): Promise<readonly Shown[]> {
  return ((await ask('list-commands', members)) as { commands: readonly Shown[] }).commands;
}

describe('each command (R49)', () => {
  it('writes one entry when it changes something: who, what, when and the versions', async () => {
    const office = await anOpenCommandWorld();
    for (const [index, [command, members, entry]] of CHANGES.entries()) {
      office.clock.move(1_000);

      await office.ask(command, members);

      const [latest, ...others] = await commandsOf(office);
      expect(others, command).toHaveLength(index);
      expect(latest, command).toMatchObject({
        command,
        actor: 'olga',
        role: 'operator',
        at: office.clock.now(),
        finishedAt: office.clock.now(),
        outcome: 'done',
        ...entry,
      });
    }
  });

  it('writes no entry when it only reads, previews or audits', async () => {
    const office = await anOpenCommandWorld();

    for (const [command, members] of Object.entries(READS)) await office.ask(command, members);
    await office.ask('change-licenses', { change: { action: 'release' }, filter: {}, preview: true });
    await office.ask('audit');

    expect(await commandsOf(office)).toEqual([]);
    expect(office.itemsOf(OF_COMMANDS)).toBe('[]');
  });

  it('is in one of the two lists of this test', () => {
    const all = administerRequest.def.options.map(({ shape }) => shape.command.def.values[0]);
    const known = [...CHANGES.map(([command]) => command), ...Object.keys(READS), 'create-tenant'];

    expect([...new Set(known)].toSorted()).toEqual(all.toSorted());
  });

  it('that creates a tenant writes its entry to this tenant', async () => {
    const { ask } = await aCommandWorld();
    const settings = { customers: ['globex'], timeZone: 'Europe/Helsinki' };

    await ask('create-tenant', { settings }, 'globex');

    expect(await ask('list-commands', {}, 'globex')).toMatchObject({
      commands: [{ command: 'create-tenant', about: { members: ['customers', 'timeZone'] }, toVersion: 1 }],
    });
    expect(await ask('list-commands')).toEqual({ commands: [] });
  });

  it('that is refused has the code in its entry, and has no entry if the tenant is unknown', async () => {
    const office = await anOpenCommandWorld();

    await office.ask('assign-license', { serialNumber: 'D1', user: 'nobody' });
    await office.ask('update-tenant', { settings: { cleanupHour: 4 }, expectedVersion: 9 });
    await office.ask('update-tenant', { settings: { cleanupHour: 4 } }, 'nowhere');

    expect((await commandsOf(office)).map(({ outcome }) => outcome).toSorted()).toEqual([
      'stale-version',
      'unknown-user',
    ]);
    expect(office.itemsOf(/#nowhere/)).toBe('[]');
  });

  it('stores no value of a setting, no reference to a secret and no file', async () => {
    const office = await anOpenCommandWorld();
    const xml = '<licenses secret="in the file"/>';

    await office.ask('put-hook', { provider: 'okta', settings: OKTA });
    await office.ask('put-webhook', { settings: WEBHOOK });
    await office.ask('paste-licenses', { xml });
    await office.ask('put-user-card', { user: 'eve', card: { folder: '', name: 'Eve Adams' } });

    expect(office.itemsOf(OF_COMMANDS)).not.toMatch(/secretsmanager|okta\.com|hooks\.acme|in the file|Eve Adams/);
  });
});

describe('an entry', () => {
  /** A world whose table fails a write that `fails` chooses. */
  async function failing(fails: (text: string) => boolean) {
    const table = memoryTable();
    const office = await anOpenCommandWorld(table);
    const dying: Table = {
      ...table,
      write: async (writes) => {
        if (fails(JSON.stringify(writes))) throw new Error('the process died');
        return table.write(writes);
      },
    };
    return { ...office, dying: asAdministrator({ ...office.deps, table: dying }) };
  }

  it('is written before anything changes: if it cannot be written, nothing is done', async () => {
    const office = await failing((text) => text.includes('"COMMAND#'));
    const before = office.itemsOf();

    await expect(office.dying.ask('delete-license', { serialNumber: 'D1' })).rejects.toThrow('died');

    expect(office.itemsOf()).toBe(before);
  });

  it('stays `begun` when the process died before or after the change', async () => {
    const early = await failing((text) => text.includes('"L#acme#D1"'));
    const late = await failing((text) => text.includes('finishedAt'));

    await expect(early.dying.ask('delete-license', { serialNumber: 'D1' })).rejects.toThrow('died');
    await expect(late.dying.ask('delete-license', { serialNumber: 'D1' })).rejects.toThrow('died');

    expect((await late.license('D1')).deletedAt).toBe(NOW);
    for (const office of [early, late]) {
      const [entry, ...others] = await commandsOf(office);
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ command: 'delete-license', actor: 'olga', outcome: 'begun', fromVersion: 1 });
      expect(entry).not.toHaveProperty('finishedAt');
    }
  });

  it('names the actor for 400 days, and after that only shows which entries are of the same person', async () => {
    const office = await anOpenCommandWorld();
    await office.ask('release-license', { serialNumber: 'D1' });
    await office.ask('release-license', { serialNumber: 'D2' });

    office.clock.move(400 * DAY - 1);
    const named = await commandsOf(office);
    office.clock.move(1);
    const [one, other] = await commandsOf(office);

    expect(named.map(({ actor }) => actor)).toEqual(['olga', 'olga']);
    expect(one?.['actor']).toMatch(/^person-[0-9a-f]{16}$/);
    expect(other?.['actor']).toBe(one?.['actor']);
    const actors = office.table.items().filter(({ pk }) => pk.startsWith('ACTOR#'));
    expect(actors.map(({ ttl }) => ttl)).toEqual([1, 2].map(() => Math.floor((Date.parse(NOW) + 400 * DAY) / 1_000)));
    expect(office.itemsOf(/^COMMAND#/)).not.toContain('olga');
  });

  it('names at most a hundred licenses of a long list, and their number', async () => {
    const office = await anOpenCommandWorld();
    const serialNumbers = Array.from({ length: 500 }, (_, index) => `S${index}`);

    await office.ask('move-licenses', { serialNumbers, folder: '' });

    const [entry] = await commandsOf(office);
    expect(entry?.about).toMatchObject({ licenses: 500, serialNumbers: serialNumbers.slice(0, 100) });
  });
});

describe('list-commands', () => {
  it('lists the latest first, page by page, and skips months without entries', async () => {
    const office = await anOpenCommandWorld();
    for (const months of [0, 0, 0, 3, 1]) {
      office.clock.move(months * 31 * DAY + 1_000);
      await office.ask('release-license', { serialNumber: 'D1' });
    }

    const seen: unknown[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = (await office.ask('list-commands', defined({ limit: 2, cursor }))) as {
        commands: readonly Shown[];
        cursor?: string;
      };
      seen.push(...page.commands.map(({ at }) => at));
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== undefined);

    expect(seen).toHaveLength(5);
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect(pages).toBe(3);
  });

  it('continues after years without entries', async () => {
    const office = await anOpenCommandWorld();
    await office.ask('release-license', { serialNumber: 'D1' });
    office.clock.move(3 * 365 * DAY);

    const first = (await office.ask('list-commands')) as { commands: []; cursor: string };
    const second = await office.ask('list-commands', { cursor: first.cursor });

    expect(first.commands).toEqual([]);
    expect(second).toMatchObject({ commands: [{ command: 'release-license' }] });
    expect(second).not.toHaveProperty('cursor');
  });

  it.each(['nonsense', Buffer.from('{"list":"commands","after":{"pk":"","sk":"2026"}}').toString('base64url')])(
    'refuses a cursor of another list: %s',
    async (cursor) => {
      const { ask } = await aCommandWorld();
      expect(await ask('list-commands', { cursor })).toMatchObject(refusal('invalid-request'));
    },
  );
});

describe('a user in the entries of commands', () => {
  async function anErasure(table = memoryTable()) {
    const office = await anOpenCommandWorld(table);
    await office.ask('assign-license', { serialNumber: 'D1', user: 'ada' });
    office.clock.move(1_000);
    await office.ask('remove-user-card', { user: 'ada' });
    office.clock.move(1_000);
    return office;
  }

  it('is named until the erasure, and then by the pseudonym, also in the entry of the erasure', async () => {
    const office = await anErasure();
    const before = await commandsOf(office);

    const { pseudonym } = (await office.ask('erase-user', { user: 'ada' })) as { pseudonym: string };

    expect(before.map(({ about }) => about['user'])).toEqual(['ada', 'ada']);
    const after = await commandsOf(office);
    expect(after.map(({ command }) => command)).toEqual(['erase-user', 'remove-user-card', 'assign-license']);
    expect(after.map(({ about }) => about['user'])).toEqual([pseudonym, pseudonym, pseudonym]);
    expect(office.itemsOf()).not.toContain('"ada"');
  });

  it('is another person when a new user has the same name', async () => {
    const office = await anErasure();
    const { pseudonym } = (await office.ask('erase-user', { user: 'ada' })) as { pseudonym: string };
    await office.ask('put-user-card', { user: 'ada', card: { folder: '' } });

    const [named, ...others] = await commandsOf(office);

    expect(named?.about['user']).toBe('ada');
    expect(new Set(others.map(({ about }) => about['user']))).toEqual(new Set([pseudonym]));
    await office.ask('remove-user-card', { user: 'ada' });
    office.clock.move(1_000);
    await office.ask('erase-user', { user: 'ada' });
    expect(new Set((await commandsOf(office)).map(({ about }) => about['user']))).toEqual(new Set([pseudonym]));
  });

  it('is not named by a command that runs during the erasure', async () => {
    for (const first of [true, false]) {
      const table = memoryTable();
      const office = await anErasure(table);
      let isArmed = true;
      const slow: Table = {
        ...table,
        write: async (writes) => {
          // The erasure comes right before the command's entry is written, or right after it.
          const isNow = isArmed && isCommandEntry(writes);
          if (isNow) isArmed = false;
          if (isNow && first) await office.ask('erase-user', { user: 'ada' });
          const answer = await table.write(writes);
          if (isNow && !first) await office.ask('erase-user', { user: 'ada' });
          return answer;
        },
      };

      await asAdministrator({ ...office.deps, table: slow }).ask('disconnect', { user: 'ada', session: 'one' });

      expect(isArmed).toBe(false);
      const users = (await commandsOf(office)).map(({ about }) => about['user']);
      expect(users).toHaveLength(4);
      expect(new Set(users)).toEqual(new Set([expect.stringMatching(/^erased-/)]));
    }
  });

  it('is not named by the entry of an erasure, even of a refused one', async () => {
    const { ask, itemsOf } = await anOpenCommandWorld();

    expect(await ask('erase-user', { user: 'ada' })).toMatchObject(refusal('in-use'));

    expect(itemsOf(/^NAME#/)).toBe('[]');
  });

  it('cannot erase themselves', async () => {
    const { ask, itemsOf } = await anOpenCommandWorld();
    await ask('remove-user-card', { user: 'ada' });

    expect(await ask('erase-user', { user: 'olga' })).toMatchObject(refusal('own-erasure'));

    expect(itemsOf(/^E#/)).toBe('[]');
    expect(await ask('erase-user', { user: 'ada' })).toMatchObject({ erased: true });
  });
});
