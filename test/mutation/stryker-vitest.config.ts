import { defineConfig } from 'vitest/config';

/**
 * The inner loop's tests for Stryker, whose runner takes no projects: those of the rules, and those that use them most.
 */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/{licensing,identity,store,sessions,administration,functions}/**/*.test.ts'],
    isolate: false,
    testTimeout: 10_000,
    pool: 'threads',
  },
});
