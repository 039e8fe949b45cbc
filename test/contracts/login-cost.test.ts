import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCostWorld, expectAtMost, FOLDER_KNOWN, FOLDER_UNKNOWN } from '../fakes/cost-world.ts';
import { users } from '../fakes/storms.ts';
import { type Engine, startEngine } from './real-table.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

describe('what an allocating login costs on the real engine', () => {
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
