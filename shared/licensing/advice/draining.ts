import { dayAfter } from '../cleanup-time.ts';
import { Z_OLD } from '../folder-tree.ts';
import type { License } from '../license/license.ts';
import type { TenantSettings } from '../tenant/tenant.ts';
import type { Day, Instant } from '../time.ts';

/** A license that should be nobody's any more and that somebody still works on. */
export type Draining = {
  readonly why: 'releasing' | 'set-aside';
  readonly currentUser: string;
  readonly since?: Instant;
  readonly setAsideOn?: Day;
  /** It has waited in zOld for longer than the tenant's setting (R39). */
  readonly overdue: boolean;
};

/** Undefined for a license that is not releasing or set aside, or that nobody works on. */
export function draining(
  license: License,
  { setAsideWarningDays }: Pick<TenantSettings, 'setAsideWarningDays'>,
  today: Day,
): Draining | undefined {
  const { currentUser, since, releasing, folderId, setAsideOn } = license;
  if (currentUser === undefined || (releasing === undefined && folderId !== Z_OLD)) return undefined;
  return {
    why: releasing ? 'releasing' : 'set-aside',
    currentUser,
    ...(since === undefined ? {} : { since }),
    ...(setAsideOn === undefined ? {} : { setAsideOn }),
    overdue: setAsideOn !== undefined && setAsideOn < today && setAsideOn <= dayAfter(today, -setAsideWarningDays),
  };
}
