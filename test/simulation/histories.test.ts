import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importUpload } from '../../shared/imports/import-upload.ts';
import { defined } from '../../shared/licensing/defined.ts';
import type { Item } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { endIdleSessions } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { administrator } from '../fakes/administrator.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { seededTurns, turnTakingClock } from '../fakes/interleaving.ts';
import { violationsOf } from '../fakes/invariants.ts';
import { licenseXml } from '../fakes/license-file.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { interleavedTable } from '../fakes/wrapped-table.ts';
import { type Answer, type Command, FOLDER, happens, isFree, type ModelState } from './reference-model.ts';

const USERS = ['ada', 'bob', 'cyd'];
const LICENSES = [
  aLicense({ serialNumber: 'F1', folderId: FOLDER }),
  aLicense({ serialNumber: 'F2' }),
  aLicense({ serialNumber: 'D1', type: 'dedicated', folderId: FOLDER }),
  aLicense({ serialNumber: 'D2', type: 'dedicated' }),
];
const HOUR = 3_600_000;

/** Commands that come in at once, after so many hours of peace. */
type Moment = { readonly hours: number; readonly commands: readonly Command[] };

const user = fc.constantFrom(...USERS);
const session = fc.constantFrom('s1', 's2');
const serial = fc.constantFrom(...LICENSES.map(({ serialNumber }) => serialNumber), 'N1');
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('login', 'activity'), user, session }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('logout'), user, session }, { requiredKeys: ['kind', 'user'] }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' } as const) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('release', 'delete', 'restore'), serial }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('import'), serial: fc.constant('N1') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('assign'), serial, user }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move'), serial, folder: fc.constantFrom(FOLDER, 'root', 'zOld') }),
  },
);
const moment: fc.Arbitrary<Moment> = fc.record({
  hours: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(4, 9) }),
  commands: fc.array(command, { minLength: 1, maxLength: 3 }),
});

/** A tenant whose every write is checked, and the commands as the service does them; all stop at every call. */
async function aWorldOf(seed: number) {
  const world = await anImportWorld({ licenses: LICENSES, cards: USERS.map((one) => aUserCard({ user: one })), seed });
  const nextTurn = seededTurns(seededRandom(seed));
  const clock = turnTakingClock(world.clock, nextTurn);
  const broken: string[] = [];
  const checked = {
    ...world.table,
    write: async (writes: Parameters<typeof world.table.write>[0]) => {
      const answer = await world.table.write(writes);
      if (answer.done) broken.push(...violationsOf(world.table.items(), '2026-03-02', 8 * HOUR));
      return answer;
    },
  };
  const table = interleavedTable(checked, nextTurn);
  const { login, logout } = world.elsewhere({ table, clock });
  const admin = administrator(table, () => nextTurn('administrator pauses'));

  const run = async (one: Command): Promise<Answer> => {
    switch (one.kind) {
      case 'login':
      case 'activity': {
        const receipt = await login(one.user, one);
        const { outcome, reason, license, step } = receipt;
        return defined({
          outcome: reason ?? outcome,
          ...(license === undefined ? {} : { serial: license.serialNumber }),
          step,
        });
      }
      case 'logout':
        await logout(one.user, one.session);
        return { outcome: 'done' };
      case 'sweep':
        await endIdleSessions({ ...world.deps, table, clock });
        return { outcome: 'done' };
      case 'import': {
        const bytes = new TextEncoder().encode(licenseXml({ licenses: [{ serialNumber: one.serial }] }));
        const uploaded = world.upload(`${one.serial}.xml`, bytes);
        await importUpload({ ...world.deps, table, clock }, { ...uploaded, tenant: 'acme' });
        return { outcome: 'done' };
      }
      default: {
        const today = '2026-03-02';
        if ((await table.get({ pk: `L#acme#${one.serial}`, sk: 'LICENSE' })) === undefined)
          return { outcome: 'refused' };
        const event =
          one.kind === 'assign'
            ? ({ event: 'assign', user: one.user, today } as const)
            : one.kind === 'move'
              ? ({ event: 'move', folderId: one.folder, today } as const)
              : one.kind === 'delete'
                ? ({ event: 'delete', today, at: clock.now() } as const)
                : ({ event: one.kind } as const);
        return { outcome: (await admin.change(one.serial, event)) === undefined ? 'done' : 'refused' };
      }
    }
  };
  return { ...world, run, broken };
}

