import { defined } from '../defined.ts';
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

/** The number of free licenses at which a tenant wants to be notified that a pool runs low. */
export type PoolThreshold = {
  /** The folder's path. */
  readonly folder: string;
  readonly access: Access;
  readonly type: LicenseType;
  readonly free: number;
};

/** The last notice about a pool. A pool without one has never been reported. */
export type PoolNotice = Pool & {
  readonly free: number;
  /** The threshold that was reached. */
  readonly threshold?: number;
  readonly lowOn?: Day;
  readonly exhaustedOn?: Day;
  readonly version: number;
  readonly change: Change;
};

/**
 * Returns the pool that a change of a license took it from, or undefined when the license was in no pool or stays in
 * it.
 */
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
 * Returns the notice that a pool with `free` licenses left is exhausted, or low by the tenant's threshold. Returns
 * undefined when there is nothing to report. Each is reported at most once a day, since a full pool switches between
 * one and no free license all day.
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
  return defined({
    ...known,
    ...pool,
    free,
    threshold,
    ...(isExhausted ? { exhaustedOn: today } : { lowOn: today }),
    version: (known?.version ?? 0) + 1,
    change,
  });
}
