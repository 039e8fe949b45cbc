import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { readAsOf, readPersonAsOf } from '../../shared/history/read-entries.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import { administrator } from '../fakes/administrator.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aLicense, aUserCard, aWorld, keyedHash } from '../fakes/world.ts';
import { type Answer, type Command, FOLDER, happens, type ModelLicense, type ModelState } from './reference-model.ts';

const USERS = ['ada', 'bob', 'cyd'];
const LICENSES = [
  aLicense({ serialNumber: 'F1', folderId: FOLDER }),
  aLicense({ serialNumber: 'F2' }),
  aLicense({ serialNumber: 'D1', type: 'dedicated', folderId: FOLDER }),
];
const MINUTE = 60_000;

const user = fc.constantFrom(...USERS);
const session = fc.constantFrom('s1', 's2');
const serial = fc.constantFrom(...LICENSES.map(({ serialNumber }) => serialNumber));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('login'), user, session }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('logout'), user }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('release', 'delete', 'restore'), serial }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('assign'), serial, user }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move'), serial, folder: fc.constantFrom(FOLDER, 'root', 'zOld') }),
  },
);

async function aWorldWithHistory() {
  const table = streamedTable();
  const world = await aWorld({ table, licenses: LICENSES, cards: USERS.map((one) => aUserCard({ user: one })) });
  const admin = administrator(table, undefined, '2026-03-02', world.clock.now);
  const run = async (one: Command): Promise<Answer> => {
    if (one.kind === 'login') {
      const { outcome, reason, license, step } = await world.login(one.user, one);
      return { outcome: reason ?? outcome, ...(license && { serial: license.serialNumber }), ...(step && { step }) };
    }
    if (one.kind === 'logout') return world.logout(one.user).then(() => ({ outcome: 'done' }));
    if (!('serial' in one) || one.kind === 'import') throw new Error(`not part of this history: ${one.kind}`);
    const today = '2026-03-02';
    const event =
      one.kind === 'assign'
        ? ({ event: 'assign', user: one.user, today } as const)
        : one.kind === 'move'
          ? ({ event: 'move', folderId: one.folder, today } as const)
          : one.kind === 'delete'
            ? ({ event: 'delete', today, at: world.clock.now() } as const)
            : ({ event: one.kind } as const);
    return { outcome: (await admin.change(one.serial, event)) === undefined ? 'done' : 'refused' };
  };
  return { ...world, table, run };
}

const factsOf = ({ type: _, ...facts }: ModelLicense) => facts;

describe('the history of random commands', () => {
  it('equals the simple model at every moment, in whatever order and however often the stream is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 1, maxLength: 25 }),
        fc.infiniteStream(fc.nat()),
        async (commands, order) => {
          const { table, clock, run, deps } = await aWorldWithHistory();
          const { ask } = asAdministrator(deps);
          const model: ModelState = { licenses: {}, cards: {}, now: 0, spared: [], late: [], moved: [] };
          for (const { serialNumber, type, folderId } of LICENSES) {
            model.licenses[serialNumber] = { type, folder: folderId };
          }
          const moments: { readonly at: Instant; readonly licenses: ModelState['licenses'] }[] = [];
          for (const one of commands) {
            clock.move(MINUTE);
            model.now += MINUTE;
            expect(happens(model, one, await run(one))).toBe(true);
            moments.push({ at: clock.now(), licenses: structuredClone(model.licenses) });
          }

          const records = [...table.records, ...table.records];
          const shuffled = records
            .map((record) => ({ record, rank: order.next().value }))
            .toSorted((one, other) => one.rank - other.rank)
            .map(({ record }) => record);
          expect(await recordHistory({ table, clock, keyedHash, log: () => {} }, shuffled)).toEqual({
            batchItemFailures: [],
          });

          for (const { at, licenses } of moments) {
            for (const [serialNumber, license] of Object.entries(licenses)) {
              const found = await readAsOf(table, 'acme', serialNumber, at);
              const { folderId, assignedTo, currentUser, releasing, deletedAt } = found!.after;
              expect(
                {
                  folder: folderId,
                  ...(assignedTo && { assignedTo }),
                  ...(currentUser && { currentUser }),
                  ...(releasing && { releasing }),
                  ...(deletedAt && { deleted: true }),
                },
                `${serialNumber} at ${at}`,
              ).toEqual(factsOf(license));
            }
            const such = (is: (license: ModelLicense) => boolean) =>
              Object.keys(licenses).filter((serialNumber) => is(licenses[serialNumber]!));
            for (const one of USERS) {
              const held = await readPersonAsOf(table, 'acme', one, at);
              expect(held.map(({ serialNumber }) => serialNumber).toSorted(), `${one} at ${at}`).toEqual(
                such(({ assignedTo, currentUser }) => assignedTo === one || currentUser === one).toSorted(),
              );
            }
            const there = (await ask('list-folder-as-of', { folder: '', at })) as {
              licenses: { serialNumber: string }[];
            };
            expect(there.licenses.map(({ serialNumber }) => serialNumber).toSorted(), `the root at ${at}`).toEqual(
              such(({ folder, deleted }) => folder === 'root' && !deleted).toSorted(),
            );
          }
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 100) },
    );
  });
});
