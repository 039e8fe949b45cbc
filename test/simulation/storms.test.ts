import { describe, expect, it } from 'vitest';
import { defined } from '../../shared/licensing/defined.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { dyingTable, ProcessDied } from '../fakes/wrapped-table.ts';
import type { Faults } from './conflict-table.ts';
import { aStormWorld, type Figures, type RunFacts, s1, s2, s3, s5, s6, s7, s8, spreadOf } from './scenarios.ts';
import { seeds } from './seeds.ts';

/** Of a thousand calls: enough that every storm meets each of them many times. */
const BAD_DAY: Faults = { throttled: 10, lost: 10, resent: 10, late: 10 };

/** What the issue allows at most; counts are exact for a seed. */
type Limits = { readonly attempts?: readonly [mean: number, p99: number]; readonly allocated?: number };

const STORMS: readonly (readonly [string, (facts: RunFacts) => Promise<Figures>, RunFacts['width'], Limits])[] = [
  ['S1, 8 at a time', s1, 8, { attempts: [1.1, 2], allocated: 500 }],
  ['S1, 64 at a time', s1, 64, { attempts: [1.6, 6], allocated: 500 }],
  ['S2, 64 at a time', s2, 64, { attempts: [2.3, 12], allocated: 300 }],
  ['S3: 25 users, 20 logins each at once', s3, 64, { allocated: 25 }],
  ['S4: S1 with all 500 at once', s1, 500, { allocated: 500 }],
  ['S5: churn, 80 users on 70 licenses', (facts) => s5({ ...facts, seconds: 1 }), undefined, {}],
  ['S6: S2 beside an administrator', s6, 64, {}],
  ['S7: S2 with logouts, late logins and the idle sweep', s7, 64, {}],
  ['S8: S2 beside an import and a renewal', (facts) => s8({ ...facts, imported: 1_000 }), 8, { allocated: 300 }],
];

describe.each(seeds(1))('storms in the conflict simulator, SEED=%i', (seed) => {
  it.each(STORMS)(
    '%s: no user has two licenses, no license has two users or is lost, and nobody is denied a license that was free (R14, R21, I1–I4, I8, I9)',
    async (...storm) => {
      const [, run, width, { attempts, allocated }] = storm;

      const figures = await run(defined({ seed, width }));

      expect(figures.violations).toEqual([]);
      expect(figures.failed).toBe(0);
      if (allocated !== undefined) {
        expect(figures.done.filter(({ receipt }) => receipt.outcome === 'allocated')).toHaveLength(allocated);
      }
      if (attempts !== undefined) {
        const spread = spreadOf(figures.done.map(({ receipt }) => receipt.attempts));
        expect(spread.mean).toBeLessThanOrEqual(attempts[0]);
        expect(spread.p99).toBeLessThanOrEqual(attempts[1]);
      }
    },
  );

  it.each(STORMS)(
    '%s: the same holds while calls fail, hang and lose their responses (F14, F34, F36, I13)',
    async (...storm) => {
      const [, run, width] = storm;

      const figures = await run(defined({ seed, faults: BAD_DAY, width }));

      expect(figures.violations).toEqual([]);
      expect(figures.done.length).toBeGreaterThan(figures.failed);
    },
  );

  it('a process that dies at any call, among concurrent ones, leaves nothing half done (F23, F25)', async () => {
    const licenses = ['F1', 'F2', 'F3'].map((serialNumber) => aLicense({ serialNumber, folderId: 'finance' }));
    const names = ['ada', 'bob', 'cyd', 'dan'];
    let hasDied = true;
    for (let at = 1; hasDied; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        hasDied = false;
        const stage = await aStormWorld(
          { licenses, cards: names.map((user) => aUserCard({ user })) },
          { seed: seed * 1_000 + at },
        );
        const dying = stage
          .login('ada', {}, (table) => dyingTable(table, at, moment).table)
          .catch((error: unknown) => {
            if (!(error instanceof ProcessDied)) throw error;
            hasDied = true;
          });

        await Promise.all([dying, ...names.slice(1).map((user) => stage.login(user)), stage.logout('bob')]);
        stage.look('after the death');
        const again = await stage.login('ada');

        expect((await stage.figures()).violations).toEqual([]);
        const served = (await stage.stored()).filter(
          ({ sk, currentUser }) => sk === 'LICENSE' && currentUser !== undefined,
        );
        expect(served.length).toBeGreaterThanOrEqual(2);
        expect(again?.outcome === 'denied' ? served.length : 3).toBe(3);
      }
    }
  });
});

describe('what an allocating login costs in the conflict simulator', () => {
  it.each(seeds(1))('S1, 8 at a time: rounds, calls and units, SEED=%i', async (seed) => {
    const { done } = await s1({ seed, width: 8 });
    const mean = (of: (one: (typeof done)[number]) => number): number => spreadOf(done.map(of)).mean;

    expect(mean(({ counts }) => counts.rounds)).toBeLessThanOrEqual(2.2);
    expect(mean(({ counts }) => counts.calls)).toBeLessThanOrEqual(3.3);
    expect(mean(({ units }) => units.read)).toBeLessThanOrEqual(2.3);
    expect(mean(({ units }) => units.write)).toBeLessThanOrEqual(6.5);
    expect(mean(({ units }) => units.write + units.indexWrite)).toBeLessThanOrEqual(8.2);
  });
});
