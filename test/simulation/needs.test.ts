import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { keepUsage } from '../../shared/history/read-usage.ts';
import { dayAfter } from '../../shared/licensing/cleanup-time.ts';
import { DAY, dayIn, HOUR, type Instant, instantOf, plus } from '../../shared/licensing/time.ts';
import { administrator } from '../fakes/administrator.ts';
import { aCommandWorld } from '../fakes/command-world.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aLicense, aUserCard, keyedHash, NOW } from '../fakes/world.ts';
import { type Answer, type Command, FOLDER, happens, type ModelState } from './reference-model.ts';

const ZONE = 'Europe/Helsinki';
const TODAY = '2026-03-02';
const USERS = ['ada', 'bob', 'cyd', 'dan', 'eve'];
const LICENSES = [
  aLicense({ serialNumber: 'F1', folderId: FOLDER }),
  aLicense({ serialNumber: 'F2' }),
  aLicense({ serialNumber: 'D1', type: 'dedicated', folderId: FOLDER }),
];

const user = fc.constantFrom(...USERS);
const serial = fc.constantFrom(...LICENSES.map(({ serialNumber }) => serialNumber));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('login'), user, session: fc.constantFrom('s1', 's2') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('logout'), user }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('release', 'delete', 'restore'), serial }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('assign'), serial, user }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('move'), serial, folder: fc.constantFrom(FOLDER, 'root', 'zOld') }),
  },
);
const step = fc.record({ command, minutes: fc.constantFrom(1, 7, 45, 180, 600) });

async function aWorldWithHistory() {
  const table = streamedTable();
  const world = await aCommandWorld({ table, licenses: LICENSES, cards: USERS.map((one) => aUserCard({ user: one })) });
  const admin = administrator(table, undefined, TODAY, world.clock.now);
  const run = async (one: Command): Promise<Answer> => {
    if (one.kind === 'login') {
      const { outcome, reason, license, step: at } = await world.login(one.user, one);
      return { outcome: reason ?? outcome, ...(license && { serial: license.serialNumber }), ...(at && { step: at }) };
    }
    if (one.kind === 'logout') return world.logout(one.user).then(() => ({ outcome: 'done' }));
    if (!('serial' in one) || one.kind === 'import') throw new Error(`not part of this history: ${one.kind}`);
    const event =
      one.kind === 'assign'
        ? ({ event: 'assign', user: one.user, today: TODAY } as const)
        : one.kind === 'move'
          ? ({ event: 'move', folderId: one.folder, today: TODAY } as const)
          : one.kind === 'delete'
            ? ({ event: 'delete', today: TODAY, at: world.clock.now() } as const)
            : ({ event: one.kind } as const);
    return { outcome: (await admin.change(one.serial, event)) === undefined ? 'done' : 'refused' };
  };
  return { ...world, table, run };
}

/** The model after a command, and who was denied by it. */
type Moment = { readonly at: Instant; readonly licenses: ModelState['licenses']; readonly denied?: string };

const PATHS: Readonly<Record<string, string>> = { root: '', [FOLDER]: 'Finance', zOld: 'zOld' };
const POOLS = Object.keys(PATHS).flatMap((folder) =>
  (['dedicated', 'floating'] as const).map((type) => ({ folder, type })),
);

/** What was needed in a period, said as plainly as possible: every moment of it, and the one before it. */
function needed(moments: readonly Moment[], from: Instant, to: Instant) {
  const before = moments.findLast(({ at }) => at < from);
  const within = moments.filter(({ at }) => at >= from && at < to);
  const seen = [...(before === undefined ? [] : [before]), ...within];
  const denied = new Set(within.flatMap((one) => one.denied ?? []));
  return POOLS.flatMap(({ folder, type }) => {
    const most = (counts: (license: Moment['licenses'][string]) => boolean): number =>
      Math.max(
        0,
        ...seen.map(
          ({ licenses }) =>
            Object.values(licenses).filter((one) => one.folder === folder && one.type === type && counts(one)).length,
        ),
      );
    const inUse = most((one) => one.currentUser !== undefined);
    const refused = folder === FOLDER && type === 'floating' ? denied.size : 0;
    if (inUse + refused === 0) return [];
    const owned = most((one) => !one.deleted);
    return { folder: PATHS[folder], type, inUse, denied: refused, needed: inUse + refused, owned };
  });
}

type Counts = { readonly inUse: number; readonly denied: number; readonly needed: number; readonly owned: number };
type Needs = {
  readonly pools: readonly {
    readonly folder: string;
    readonly type: string;
    readonly periods: readonly (Counts & { readonly from: Instant })[];
  }[];
};

