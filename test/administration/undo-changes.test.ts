import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LicenseChange } from '../../shared/administration/administer-request.ts';
import { CHANGING_MEMBERS, type License } from '../../shared/licensing/license/license.ts';
import { withoutCommands } from '../fakes/command-entries.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';

type Result = { serialNumber: string; done: boolean; version: number; undo?: LicenseChange; error?: object };
type Answer = { results: Result[] };

const TERM = { validFrom: '2026-01-15', expiresOn: '2027-01-14' };
const noteOf = ({ type, access, modules, folderId }: License) => ({ type, access, modules, folderId, ...TERM });

/** Licenses in every state that an administrator's change can meet. */
const LICENSES = [
  aLicense({ serialNumber: 'FREE', type: 'dedicated', folderId: 'finance' }),
  aLicense({ serialNumber: 'OF-ADA', type: 'dedicated', folderId: 'sales', assignedTo: 'ada' }),
  aLicense({ serialNumber: 'OF-BOB', type: 'dedicated', folderId: 'helsinki', assignedTo: 'bob' }),
  aLicense({ serialNumber: 'FLOATING', folderId: 'sales' }),
  aLicense({ serialNumber: 'IN-USE', type: 'dedicated', assignedTo: 'cyd', currentUser: 'cyd', since: NOW }),
  aLicense({ serialNumber: 'IN-ZOLD', type: 'dedicated', folderId: 'zOld', setAsideOn: '2026-02-01' }),
  aLicense({ serialNumber: 'HELD', type: 'dedicated', heldBackFor: 'r9' }),
  aLicense({ serialNumber: 'GONE', type: 'dedicated', folderId: 'sales', deletedAt: '2026-02-01T10:00:00.000Z' }),
  aLicense({ serialNumber: 'OVER', type: 'dedicated', assignedTo: 'ada', expiresOn: '2026-02-01' }),
];

const named = (serialNumber: string): License => LICENSES.find((one) => one.serialNumber === serialNumber)!;
const CARDS = [
  aUserCard({
    user: 'ada',
    assigned: { 'OF-ADA': noteOf(named('OF-ADA')), OVER: { ...noteOf(named('OVER')), expiresOn: '2026-02-01' } },
  }),
  aUserCard({ user: 'bob', assigned: { 'OF-BOB': noteOf(named('OF-BOB')) } }),
  aUserCard({
    user: 'cyd',
    assigned: { 'IN-USE': noteOf(named('IN-USE')) },
    current: { serialNumber: 'IN-USE', ...noteOf(named('IN-USE')) },
    sessions: { s1: { started: NOW, lastSeen: NOW } },
  }),
];

async function aWorldOfStates() {
  const table = memoryTable();
  /** The items, without the entries that refused commands leave as well. */
  const items = () => withoutCommands(table.items());
  return { ...(await aCommandWorld({ licenses: LICENSES, cards: CARDS, table })), items };
}

const SERIALS = [...LICENSES.map(({ serialNumber }) => serialNumber), 'NOBODY'];

const someChange: fc.Arbitrary<LicenseChange> = fc.oneof(
  fc.record({
    action: fc.constant('assign' as const),
    user: fc.constantFrom('ada', 'bob', 'cyd', 'nobody'),
    several: fc.boolean(),
  }),
  fc.record({ action: fc.constant('move' as const), folder: fc.constantFrom('', 'Sales', 'Finance', 'zOld', 'No') }),
  fc.record({ action: fc.constantFrom('release' as const, 'delete' as const, 'restore' as const) }),
);

/** Changes of some of the licenses, each its own. */
const someChanges = fc
  .shuffledSubarray(SERIALS, { minLength: 1 })
  .chain((serials) =>
    fc.tuple(
      ...serials.map((serialNumber) => fc.record({ serialNumber: fc.constant(serialNumber), change: someChange })),
    ),
  );

/** The facts of all licenses, without the day of a move into zOld and the time of a deletion. */
async function factsOf({ license }: Pick<Awaited<ReturnType<typeof aWorldOfStates>>, 'license'>) {
  const found = await Promise.all(LICENSES.map(({ serialNumber }) => license(serialNumber)));
  return found.map((one) => [
    one.serialNumber,
    CHANGING_MEMBERS.map((member) =>
      member === 'setAsideOn' || member === 'deletedAt' ? one[member] !== undefined : one[member],
    ),
  ]);
}

const undoing = ({ results }: Answer) =>
  results.flatMap(({ serialNumber, version: expectedVersion, undo: change }) =>
    change === undefined ? [] : [{ serialNumber, expectedVersion, change }],
  );

