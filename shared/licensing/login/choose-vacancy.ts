import { sentence } from '../sentences.ts';
import type { Term } from '../term.ts';
import type { Access, LicenseType } from '../vocabulary.ts';
import type { Step } from './allocation-steps.ts';
import type { StepReport } from './receipt.ts';

/**
 * A free license as its folder lists it. It is a hint: only the condition of the login's write decides whether the
 * license is still free.
 */
export type Vacancy = Term & {
  readonly serialNumber: string;
  readonly type: LicenseType;
  readonly access: Access;
  readonly folderId: string;
};

/**
 * The most vacancies of one folder that a login looks at. When few are left, a login that sees more of them is less
 * likely to pick the same one as another login.
 */
export const WINDOW = 48;

/** The highest count of vacancies in a receipt. */
const MOST_SEEN = 24;

/**
 * What a strongly consistent read saw of one folder. `valid` is empty only if the read proved that nothing valid is
 * there.
 */
export type VacancyWindow = Readonly<
  Record<LicenseType, { readonly valid: readonly Vacancy[]; readonly more: boolean }>
>;

/**
 * Returns the first step that has a free license, with one of its vacancies at random (R14, R15), and a report on every
 * step looked at. `windows` are by folder id. `random` gives an integer from 0 to below its argument.
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
    reports.push({ step: step.name, seen, more, taken: false, why: sentence('step', 'none-free', {}) });
  }
  return { reports };
}