/** The answer by period, in the form of the model. */
function byPeriod({ pools }: Needs): Readonly<Record<Instant, readonly object[]>> {
  const rows = pools.flatMap(({ folder, type, periods: own }) =>
    own.map(({ from, inUse, denied, needed: sum, owned }) => ({
      from,
      row: { folder, type, inUse, denied, needed: sum, owned },
    })),
  );
  const grouped = Map.groupBy(rows, ({ from }) => from);
  return Object.fromEntries([...grouped].map(([from, some]) => [from, inOrder(some.map(({ row }) => row))]));
}

const inOrder = (rows: readonly object[]) =>
  rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

/** The beginnings of periods: no clock change falls into these days. */
function periods(first: Instant, last: Instant, length: number): readonly Instant[] {
  const begins: Instant[] = [];
  for (let from = first; from <= last; from = plus(from, length)) begins.push(from);
  return begins;
}

function expected(moments: readonly Moment[], first: Instant, last: Instant, length: number) {
  return Object.fromEntries(
    periods(first, last, length).flatMap((from) => {
      const needs = needed(moments, from, plus(from, length));
      return needs.length === 0 ? [] : [[from, inOrder(needs)]];
    }),
  );
}

const STATES = {
  inUse: (one: ModelState['licenses'][string]) => one.currentUser !== undefined && !one.releasing,
  releasing: (one: ModelState['licenses'][string]) => one.releasing === true,
  setAside: (one: ModelState['licenses'][string]) => one.currentUser === undefined && one.folder === 'zOld',
  assigned: (one: ModelState['licenses'][string]) =>
    one.currentUser === undefined && one.folder !== 'zOld' && one.assignedTo !== undefined,
  free: (one: ModelState['licenses'][string]) =>
    one.currentUser === undefined && one.folder !== 'zOld' && one.assignedTo === undefined,
};

function poolsOf(licenses: ModelState['licenses']) {
  return POOLS.flatMap(({ folder, type }) => {
    const own = Object.values(licenses).filter((one) => one.folder === folder && one.type === type && !one.deleted);
    const counts = Object.fromEntries(Object.entries(STATES).map(([name, is]) => [name, own.filter(is).length]));
    return own.length === 0 ? [] : { folder: PATHS[folder], type, owned: own.length, ...counts };
  });
}

describe('pools and needs of random histories', () => {
  it('agree with the plain model, in whatever order and however often the stream came, and also once days are kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.infiniteStream(fc.nat()),
        async (steps, order) => {
          const { table, tenant, clock, run, ask } = await aWorldWithHistory();
          const model: ModelState = { licenses: {}, cards: {}, now: 0, spared: [], late: [], moved: [] };
          for (const { serialNumber, type, folderId } of LICENSES) {
            model.licenses[serialNumber] = { type, folder: folderId };
          }
          const moments: Moment[] = [{ at: NOW, licenses: structuredClone(model.licenses) }];
          for (const one of steps) {
            clock.move(one.minutes * 60_000);
            model.now += one.minutes * 60_000;
            const answer = await run(one.command);
            expect(happens(model, one.command, answer)).toBe(true);
            const isDenied = answer.outcome === 'no-free-license' && 'user' in one.command;
            moments.push({
              at: clock.now(),
              licenses: structuredClone(model.licenses),
              ...(isDenied && 'user' in one.command ? { denied: one.command.user } : {}),
            });
          }

          const shuffled = [...table.records, ...table.records]
            .map((record) => ({ record, rank: order.next().value }))
            .toSorted((one, other) => one.rank - other.rank)
            .map(({ record }) => record);
          await recordHistory({ table, clock, keyedHash, log: () => {} }, shuffled);

          const pools = (await ask('get-pools')) as { pools: readonly object[] };
          expect(pools.pools).toHaveLength(poolsOf(model.licenses).length);
          expect(pools).toMatchObject({ pools: poolsOf(model.licenses) });

          const midnight = '2026-03-01T22:00:00.000Z';
          const to = dayIn(ZONE, clock.now());
          const days = expected(moments, midnight, clock.now(), DAY);
          const hours = expected(moments, midnight, clock.now(), HOUR);
          const answered = async (by: string) => byPeriod((await ask('get-needs', { by, from: TODAY, to })) as Needs);
          expect(await answered('day')).toEqual(days);
          expect(await answered('hour')).toEqual(hours);

          const tomorrow = dayAfter(to);
          clock.move(Date.parse(`${tomorrow}T03:00:00.000Z`) - Date.parse(clock.now()));
          await keepUsage({ table, clock }, tenant, tomorrow);
          expect(await answered('day'), 'kept').toEqual(days);
          const all = expected(moments, midnight, instantOf(Date.parse(`${to}T21:59:59.999Z`)), HOUR);
          expect(await answered('hour'), 'kept').toEqual(all);
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    );
  });
});
