import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../shared/licensing/defined.ts';
import { type Figures, type RunFacts, s1, s2, s3, s5, s6, s7, s8 } from '../simulation/scenarios.ts';
import { seeds } from '../simulation/seeds.ts';
import { engineTestbed } from './engine-testbed.ts';
import { type Engine, startEngine } from './real-table.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

type Storm = {
  readonly name: string;
  readonly run: (facts: RunFacts) => Promise<Figures>;
  readonly width?: number;
  /** Logins that are given a license: that many, and nobody has given up. */
  readonly allocated?: number;
  /** How many times slower than real time the service's clock goes: 1 unless all must be served. */
  readonly slowness?: number;
};

const SLOW = 50;

const STORMS: readonly Storm[] = [
  { name: 'S1, 8 at a time', run: s1, width: 8, allocated: 500, slowness: SLOW },
  { name: 'S2, 64 at a time', run: s2, width: 64, allocated: 300, slowness: SLOW },
  { name: 'S3: 25 users, 20 logins each at once', run: s3, width: 64, allocated: 25, slowness: SLOW },
  { name: 'S4: S1 with all 500 at once', run: s1, width: 500, allocated: 500, slowness: SLOW },
  { name: 'S5: churn, 80 users on 70 licenses', run: (facts) => s5({ ...facts, seconds: 2 }) },
  { name: 'S6: S2 beside an administrator', run: s6, width: 64, slowness: SLOW },
  { name: 'S7: S2 with logouts, late logins and the idle sweep', run: s7, width: 64 },
  {
    name: 'S8: S2 beside an import and a renewal',
    run: (facts) => s8({ ...facts, imported: 500 }),
    width: 8,
    slowness: SLOW,
  },
];

describe.each(seeds(1))('storms on the real engine, SEED=%i', (seed) => {
  it.each(STORMS)(
    '$name: no user has two licenses, no license has two users or is lost, and nobody is denied a license that was free (R14, R21, I1–I4, I8, I9)',
    async ({ run, width, allocated, slowness = 1 }) => {
      const testbed = () => engineTestbed(engine, slowness);

      const figures = await run(defined({ seed, testbed, width }));

      expect(figures.violations).toEqual([]);
      expect(figures.done.length).toBeGreaterThan(0);
      if (allocated !== undefined) {
        expect(figures.failed).toBe(0);
        expect(figures.done.filter(({ receipt }) => receipt.outcome === 'allocated')).toHaveLength(allocated);
      }
    },
  );
});
