import { expect, test } from 'vitest';
import { lanesOf, lifeOf, MOST_LANES } from '../../../../functions/console/app/history/life.ts';

type Entry = Parameters<typeof lifeOf>[0][number];
type Facts = Entry['after'];

const FREE: Facts = { folder: 'Sales', validFrom: '2026-01-01', expiresOn: '2026-12-31' };
const USED = { currentUser: 'ada', since: '2026-05-03T11:03:00.000Z' };
const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
const FRAME = { from: startOf('2026-03-01'), to: startOf('2026-09-01'), startOf };

/** Changes on the given days, each from what the one before it left. */
function changes(before: Facts | undefined, ...states: readonly (readonly [day: string, after: Facts])[]): Entry[] {
  return states.map(([day, after], index) => {
    const earlier = index === 0 ? before : states[index - 1]?.[1];
    return {
      kind: 'license',
      actor: 'grace',
      cause: 'test',
      at: `${day}T00:00:00.000Z`,
      serialNumber: 'D1',
      type: 'dedicated',
      access: 'write',
      modules: 'all',
      version: index + 1,
      ...(earlier && { before: earlier }),
      after,
    };
  });
}

const told = (entries: readonly Entry[], frame: Partial<Parameters<typeof lifeOf>[1]> = {}) =>
  lifeOf(entries, { ...FRAME, ...frame }).map(({ from, to, state, user }) =>
    [new Date(from), new Date(to)]
      .map((one) => one.toISOString().slice(5, 10))
      .concat(state, user ?? [])
      .join(' '),
  );

test.each<[string, Facts, string]>([
  ['free', FREE, 'free'],
  ['assigned', { ...FREE, assignedTo: 'ada' }, 'assigned ada'],
  ['in use', { ...FREE, assignedTo: 'ada', ...USED }, 'in-use ada'],
  ['in use by another than its owner', { ...FREE, assignedTo: 'bob', ...USED }, 'in-use ada'],
  ['in use in zOld', { ...FREE, folder: 'zOld', ...USED }, 'in-use ada'],
  ['held back', { ...FREE, heldBackFor: 'r1' }, 'held-back'],
  ['set aside', { ...FREE, folder: 'zOld', assignedTo: 'ada' }, 'set-aside ada'],
  ['deleted', { ...FREE, folder: 'zOld', deletedAt: '2026-04-01T00:00:00.000Z' }, 'deleted'],
  ['before its term', { ...FREE, validFrom: '2027-01-01' }, 'not-yet-valid'],
  ['after its term', { ...FREE, assignedTo: 'ada', expiresOn: '2026-02-01' }, 'expired ada'],
  ['in use after its term', { ...FREE, ...USED, expiresOn: '2026-02-01' }, 'in-use ada'],
])('a license that is %s is shown so from its change until now', (_, facts, state) => {
  expect(told(changes(undefined, ['2026-04-01', facts]))).toEqual([`04-01 09-01 ${state}`]);
});

test('a life is told in the order of the versions, and a change that changes nothing of it does not part it', () => {
  const owned = { ...FREE, assignedTo: 'ada' };
  const entries = changes(
    undefined,
    ['2026-04-01', FREE],
    ['2026-04-05', owned],
    ['2026-04-07', { ...owned, folder: 'Finance' }],
    ['2026-04-09', { ...owned, ...USED }],
    ['2026-04-20', FREE],
  );

  expect(told(entries.toReversed())).toEqual([
    '04-01 04-05 free',
    '04-05 04-09 assigned ada',
    '04-09 04-20 in-use ada',
    '04-20 09-01 free',
  ]);
});

test('the term begins and ends within a life', () => {
  const facts = { ...FREE, validFrom: '2026-05-01', expiresOn: '2026-07-31' };

  expect(told(changes(undefined, ['2026-04-01', facts]))).toEqual([
    '04-01 05-01 not-yet-valid',
    '05-01 08-01 free',
    '08-01 09-01 expired',
  ]);
});

test('what was before the first known change is shown as far as the frame goes', () => {
  const entries = changes({ ...FREE, assignedTo: 'ada' }, ['2026-04-01', FREE]);

  expect(told(entries)).toEqual(['03-01 04-01 assigned ada', '04-01 09-01 free']);
});

test('of a user, only what the user had is shown', () => {
  const entries = changes(
    undefined,
    ['2026-04-01', { ...FREE, assignedTo: 'bob' }],
    ['2026-04-05', { ...FREE, assignedTo: 'ada' }],
    ['2026-04-09', { ...FREE, assignedTo: 'ada', currentUser: 'bob', since: USED.since }],
    ['2026-04-20', { ...FREE, folder: 'zOld', assignedTo: 'ada' }],
    ['2026-05-01', { ...FREE, ...USED }],
    ['2026-05-04', { ...FREE, heldBackFor: 'r1' }],
  );

  expect(told(entries, { holder: 'ada' })).toEqual(['04-05 04-20 assigned ada', '05-01 05-04 in-use ada']);
  expect(told(entries, { holder: 'cyd' })).toEqual([]);
});

test('of many licenses, those that were changed last have a lane each, and the others are counted', () => {
  const [entry] = changes(undefined, ['2026-04-01', { ...FREE, assignedTo: 'ada' }]);
  const names = Array.from({ length: MOST_LANES + 3 }, (_, index) => `D${index}`);
  const entries = ['not hers', ...names].map(
    (serialNumber, index): Entry => ({
      ...entry!,
      serialNumber,
      ...(index === 0 && { after: FREE }),
    }),
  );

  const { lanes, others } = lanesOf(entries, { ...FRAME, holder: 'ada' });

  expect(lanes.map(({ name }) => name)).toEqual(names.slice(0, MOST_LANES));
  expect(others).toBe(3);
  expect(lanesOf(entries.slice(0, 3), { ...FRAME, holder: 'ada' })).toMatchObject({ lanes: { length: 2 }, others: 0 });
});
