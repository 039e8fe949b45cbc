import { dayAfter } from '../cleanup-time.ts';
import { defined } from '../defined.ts';
import { Z_OLD } from '../folder-tree.ts';
import type { License } from '../license/license.ts';
import type { TenantSettings } from '../tenant/tenant.ts';
import type { Day, Instant } from '../time.ts';

/** A license that was released or set aside while a user still works on it. */
export type Draining = {
  readonly why: 'releasing' | 'set-aside';
  readonly currentUser: string;
  readonly since?: Instant;
  readonly setAsideOn?: Day;
  /** Whether it has waited in zOld for longer than the tenant's setting allows (R39). */
  readonly overdue: boolean;
};

/**
 * Returns why and since when a license is draining. Returns undefined if the license is neither releasing nor set
 * aside, or if no user works on it.
 */
export function draining(
  license: License,
  { setAsideWarningDays }: Pick<TenantSettings, 'setAsideWarningDays'>,
  today: Day,
): Draining | undefined {
  const { currentUser, since, releasing, folderId, setAsideOn } = license;
  if (currentUser === undefined || (releasing === undefined && folderId !== Z_OLD)) return undefined;
  return defined({
    why: releasing ? 'releasing' : 'set-aside',
    currentUser,
    since,
    setAsideOn,
    overdue: setAsideOn !== undefined && setAsideOn < today && setAsideOn <= dayAfter(today, -setAsideWarningDays),
  });
}
