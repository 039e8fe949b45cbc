import { afterAll, beforeAll } from 'vitest';
import { memoryTable } from '../fakes/memory-table.ts';
import { administerContract } from './administer.contract.ts';
import { type Engine, startEngine } from './real-table.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

administerContract('in memory', async () => {
  const table = memoryTable();
  return { table, items: async () => table.items() };
});
administerContract('on the real engine', () => engine.newTable());
