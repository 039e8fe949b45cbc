import { dayAfter, daysBetween } from '../cleanup-time.ts';
import { type License, lifecycleState } from '../license/license.ts';
import type { Day } from '../time.ts';

/** The days before a license's end at which its tenant is told (R45), the most urgent first. */
export const EXPIRY_NOTICES = [7, 30, 90] as const;

export type ExpiryNotice = (typeof EXPIRY_NOTICES)[number];

export type ExpiringSoon = {
  /** 0 on its last day. */
  readonly daysLeft: number;
  /** The shortest notice that it falls within. */
  readonly within: ExpiryNotice;
  /** Who has it or works on it. */
  readonly users: readonly string[];
};

/**
 * When a license ends within 90 days and who would lose it; undefined for one that does not, that has ended, or that
 * waits for its deletion and is nobody's.
 */
export function expiringSoon(license: License, today: Day): ExpiringSoon | undefined {
  const { expiresOn, assignedTo, currentUser } = license;
  const state = lifecycleState(license);
  if (state === 'deleted' || state === 'set-aside') return undefined;
  if (expiresOn === undefined || expiresOn < today) return undefined;
  const within = EXPIRY_NOTICES.find((notice) => expiresOn <= dayAfter(today, notice));
  if (within === undefined) return undefined;
  const users = [...new Set([assignedTo, currentUser])].flatMap((user) => user ?? []);
  return { daysLeft: expiresOn === today ? 0 : daysBetween(today, expiresOn) + 1, within, users };
}
