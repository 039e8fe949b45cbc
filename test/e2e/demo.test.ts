import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { callersOf, PATIENCE_MS } from './license-service/callers.ts';
import { emptyDir } from './license-service/killable-stack.ts';
import { runProgram } from './license-service/run-program.ts';

/** Less than the test's own bound, so that what it said is told. */
const MOST_MS = 600_000;

const demo = (folder: string) =>
  runProgram(process.execPath, [join(import.meta.dirname, '../../infra/local/demo.ts')], { folder, withinMs: MOST_MS });

test('the demo tells the story of a year, checks each fact, and leaves nothing behind', async () => {
  const { exitCode, said, seconds, left } = await demo(emptyDir());

  expect(exitCode, said).toBe(0);
  expect(said.match(/^ {2}✓ .+$/gm)?.length).toBeGreaterThan(20);
  expect(said).toContain('a day later, after his logout, zOld is empty');
  expect(said.trimEnd().split('\n').at(-1)).toContain('Every fact above was checked.');
  expect(left).toEqual([]);
  process.stdout.write(`the demo took ${seconds.toFixed(1)} s\n`);
});

test('the demo ends with exit code 1 at the first false fact, here when somebody else takes a license', async () => {
  const folder = emptyDir();
  const running = demo(folder);

  const [addresses] = await vi.waitFor(
    () => {
      const found = globSync(`${folder}/*/endpoints.json`).filter(existsSync);
      expect(found).toHaveLength(1);
      return found;
    },
    { timeout: PATIENCE_MS, interval: 10 },
  );
  const callers = callersOf(JSON.parse(readFileSync(addresses!, 'utf8')));
  await vi.waitFor(async () => expect(await callers.now()).toMatch(/^2026-01-08/), {
    timeout: PATIENCE_MS,
    interval: 10,
  });
  await vi.waitFor(
    async () => expect(await callers.of('acme').login('mallory')).toMatchObject({ outcome: 'allocated' }),
    { timeout: PATIENCE_MS, interval: 10 },
  );

  const { exitCode, said } = await running;
  callers.close();
  expect(exitCode, said).toBe(1);
  expect(said).toContain('✓ the report beside the upload says: accepted');
  expect(said).toMatch(/AssertionError.*not as told: /);
  expect(said).not.toContain('Every fact above was checked.');
});
