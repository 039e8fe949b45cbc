import type { Day } from './time.ts';

/** When a license may be used: calendar days in the tenant's time zone, both inclusive; no last day means never expires. */
export type Term = { readonly validFrom: Day; readonly expiresOn?: Day };

export type TermPhase = 'not-yet-valid' | 'valid' | 'expired';

export function termPhase(term: Term, today: Day): TermPhase {
  if (term.expiresOn !== undefined && term.expiresOn < today) return 'expired';
  return term.validFrom > today ? 'not-yet-valid' : 'valid';
}

export function sameTerm(one: Term, other: Term): boolean {
  return one.validFrom === other.validFrom && one.expiresOn === other.expiresOn;
}

const NEVER: Day = '9999-12-31';

/** Sorts what never expires behind every day. */
export function lastDay(term: Term): Day {
  return term.expiresOn ?? NEVER;
}

/** The term of this `lastDay`. */
export function termTo(validFrom: Day, last: Day): Term {
  return last === NEVER ? { validFrom } : { validFrom, expiresOn: last };
}
