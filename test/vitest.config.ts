import { defineConfig } from 'vitest/config';

/** Nothing mocks a module, so the files of a worker share its modules, which loads each module once. */
const SHARED = { isolate: false, pool: 'threads' } as const;

/**
 * Files at a time, of `e2e` as well: each of its stacks is a process tree of its own, with its own folder and ports. By
 * itself vitest leaves one core to others, which on two cores means one file at a time.
 */
const LANES = 2;

/**
 * Five projects, one after another: `unit` is the developer's inner loop (rules and use cases on fakes); `simulation`
 * interleaves, crashes and mutates them; `contract` runs one suite on the fake and on the real engine; `infra`
 * synthesizes the stack once; `e2e` drives a whole local stack from outside.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    maxWorkers: LANES,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      project(
        0,
        'unit',
        'test/{administration,audit,aws,events,functions,history,imports,license-file,licensing,platform,renewals,sign-in,store}',
        120_000,
        SHARED,
      ),
      project(1, 'simulation', 'test/simulation', 300_000, SHARED),
      project(2, 'contract', 'test/contracts', 600_000),
      project(3, 'infra', 'test/infra', 600_000),
      project(4, 'e2e', 'test/e2e', 900_000),
    ],
  },
});

/** The bounds stop what hangs, far beyond what a test takes on a busy machine; none is a measure of speed. */
function project(groupOrder: number, name: string, folder: string, bound: number, more = {}) {
  const bounds = { testTimeout: bound, hookTimeout: bound };
  return {
    extends: true as const,
    test: { name, include: [`${folder}/**/*.test.ts`], sequence: { groupOrder }, ...bounds, ...more },
  };
}
