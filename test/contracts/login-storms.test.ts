import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCostWorld, expectAtMost, FOLDER_KNOWN, FOLDER_UNKNOWN } from '../fakes/costs.ts';
import { aPool, overSubscribed, proveManyLoginsOfOneUser, proveOverSubscribed, users } from '../fakes/storms.ts';
import { aUserCard, aWorld, NOW, type WorldFacts } from '../fakes/world.ts';
import { type Engine, startEngine } from './real-table.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

/** Some ten seconds each where nothing else runs. */
const SLOW_MACHINE = 180_000;

/** Others go on at once: it is the engine that makes the order. */
const clock = { now: () => NOW, pause: () => new Promise<void>((resolve) => setImmediate(resolve)) };

async function aStorm(facts: WorldFacts, width: number) {
  const { table, items } = await engine.newTable();
  const { elsewhere } = await aWorld({ ...facts, table });
  return { table, items, width, loginOn: (watched: typeof table) => elsewhere({ table: watched, clock }).login };
}

describe('a login storm on the real engine', { timeout: SLOW_MACHINE }, () => {
  it('serves exactly 300 of 500 over the four steps, in their order, 64 at a time (R14, R21, F22, F35)', async () => {
    await proveOverSubscribed(await aStorm(overSubscribed(), 64));
  });

  it('gives 25 users with 20 logins each at once 25 licenses (R12, R21, F21)', async () => {
    const licenses = aPool(100, { folderId: 'finance' }, 'F');
    const cards = users(25).map((user) => aUserCard({ user }));

    await proveManyLoginsOfOneUser(await aStorm({ licenses, cards }, 64));
  });
});

describe('what an allocating login costs on the real engine', { timeout: SLOW_MACHINE }, () => {
  it.each([100, 10_000])(
    '2 rounds and 4 calls when the folder is known, 3 when it is not, with %i licenses',
    async (pool) => {
      const { counted } = await aCostWorld((await engine.newTable()).table, pool, 20);
      const memory = { cardHints: new Map(), vacancyHints: new Map() };

      for (const user of users(10)) expectAtMost(await counted(user, memory), FOLDER_UNKNOWN);
      for (const user of users(20).slice(10)) {
        memory.cardHints.set(`acme ${user}`, { folderId: 'finance', access: 'write' });
        expectAtMost(await counted(user, memory), FOLDER_KNOWN);
      }
      expect(memory.vacancyHints.size).toBe(1);
    },
  );
});
