import type { Term } from '../term.ts';
import type { Access, LicenseType } from '../vocabulary.ts';
import type { Step } from './allocation-steps.ts';
import type { StepReport } from './receipt.ts';

/** A free license as its folder lists it: a hint. Whether it still is free, the claim's write decides. */
export type Vacancy = Term & {
  readonly serialNumber: string;
  readonly type: LicenseType;
  readonly access: Access;
  readonly folderId: string;
};

/** How many vacancies of one folder a login looks at, at most. The more it sees of the last ones, the fewer meet at one. */
export const WINDOW = 48;

/** Up to how many a receipt counts. */
const MOST_SEEN = 24;

/** What a strong read saw of one folder: `valid` is empty only when the read proved that nothing valid is there. */
export type VacancyWindow = Readonly<
  Record<LicenseType, { readonly valid: readonly Vacancy[]; readonly more: boolean }>
>;

/**
 * The first step that has something free, and one of its vacancies at random (R14, R15), with a report on every step
 * looked at. `windows` are by folder id; `random` gives an integer from 0 to below its argument.
 */
export function chooseVacancy(
  steps: readonly Step[],
  windows: Readonly<Record<string, VacancyWindow>>,
  random: (below: number) => number,
): { readonly reports: readonly StepReport[]; readonly chosen?: { readonly step: Step; readonly vacancy: Vacancy } } {
  const reports: StepReport[] = [];
  for (const step of steps) {
    if (step.closed !== undefined) {
      reports.push({ step: step.name, seen: 0, more: false, taken: false, why: step.closed });
      continue;
    }
    const { valid, more: goesOn } = windows[step.folderId]?.[step.type] ?? { valid: [], more: false };
    const seen = Math.min(valid.length, MOST_SEEN);
    const more = goesOn || valid.length > seen;
    const vacancy = valid[random(valid.length)];
    if (vacancy !== undefined) {
      reports.push({ step: step.name, seen, more, taken: true });
      return { reports, chosen: { step, vacancy } };
    }
    reports.push({ step: step.name, seen, more, taken: false, why: 'none free' });
  }
  return { reports };
}
