import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import type { Item } from '../../shared/platform/ports/table.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import type { RowFacts } from '../fakes/license-file.ts';
import { aRenewalWorld, REQUEST, type RenewalWorld } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const USERS = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5'];
const FOLDERS = ['root', 'finance', 'sales', 'helsinki'];

const CLASS = fc.record({
  type: fc.constantFrom('floating' as const, 'dedicated' as const),
  access: fc.constantFrom('write' as const, 'write' as const, 'read' as const),
  modules: fc.constantFrom('all', 'all', 'all', 'CMDB'),
});
const TENANT = fc.record({
  /** Expired, expiring, later, and never. */
  licenses: fc.array(
    fc.record({
      of: CLASS,
      folderId: fc.constantFrom(...FOLDERS, 'zOld'),
      expiresOn: fc.constantFrom('2026-03-01', '2026-03-20', '2026-03-31', '2026-12-31', 'never'),
    }),
    { minLength: 1, maxLength: 14 },
  ),
  folders: fc.array(fc.constantFrom(...FOLDERS), { minLength: USERS.length, maxLength: USERS.length }),
  news: fc.array(fc.record({ of: CLASS, validFrom: fc.constantFrom('2026-03-01', '2026-03-10') }), { maxLength: 12 }),
  /** Which of the old licenses the file changes the term of, by position, and to when. */
  extended: fc.uniqueArray(
    fc.record({ license: fc.nat(13), expiryDate: fc.constantFrom('2027-03-31', '2027-03-31', '2026-03-25') }),
    { maxLength: 3, selector: ({ license }) => license },
  ),
  mode: fc.constantFrom('assign', 'auto-allocate'),
  fromFile: fc.boolean(),
});
type Tenant = typeof TENANT extends fc.Arbitrary<infer Value> ? Value : never;

const ACT = fc.oneof(
  fc.record({
    act: fc.constantFrom('login' as const, 'logout' as const),
    user: fc.nat(USERS.length - 1),
    session: fc.nat(2),
  }),
  fc.record({ act: fc.constantFrom('assign' as const), license: fc.nat(40), user: fc.nat(USERS.length - 1) }),
  fc.record({ act: fc.constantFrom('release' as const, 'delete' as const), license: fc.nat(40) }),
  fc.record({
    act: fc.constantFrom('move' as const),
    license: fc.nat(40),
    folder: fc.constantFrom('', 'Finance', 'Sales', 'zOld'),
  }),
);
type Act = typeof ACT extends fc.Arbitrary<infer Value> ? Value : never;

/** The file extends a license in zOld; somebody moves it out and back, so it stands there since another day. */
const MOVED_AND_BACK: [Tenant, Act[], Act[]] = [
  {
    licenses: [
      { of: { type: 'floating', access: 'write', modules: 'all' }, folderId: 'zOld', expiresOn: '2026-03-01' },
      { of: { type: 'floating', access: 'write', modules: 'all' }, folderId: 'root', expiresOn: '2026-03-01' },
    ],
    folders: USERS.map(() => 'root'),
    news: [],
    extended: [{ license: 0, expiryDate: '2027-03-31' }],
    mode: 'assign',
    fromFile: true,
  },
  [],
  [
    { act: 'move', license: 0, folder: '' },
    { act: 'move', license: 0, folder: 'zOld' },
  ],
];

const oldSerial = (index: number) => `O${index}`;

async function aTenant({ licenses, folders, news, extended, fromFile }: Tenant): Promise<RenewalWorld> {
  const old = licenses.map(({ of, folderId, expiresOn }, index) =>
    aLicense({
      ...of,
      serialNumber: oldSerial(index),
      folderId,
      ...(expiresOn === 'never' ? {} : { expiresOn }),
      ...(folderId === 'zOld' ? { setAsideOn: '2026-03-01' } : {}),
    }),
  );
  const file: RowFacts[] = news.map(({ of, validFrom }, index) => ({
    ...fileRow(of),
    serialNumber: `N-${index}`,
    validFrom,
  }));
  const more = extended.flatMap(({ license: index, expiryDate }) => {
    const license = old[index];
    return license === undefined ? [] : [{ ...fileRow(license), serialNumber: license.serialNumber, expiryDate }];
  });
  const imported = news.map(({ of }, index) =>
    aLicense({ ...of, serialNumber: `N-${index}`, expiresOn: '2027-03-31' }),
  );
  return aRenewalWorld({
    licenses: fromFile ? old : [...old, ...imported],
    cards: USERS.map((user, index) => aUserCard({ user, folderId: folders[index] ?? 'root' })),
    file: fromFile && file.length + more.length > 0 ? [...file, ...more] : undefined,
  });
}

function fileRow({ type, access, modules }: Pick<License, 'type' | 'access' | 'modules'>): RowFacts {
  return {
    type: type === 'floating' ? 'Floating' : 'Dedicated',
    access,
    modules: modules === 'all' ? 'All modules' : modules,
  };
}

