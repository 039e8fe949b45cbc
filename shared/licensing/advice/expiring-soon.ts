import { dayAfter, daysBetween } from '../cleanup-time.ts';
import { type License, lifecycleState } from '../license/license.ts';
import type { Day } from '../time.ts';

/** How many days before its end a tenant is notified about a license (R45), the most urgent first. */
export const EXPIRY_NOTICES = [7, 30, 90] as const;

export type ExpiryNotice = (typeof EXPIRY_NOTICES)[number];

export type ExpiringSoon = {
  /** Days until the last day. On the last day it is 0. */
  readonly daysLeft: number;
  /** The shortest notice that the license falls within. */
  readonly within: ExpiryNotice;
  /** The users to whom it is assigned or who work on it. */
  readonly users: readonly string[];
};

/**
 * Returns how soon a license ends that ends within 90 days, and which users would lose it. Returns undefined for a
 * license that ends later, has ended, is set aside or is deleted.
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
