import { absent, type Clause, different, equal, holds, present } from '../clause.ts';
import { Z_OLD } from '../folder-tree.ts';
import { type Term, termPhase } from '../term.ts';
import type { Day, Instant } from '../time.ts';
import {
  type Access,
  type ImportMarkOutcome,
  LIFECYCLE_STATES,
  type LicenseState,
  type LicenseType,
  type LifecycleState,
} from '../vocabulary.ts';

/** `all`, or the name of the one module of a module-specific license. */
export const ALL_MODULES = 'all';

/** What a license is a right to; never changes (R5). */
export type LicenseClass = { readonly type: LicenseType; readonly access: Access; readonly modules: string };

/** Who changed an item last, when and why: written with the change itself (I12). */
export type Change = { readonly actor: string; readonly cause: string; readonly at: Instant };

/** What an import did to a license, so that a repeated import recognizes its own work (R7). */
export type ImportMark = {
  readonly importId: string;
  readonly outcome: ImportMarkOutcome;
  /** Issue date of the file: decides between two files that speak of one license (R3). */
  readonly issued: Day;
};

/** One right of use, as stored. */
export type License = LicenseClass &
  Term & {
    readonly tenant: string;
    readonly serialNumber: string;
    readonly folderId: string;
    readonly version: number;
    readonly assignedTo?: string;
    readonly currentUser?: string;
    /** Since when `currentUser` works on it. */
    readonly since?: Instant;
    readonly releasing?: true;
    /** The renewal that it was imported for and is not yet available to anyone. */
    readonly heldBackFor?: string;
    /** The tenant's day on which it was moved into zOld. */
    readonly setAsideOn?: Day;
    readonly deletedAt?: Instant;
    readonly imported: ImportMark;
    readonly change: Change;
  };

/**
 * The states of a license's life, as facts of the stored item; exactly one holds. Nothing else decides what state a
 * license is in: neither the pure check (`lifecycle.ts`) nor the conditions of writes.
 */
export const STATE_FACTS: Readonly<Record<LifecycleState, readonly Clause[]>> = {
  deleted: [present('deletedAt')],
  'held-back': [absent('deletedAt'), present('heldBackFor')],
  releasing: [absent('deletedAt'), absent('heldBackFor'), present('currentUser'), present('releasing')],
  'in-use': [absent('deletedAt'), absent('heldBackFor'), present('currentUser'), absent('releasing')],
  assigned: [absent('deletedAt'), absent('heldBackFor'), absent('currentUser'), present('assignedTo')],
  'set-aside': [
    absent('deletedAt'),
    absent('heldBackFor'),
    absent('currentUser'),
    absent('assignedTo'),
    equal('folderId', Z_OLD),
  ],
  free: [
    present('folderId'),
    absent('deletedAt'),
    absent('heldBackFor'),
    absent('currentUser'),
    absent('assignedTo'),
    different('folderId', Z_OLD),
  ],
};

export function lifecycleState(license: License): LifecycleState {
  const state = LIFECYCLE_STATES.find((candidate) => holds(STATE_FACTS[candidate], license));
  if (state === undefined) throw new Error(`license ${license.serialNumber} is in no state of the lifecycle`);
  return state;
}

/** The state that people see: of several that hold, the first in the contract's order. */
export function licenseState(license: License, today: Day): LicenseState {
  if (license.releasing) return 'releasing';
  if (license.currentUser !== undefined) return 'in-use';
  if (license.folderId === Z_OLD) return 'set-aside';
  if (license.heldBackFor !== undefined) return 'held-back';
  const phase = termPhase(license, today);
  if (phase !== 'valid') return phase;
  return license.assignedTo === undefined ? 'free' : 'assigned';
}

export function sameClass(one: LicenseClass, other: LicenseClass): boolean {
  return one.type === other.type && one.access === other.access && one.modules === other.modules;
}

/** Whether auto-allocation could ever take a license of this class (R14, R16, R18). */
export function isAllocatable({ type, access, modules }: LicenseClass): boolean {
  return modules === ALL_MODULES && (type === 'floating' || access === 'write');
}
