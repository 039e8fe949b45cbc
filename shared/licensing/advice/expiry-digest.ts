import { dayAfter } from '../cleanup-time.ts';
import type { License } from '../license/license.ts';
import type { Day } from '../time.ts';
import { EXPIRY_NOTICES, type ExpiryNotice, expiringSoon } from './expiring-soon.ts';

/** The most serial numbers that a digest names. Its counts cover all licenses. */
export const NAMED = 100;

/**
 * The licenses that end within one notice but not within a shorter one: how many there are, how many of them are
 * assigned or in use, and their serial numbers.
 */
type NoticeDigest = {
  readonly licenses: number;
  readonly inUse: number;
  readonly serialNumbers: readonly string[];
};

export type ExpiryDigest = Readonly<Record<`${ExpiryNotice}`, NoticeDigest>>;

/**
 * Returns the digest of licenses that end soon (R45). It lists all of them, on a day on which one more has come within
 * 90, 30 or 7 days since `last`, the day of the previous digest (empty when there was none). Returns undefined on any
 * other day.
 */
export function expiryDigest(licenses: readonly License[], last: Day, today: Day): ExpiryDigest | undefined {
  const soon = licenses.flatMap((license) => {
    const found = expiringSoon(license, today);
    return found === undefined ? [] : { license, within: found.within, isUsed: found.users.length > 0 };
  });
  const hasNew = soon.some(({ license, within }) => last === '' || expiringSoon(license, last)?.within !== within);
  if (!hasNew) return undefined;
  const digestOf = (notice: ExpiryNotice): NoticeDigest => {
    const found = soon.filter(({ within }) => within === notice);
    return {
      licenses: found.length,
      inUse: found.filter(({ isUsed }) => isUsed).length,
      serialNumbers: found.slice(0, NAMED).map(({ license }) => license.serialNumber),
    };
  };
  return { 7: digestOf(7), 30: digestOf(30), 90: digestOf(90) };
}

/** Returns the last day that a digest looks at. */
export function lastDayOfDigest(today: Day): Day {
  return dayAfter(today, EXPIRY_NOTICES[EXPIRY_NOTICES.length - 1] ?? 0);
}
