import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../shared/platform/random.ts';
import { seededTurns, turnTakingClock } from '../fakes/interleaving.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aPool, overSubscribed, proveManyLoginsOfOneUser, proveOverSubscribed, users } from '../fakes/storms.ts';
import { aUserCard, aWorld, type WorldFacts } from '../fakes/world.ts';
import { interleavedTable } from '../fakes/wrapped-table.ts';

/** A world in memory in which anybody may come in between at each call, in an order that the seed decides. */
async function aStorm(facts: WorldFacts, seed: number, width: number) {
  const table = memoryTable();
  const { elsewhere, clock } = await aWorld({ ...facts, table, seed });
  const nextTurn = seededTurns(seededRandom(seed));
  return {
    table,
    width,
    items: async () => table.items(),
    loginOn: (watched: typeof table | Parameters<typeof interleavedTable>[0]) =>
      elsewhere({ table: interleavedTable(watched, nextTurn), clock: turnTakingClock(clock, nextTurn) }).login,
  };
}

describe('a login storm', () => {
  it.each([
    [1, 64],
    [2, 8],
    [3, 500],
  ])(
    'serves exactly 300 of 500 over the four steps, in their order (R14, R21, F22, F35), seed %i, %i at a time',
    async (seed, width) => {
      const receipts = await proveOverSubscribed(await aStorm(overSubscribed(), seed, width));

      const byStep = Map.groupBy(receipts, ({ step = 'none' }) => step);
      expect([...byStep].map(([step, own]) => [step, own.length]).toSorted()).toEqual([
        ['dedicated-in-folder', 60],
        ['dedicated-in-root', 40],
        ['floating-in-folder', 120],
        ['floating-in-root', 80],
        ['none', 200],
      ]);
    },
  );

  it.each([1, 2])('gives 25 users with 20 logins each at once 25 licenses (R12, R21, F21), seed %i', async (seed) => {
    const cards = users(25).map((user) => aUserCard({ user }));
    const licenses = aPool(100, { folderId: 'finance' }, 'F');

    await proveManyLoginsOfOneUser(await aStorm({ licenses, cards }, seed, 64));
  });

  it('gives new users a card and a license each, however they race (R11)', async () => {
    await proveManyLoginsOfOneUser(await aStorm({ licenses: aPool(30, {}, 'F') }, 4, 500));
  });
});
