import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../shared/licensing/folder-tree.ts';
import { ALLOCATION_STEPS, stepsFor } from '../../../shared/licensing/login/allocation-steps.ts';
import { chooseVacancy, type Vacancy, type VacancyWindow } from '../../../shared/licensing/login/choose-vacancy.ts';
import { seededRandom } from '../../../shared/platform/random.ts';

const USER = { folderId: 'finance', access: 'write', environment: 'cloud' } as const;

describe('the steps of auto-allocation', () => {
  it('are four: floating before dedicated, the folder before the root (R14)', () => {
    expect(ALLOCATION_STEPS.map(({ name }) => name)).toEqual([
      'floating-in-folder',
      'floating-in-root',
      'dedicated-in-folder',
      'dedicated-in-root',
    ]);
    expect(stepsFor(USER)).toEqual([
      { name: 'floating-in-folder', type: 'floating', folderId: 'finance' },
      { name: 'floating-in-root', type: 'floating', folderId: ROOT },
      { name: 'dedicated-in-folder', type: 'dedicated', folderId: 'finance' },
      { name: 'dedicated-in-root', type: 'dedicated', folderId: ROOT },
    ]);
  });

  it('are two for a card in the root (R14)', () => {
    expect(stepsFor({ ...USER, folderId: ROOT }).map(({ name }) => name)).toEqual([
      'floating-in-root',
      'dedicated-in-root',
    ]);
  });

  it.each([
    ['who needs read (R16)', { access: 'read' as const }, 'wrong access'],
    ['on premises (R19)', { environment: 'on-premises' as const }, 'off on premises'],
    [
      'who needs read, on premises',
      { access: 'read' as const, environment: 'on-premises' as const },
      'off on premises',
    ],
  ])('that give dedicated licenses are closed to users %s', (_title, facts, closed) => {
    expect(stepsFor({ ...USER, ...facts }).map((step) => step.closed)).toEqual([undefined, undefined, closed, closed]);
  });
});

function vacancies(folderId: string, type: 'floating' | 'dedicated', count: number): readonly Vacancy[] {
  return Array.from({ length: count }, (_, index) => ({
    serialNumber: `${folderId}-${type}-${index}`,
    type,
    access: 'write',
    folderId,
    validFrom: '2026-01-15',
  }));
}

function aWindow(folderId: string, floating: number, dedicated: number, more = false): VacancyWindow {
  return {
    floating: { valid: vacancies(folderId, 'floating', floating), more },
    dedicated: { valid: vacancies(folderId, 'dedicated', dedicated), more },
  };
}

describe('choosing a vacancy', () => {
  it('takes the first step that finds a license, and reports the steps until then (R14, R22)', () => {
    const windows = { finance: aWindow('finance', 0, 3), [ROOT]: aWindow(ROOT, 2, 5, true) };

    const { chosen, reports } = chooseVacancy(stepsFor(USER), windows, () => 1);

    expect(chosen).toMatchObject({ step: { name: 'floating-in-root' }, vacancy: { serialNumber: 'root-floating-1' } });
    expect(reports).toEqual([
      { step: 'floating-in-folder', seen: 0, more: false, taken: false, why: 'none free' },
      { step: 'floating-in-root', seen: 2, more: true, taken: true },
    ]);
  });

  it('reports every step when nothing is free, closed ones with the reason', () => {
    const windows = { finance: aWindow('finance', 0, 9), [ROOT]: aWindow(ROOT, 0, 9) };

    const { chosen, reports } = chooseVacancy(stepsFor({ ...USER, access: 'read' }), windows, () => 0);

    expect(chosen).toBeUndefined();
    expect(reports.map(({ why, seen }) => [why, seen])).toEqual([
      ['none free', 0],
      ['none free', 0],
      ['wrong access', 0],
      ['wrong access', 0],
    ]);
    expect(chooseVacancy([], windows, () => 0)).toEqual({ reports: [] });
  });

  it('reports at most 24 (contracts)', () => {
    const windows = { finance: aWindow('finance', 30, 0), [ROOT]: aWindow(ROOT, 0, 0) };

    expect(chooseVacancy(stepsFor(USER), windows, () => 29)).toMatchObject({
      reports: [{ seen: 24, more: true, taken: true }],
      chosen: { vacancy: { serialNumber: 'finance-floating-29' } },
    });
  });

  it('never takes from a later step while an earlier one has a license, whatever the random choice', () => {
    const counts = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(counts, fc.integer(), ([a, b, c, d], seed) => {
        const windows = { finance: aWindow('finance', a, c), [ROOT]: aWindow(ROOT, b, d) };
        const { chosen } = chooseVacancy(stepsFor(USER), windows, seededRandom(seed));
        const first = [a, b, c, d].findIndex((count) => count > 0);
        expect(chosen?.step.name).toBe(ALLOCATION_STEPS[first]?.name);
      }),
    );
  });

  it('chooses at random within a step: each one about as often as the others (R15)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 24 }), fc.integer(), (count, seed) => {
        const random = seededRandom(seed);
        const windows = { finance: aWindow('finance', count, 0) };
        const times = new Map<string, number>();
        const draws = count * 200;
        for (let draw = 0; draw < draws; draw += 1) {
          const serial = chooseVacancy(stepsFor(USER), windows, random).chosen!.vacancy.serialNumber;
          times.set(serial, (times.get(serial) ?? 0) + 1);
        }
        // 200 each are expected, with a standard deviation of 14: seven of them are never left by chance.
        expect(times.size).toBe(count);
        for (const number of times.values()) expect(Math.abs(number - 200)).toBeLessThan(100);
      }),
      { numRuns: 15 },
    );
  });
});
