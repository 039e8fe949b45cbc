import { afterAll, beforeAll } from 'vitest';
import { memoryTable } from '../fakes/memory-table.ts';
import { type Engine, startEngine } from './real-table.ts';
import { sessionsContract } from './sessions.contract.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

sessionsContract('in memory', async () => {
  const table = memoryTable();
  return { table, items: async () => table.items() };
});
sessionsContract('on the real engine', () => engine.newTable());