/** Idle sessions may end at any moment: a login that is beaten to the last license takes them back as well. */
const BY_ITSELF = { one: { kind: 'sweep' }, answer: { outcome: 'done' } } as const;

const begin = (): ModelState => ({
  licenses: Object.fromEntries(
    LICENSES.map(({ serialNumber, type, folderId }) => [serialNumber, { type, folder: folderId }]),
  ),
  cards: {},
  now: 0,
  spared: [],
  late: [],
  moved: [],
});

/** What model and table must agree on, as text. */
function stateOfModel({ licenses, cards }: ModelState): string {
  return told(
    Object.entries(licenses).map(([name, { type: _, ...facts }]) => [name, facts]),
    Object.entries(cards).map(([name, { sessions }]) => [name, Object.keys(sessions)]),
  );
}

function stateOfTable(items: readonly Item[]): string {
  const licenses = items.filter(({ sk }) => sk === 'LICENSE');
  const cards = items.filter((item) => item.sk === 'CARD' && 'folderId' in item);
  return told(
    licenses.map(({ serialNumber, folderId, assignedTo, currentUser, releasing, deletedAt }) => [
      `${serialNumber}`,
      { folder: folderId, assignedTo, currentUser, releasing, ...(deletedAt === undefined ? {} : { deleted: true }) },
    ]),
    cards.map(({ user: name, sessions }) => [`${name}`, Object.keys(sessions as object).map((key) => key.slice(2))]),
  );
}

function told(licenses: readonly [string, object][], cards: readonly [string, readonly string[]][]): string {
  const facts = licenses.map(
    ([name, one]) =>
      `${name} ${Object.entries(one)
        .flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}`))
        .toSorted()}`,
  );
  const sessions = cards.flatMap(([name, open]) => (open.length === 0 ? [] : `${name} ${open.toSorted()}`));
  return [...facts.toSorted(), ...sessions.toSorted()].join('\n');
}

function ordersOf<Entry>(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  if (entries.length < 2) return [entries];
  return entries.flatMap((one, index) => ordersOf(entries.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

function notFree({ licenses }: ModelState): readonly string[] {
  return LICENSES.map(({ serialNumber }) => serialNumber).filter((name) => !isFree(licenses[name]!));
}

function subsetsOf<Entry>([first, ...rest]: readonly Entry[]): readonly (readonly Entry[])[] {
  if (first === undefined) return [[]];
  return subsetsOf(rest).flatMap((some) => [some, [first, ...some]]);
}

/** Leaves out the states that differ only in what is computed again for each moment. */
function different(models: readonly ModelState[]): ModelState[] {
  const plain = models.map((model) => ({ ...model, spared: [], late: [], moved: [] }));
  return [...new Map(plain.map((model) => [JSON.stringify(model), model])).values()];
}

describe('random histories', () => {
  it('equal the simple model in some order of the concurrent calls, and no write leaves a contradiction', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 8 }), fc.nat(), async (moments, seed) => {
        const world = await aWorldOf(seed);
        // More than one where the order of what came in at once does not show yet.
        let models = [begin()];
        for (const { hours, commands } of moments) {
          world.clock.move(hours * HOUR + 1_000);
          for (const model of models) model.now += hours * HOUR + 1_000;

          const answers = await Promise.all(commands.map(world.run));

          expect(world.broken).toEqual([]);
          const found = stateOfTable(world.table.items());
          const steps = commands.map((one, index) => ({ one, answer: answers[index]! }));
          const moved = commands.flatMap((one) => (one.kind === 'move' ? [one.serial] : []));
          const spared = commands.length > 1 ? subsetsOf(USERS) : [[]];
          const from = stateOfModel(models[0]!);
          const explained = [steps, [...steps, BY_ITSELF]].flatMap(ordersOf).flatMap((order) =>
            spared.flatMap((some) =>
              models.flatMap((model) => {
                const late = commands.length > 1 ? notFree(model) : [];
                const next = { ...structuredClone(model), spared: some, late, moved };
                const isAllowed = order.every(({ one, answer }) => happens(next, one, answer));
                return isAllowed && stateOfModel(next) === found ? [next] : [];
              }),
            ),
          );
          expect(
            explained.length,
            `no order explains ${JSON.stringify({ commands, answers })}\nfrom\n${from}\nto\n${found}`,
          ).toBeGreaterThan(0);
          models = different(explained);
        }
      }),
      {
        numRuns: Number(process.env['RUNS'] ?? 150),
        ...(process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }),
      },
    );
  });
});
