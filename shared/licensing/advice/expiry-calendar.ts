import { dayAfter } from '../cleanup-time.ts';
import { type License, lifecycleState } from '../license/license.ts';
import type { Day } from '../time.ts';

/** How many days after today the calendar ends. */
const DAYS_AHEAD = 365;

/** The licenses whose last day is one day: how many they are, and how many users have them or work on them. */
export type LastDay = { readonly day: Day; readonly licenses: number; readonly users: number };

/** Returns the first and the last day of the calendar. */
export function calendarRange(today: Day): { readonly from: Day; readonly to: Day } {
  return { from: today, to: dayAfter(today, DAYS_AHEAD) };
}

/**
 * Counts licenses by their last day (R45). A license that is set aside or deleted does not count. A user with several
 * licenses of the same last day counts once on that day.
 */
export function expiryCalendar() {
  const days = new Map<Day, { licenses: number; readonly users: Set<string> }>();
  return {
    add: (license: License): void => {
      const { expiresOn, assignedTo, currentUser } = license;
      const state = lifecycleState(license);
      if (expiresOn === undefined || state === 'deleted' || state === 'set-aside') return;
      const found = days.get(expiresOn) ?? { licenses: 0, users: new Set() };
      days.set(expiresOn, found);
      found.licenses += 1;
      for (const user of [assignedTo, currentUser]) if (user !== undefined) found.users.add(user);
    },
    lastDays: (): readonly LastDay[] =>
      [...days]
        .map(([day, { licenses, users }]) => ({ day, licenses, users: users.size }))
        .toSorted((one, other) => (one.day < other.day ? -1 : 1)),
  };
}
