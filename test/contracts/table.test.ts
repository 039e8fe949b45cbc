import { afterAll, beforeAll } from 'vitest';
import { memoryTable } from '../fakes/memory-table.ts';
import { type Engine, startEngine } from './real-table.ts';
import { tableContract } from './table.contract.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

tableContract('in memory', async () => memoryTable());
tableContract('on the real engine', async () => (await engine.newTable()).table);
tableContract('on the real engine through the SDK', async () => (await engine.newTable()).throughSdk);