describe('a list of differing changes', () => {
  it('makes each change of its own license, although some are refused', async () => {
    const { ask, license, expectSound } = await aWorldOfStates();

    const answer = await ask('change-licenses', {
      changes: [
        { serialNumber: 'FREE', change: { action: 'assign', user: 'ada' } },
        { serialNumber: 'OF-ADA', expectedVersion: 1, change: { action: 'release' } },
        { serialNumber: 'OF-BOB', expectedVersion: 7, change: { action: 'release' } },
        { serialNumber: 'FLOATING', change: { action: 'move', folder: 'Nowhere' } },
        { serialNumber: 'GONE', change: { action: 'restore' } },
        { serialNumber: 'NOBODY', change: { action: 'delete' } },
      ],
    });

    expect(answer).toEqual({
      results: [
        { serialNumber: 'FREE', done: true, version: 2, undo: { action: 'release' } },
        {
          serialNumber: 'OF-ADA',
          done: true,
          version: 2,
          undo: { action: 'assign', user: 'ada', several: true },
        },
        { serialNumber: 'OF-BOB', done: false, ...refusal('stale-version', { version: 1 }) },
        { serialNumber: 'FLOATING', done: false, ...refusal('unknown-folder') },
        { serialNumber: 'GONE', done: true, version: 2, undo: { action: 'delete' } },
        { serialNumber: 'NOBODY', done: false, ...refusal('unknown-license') },
      ],
    });
    expect(await license('FREE')).toMatchObject({ assignedTo: 'ada' });
    expect(await license('OF-ADA')).not.toHaveProperty('assignedTo');
    await expectSound();
  });

  it.each([
    ['a license twice', { changes: [1, 2].map(() => ({ serialNumber: 'FREE', change: { action: 'release' } })) }],
    [
      'one change for all beside it',
      { changes: [{ serialNumber: 'FREE', change: { action: 'release' } }], change: { action: 'release' } },
    ],
    ['a filter beside it', { changes: [{ serialNumber: 'FREE', change: { action: 'release' } }], filter: {} }],
    ['no license', { changes: [] }],
  ])('is refused as a whole with %s', async (_, members) => {
    const { ask, license } = await aWorldOfStates();

    expect(await ask('change-licenses', members)).toMatchObject(refusal('invalid-request'));
    expect((await license('FREE')).version).toBe(1);
  });

  it('gets in a preview the result that it then has, license by license', async () => {
    await fc.assert(
      fc.asyncProperty(someChanges, async (changes) => {
        const { ask, items, expectSound } = await aWorldOfStates();
        const before = JSON.stringify(items());

        const { results: previewed, count } = (await ask('change-licenses', { changes, preview: true })) as Answer & {
          count: number;
        };
        expect(JSON.stringify(items())).toBe(before);
        const { results } = (await ask('change-licenses', { changes })) as Answer;

        expect(previewed).toEqual(results);
        expect(count).toBe(changes.length);
        await expectSound();
      }),
      { numRuns: 60 },
    );
  });
});

describe('the undo of a bulk change', () => {
  it('makes each license what it was, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(someChanges, async (changes) => {
        const world = await aWorldOfStates();
        const before = await factsOf(world);

        const changed = (await world.ask('change-licenses', { changes })) as Answer;
        const undone = undoing(changed);
        const answer = undone.length > 0 ? await world.ask('change-licenses', { changes: undone }) : { results: [] };

        expect((answer as Answer).results.filter(({ done }) => !done)).toEqual([]);
        // Licenses that were changed in a way that no single change undoes.
        const lost = changed.results.flatMap(({ serialNumber, done, version, undo }) =>
          done && version > 1 && undo === undefined ? [serialNumber] : [],
        );
        const kept = ([serialNumber]: readonly unknown[]) => !lost.some((one) => one === serialNumber);
        expect((await factsOf(world)).filter(kept)).toEqual(before.filter(kept));
        await world.expectSound();
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a move from many folders', { change: { action: 'move', folder: 'Finance' }, filter: { type: 'dedicated' } }],
    ['a release of every license', { change: { action: 'release' }, filter: {}, everything: true }],
    ['a deletion', { change: { action: 'delete' }, filter: { folder: 'Finance' } }],
    [
      'an assignment that takes licenses from others',
      { change: { action: 'assign', user: 'bob', several: true }, filter: { folder: 'Sales' } },
    ],
  ])('exists for %s', async (_, request) => {
    const world = await aWorldOfStates();
    const before = await factsOf(world);

    const changed = (await world.ask('change-licenses', request)) as Answer;
    expect(await factsOf(world)).not.toEqual(before);
    const changes = undoing(changed);
    await world.ask('change-licenses', { changes });

    const expired = (facts: unknown[]) => facts[0] !== 'OVER';
    expect((await factsOf(world)).filter(expired)).toEqual(before.filter(expired));
  });

  it('refuses a license that somebody has changed since, and undoes the others', async () => {
    const { ask, license } = await aWorldOfStates();
    const changed = (await ask('change-licenses', {
      change: { action: 'move', folder: 'Finance' },
      licenses: [{ serialNumber: 'OF-ADA' }, { serialNumber: 'FLOATING' }],
    })) as Answer;
    await ask('move-license', { serialNumber: 'FLOATING', folder: 'Finance/Helsinki' });

    expect(await ask('change-licenses', { changes: undoing(changed) })).toMatchObject({
      results: [
        { serialNumber: 'OF-ADA', done: true },
        { serialNumber: 'FLOATING', done: false, ...refusal('stale-version', { version: 3 }) },
      ],
    });
    expect([(await license('OF-ADA')).folderId, (await license('FLOATING')).folderId]).toEqual(['sales', 'helsinki']);
  });

  it.each([
    ['what was not changed', 'FREE', { action: 'release' }],
    ['an expired license, which nobody can be assigned', 'OVER', { action: 'release' }],
    ['a deletion from zOld, since a restored license goes to the root', 'IN-ZOLD', { action: 'delete' }],
  ])('is not offered for %s', async (_, serialNumber, change) => {
    const { ask } = await aWorldOfStates();

    const answer = (await ask('change-licenses', { changes: [{ serialNumber, change }] })) as Answer;

    expect(answer.results).toEqual([{ serialNumber, done: true, version: expect.any(Number) }]);
  });
});
