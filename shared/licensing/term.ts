import type { Day } from './time.ts';

/**
 * The days on which a license may be used: calendar days in the tenant's time zone, both inclusive. Without `expiresOn`
 * the license never expires.
 */
export type Term = { readonly validFrom: Day; readonly expiresOn?: Day };

export type TermPhase = 'not-yet-valid' | 'valid' | 'expired';

/** Returns where the day `today` is relative to the term. The last day of the term is still valid. */
export function termPhase(term: Term, today: Day): TermPhase {
  if (term.expiresOn !== undefined && term.expiresOn < today) return 'expired';
  return term.validFrom > today ? 'not-yet-valid' : 'valid';
}

export function sameTerm(one: Term, other: Term): boolean {
  return one.validFrom === other.validFrom && one.expiresOn === other.expiresOn;
}

const NEVER: Day = '9999-12-31';

/** Returns the last day of a term. A term without an end sorts after every other. */
export function lastDay(term: Term): Day {
  return term.expiresOn ?? NEVER;
}

/** Returns the term that has this `lastDay`. */
export function termTo(validFrom: Day, last: Day): Term {
  return last === NEVER ? { validFrom } : { validFrom, expiresOn: last };
}
