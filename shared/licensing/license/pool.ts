import type { Day } from '../time.ts';
import type { Access, LicenseType } from '../vocabulary.ts';
import { type Change, isAllocatable, type License, lifecycleState } from './license.ts';

/** The licenses of one folder, access and type that auto-allocation may take. */
export type Pool = {
  readonly tenant: string;
  readonly folderId: string;
  readonly access: Access;
  readonly type: LicenseType;
};

/** With how many free licenses a tenant wants to be told that a pool runs low. */
export type PoolThreshold = {
  /** The folder's path. */
  readonly folder: string;
  readonly access: Access;
  readonly type: LicenseType;
  readonly free: number;
};

/** What was last told of a pool; nobody has told anything of a pool without one. */
export type PoolNotice = Pool & {
  readonly free: number;
  /** The threshold that was reached. */
  readonly threshold?: number;
  readonly lowOn?: Day;
  readonly exhaustedOn?: Day;
  readonly version: number;
  readonly change: Change;
};

/** The pool that a change of a license took one from. */
export function poolTakenFrom(before: License | undefined, after: License): Pool | undefined {
  if (before === undefined || !isInPool(before)) return undefined;
  if (isInPool(after) && after.folderId === before.folderId) return undefined;
  const { tenant, folderId, access, type } = before;
  return { tenant, folderId, access, type };
}

function isInPool(license: License): boolean {
  return isAllocatable(license) && lifecycleState(license) === 'free';
}

/**
 * The notice of a pool in which `free` licenses are left: that it is exhausted, or low by the tenant's threshold, each
 * at most once a day, since a full pool has one free and none in turn all day. Undefined when there is nothing to tell.
 */
export function poolNotice(
  known: PoolNotice | undefined,
  pool: Pool,
  { free, threshold, today }: { readonly free: number; readonly threshold: number | undefined; readonly today: Day },
  change: Change,
): PoolNotice | undefined {
  const isExhausted = free === 0;
  const isLow = !isExhausted && threshold !== undefined && free <= threshold;
  const told = isExhausted ? known?.exhaustedOn : known?.lowOn;
  if ((!isExhausted && !isLow) || told === today) return undefined;
  return {
    ...known,
    ...pool,
    free,
    ...(threshold === undefined ? {} : { threshold }),
    ...(isExhausted ? { exhaustedOn: today } : { lowOn: today }),
    version: (known?.version ?? 0) + 1,
    change,
  };
}