async function does(world: RenewalWorld, act: Act): Promise<void> {
  world.clock.move(1_000);
  const serials = world.table.items().flatMap(({ sk, serialNumber }) => (sk === 'LICENSE' ? [`${serialNumber}`] : []));
  const license = 'license' in act ? serials[act.license % serials.length]! : '';
  switch (act.act) {
    case 'login':
      await world.login(USERS[act.user]!, { session: `s${act.session}-${world.clock.now()}` });
      return;
    case 'logout':
      await world.logout(USERS[act.user]!);
      return;
    case 'assign':
      await world.ask('assign-license', { serialNumber: license, user: USERS[act.user] });
      return;
    case 'release':
    case 'delete':
      await world.ask(`${act.act}-license`, { serialNumber: license });
      return;
    case 'move':
      await world.ask('move-licenses', { serialNumbers: [license], folder: act.folder });
  }
}

/** Plans, approves, and runs until everything is switched. False: there was nothing to do. */
async function run(world: RenewalWorld, { mode, fromFile }: Tenant): Promise<boolean> {
  const { upload, ...request } = REQUEST;
  const hasFile = fromFile && (await world.objects.head({ key: upload })) !== undefined;
  if (fromFile && !hasFile) return false;
  await world.approve({ ...request, ...(hasFile ? { upload } : {}), mode });
  await world.switchAll();
  return true;
}

type Facts = Readonly<Record<string, unknown>>;

/**
 * Licenses, cards and vacancies, without versions and last changes; without the new licenses that the renewal imported.
 */
function lasting(world: RenewalWorld, fromFile: boolean): ReadonlyMap<string, Facts> {
  const isOurs = ({ pk, sk }: Item) => sk === 'LICENSE' || sk === 'CARD' || pk.startsWith('V#');
  return new Map(
    world.table
      .items()
      .filter((item) => isOurs(item) && !(fromFile && `${item.pk}${item.sk}`.includes('#N-')))
      .map(({ version: _v, revision: _r, change: _c, lastReceipt: _l, ...facts }) => [
        `${facts.pk} ${facts.sk}`,
        sorted(facts),
      ]),
  );
}

describe('plan, approve, run, undo', () => {
  it('gives back licenses, cards and vacancies of any tenant as they were, when nobody acted in between (R41)', async () => {
    await fc.assert(
      fc.asyncProperty(TENANT, fc.array(ACT, { maxLength: 14 }), async (tenant, acts) => {
        const world = await aTenant(tenant);
        for (const act of acts) await does(world, act);
        const before = lasting(world, tenant.fromFile);
        if (!(await run(world, tenant))) return;
        expectInvariants(world.table.items(), world.clock.now().slice(0, 10));

        const { status } = await world.undoAll();

        expect(status).toBe('undone');
        expect(Object.fromEntries(lasting(world, tenant.fromFile))).toEqual(Object.fromEntries(before));
        const { rows, progress } = await world.view();
        expect(progress).toMatchObject({ skipped: 0, undone: rows.length });
        expectInvariants(world.table.items(), world.clock.now().slice(0, 10));
      }),
      { numRuns: 200 },
    );
  });

  it('gives back everything that nobody touched, and lists everything that somebody did', async () => {
    await fc.assert(
      fc.asyncProperty(
        TENANT,
        fc.array(ACT, { maxLength: 8 }),
        fc.array(ACT, { minLength: 1, maxLength: 8 }),
        async (tenant, acts, between) => {
          const world = await aTenant(tenant);
          for (const act of acts) await does(world, act);
          const before = lasting(world, tenant.fromFile);
          if (!(await run(world, tenant))) return;
          const versions = versionsOf(world);
          for (const act of between) await does(world, act);
          const touched = new Set(
            [...versionsOf(world)].flatMap(([serial, version]) => (versions.get(serial) === version ? [] : [serial])),
          );

          await world.undoAll();

          const { rows } = await world.view();
          const after = lasting(world, tenant.fromFile);
          for (const { old, new: to, outcome, why } of rows) {
            const key = `L#acme#${old} LICENSE`;
            const isAsBefore = old === undefined || isSame(after.get(key), before.get(key));
            // A free license that the file extends may replace another one: it stands in two rows then.
            const together = rows.flatMap((row) => {
              const serials = [row.old, row.new];
              return serials.some((serial) => serial !== undefined && [old, to].includes(serial)) ? serials : [];
            });
            const isTouched = together.some((serial) => serial !== undefined && touched.has(serial));
            // What nobody touched is as before; what is not as before, somebody touched, and it is listed with who.
            if (!isTouched) expect([isAsBefore, outcome, why], `${old} ${to}`).toEqual([true, 'undone', undefined]);
            if (!isAsBefore) expect(why).toMatch(/was changed since, at .* by |was deleted already/);
          }
          // The renewal must not have changed a license that is in none of its rows.
          const told = new Set(rows.flatMap(({ old, new: to }) => [old, to]));
          for (const [key, facts] of before) {
            const serial = `${facts['serialNumber']}`;
            if (!key.startsWith('L#') || told.has(serial) || touched.has(serial)) continue;
            expect(after.get(key), serial).toEqual(facts);
          }
          expectInvariants(world.table.items(), world.clock.now().slice(0, 10));
        },
      ),
      { numRuns: 200, examples: [MOVED_AND_BACK] },
    );
  });
});

function sorted(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function versionsOf({ table }: RenewalWorld): ReadonlyMap<string, number> {
  return new Map(
    table
      .items()
      .flatMap(({ sk, serialNumber, version }) => (sk === 'LICENSE' ? [[`${serialNumber}`, Number(version)]] : [])),
  );
}

function isSame(one: Facts | undefined, other: Facts | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
