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

/** What a license gives a right to. It never changes (R5). */
export type LicenseClass = { readonly type: LicenseType; readonly access: Access; readonly modules: string };

/** Who changed an item last, when and why. It is stored by the same write as the change (I12). */
export type Change = { readonly actor: string; readonly cause: string; readonly at: Instant };

/** What an import did to a license, so that a repeated import recognizes its own work (R7). */
export type ImportMark = {
  readonly importId: string;
  readonly outcome: ImportMarkOutcome;
  /** Issue date of the file. It decides between two files that name the same license (R3). */
  readonly issued: Day;
};

/** One license, as it is stored. */
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
    /** The renewal for which it is held back, so that nobody can have it yet. */
    readonly heldBackFor?: string;
    /** The tenant's day on which it was moved into zOld. */
    readonly setAsideOn?: Day;
    readonly deletedAt?: Instant;
    readonly imported: ImportMark;
    readonly change: Change;
  };

/**
 * The members of a license that can change. Its class never changes (R5), and neither do its tenant and its serial
 * number. The stored shape, the history and the answers about the history must name each of them, or they do not
 * compile.
 */
export const CHANGING_MEMBERS = [
  'folderId',
  'validFrom',
  'expiresOn',
  'assignedTo',
  'currentUser',
  'since',
  'releasing',
  'heldBackFor',
  'setAsideOn',
  'deletedAt',
] as const satisfies readonly (keyof License)[];

/** What can change about a license, at one version of it. */
export type LicenseFacts = Pick<License, (typeof CHANGING_MEMBERS)[number]>;

/**
 * The states of a license's life, as facts of the stored item. Exactly one of them holds. The pure check
 * (`lifecycle.ts`) and the conditions of writes both use these facts, and nothing else decides the state.
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

/** Returns the state of the license. Throws for a license in no state, which is a fault of ours. */
export function lifecycleState(license: License): LifecycleState {
  const state = LIFECYCLE_STATES.find((candidate) => holds(STATE_FACTS[candidate], license));
  if (state === undefined) throw new Error(`license ${license.serialNumber} is in no state of the lifecycle`);
  return state;
}

/** Returns the state that people see. */
export function licenseState(license: LicenseFacts, today: Day): LicenseState {
  return stateOn(stateInTerm(license), license, today);
}

/** Returns the state that people see within the term. If several hold, the first in the order below counts. */
export function stateInTerm(license: LicenseFacts): LicenseState {
  if (license.deletedAt !== undefined) return 'deleted';
  if (license.releasing) return 'releasing';
  if (license.currentUser !== undefined) return 'in-use';
  if (license.folderId === Z_OLD) return 'set-aside';
  if (license.heldBackFor !== undefined) return 'held-back';
  return license.assignedTo === undefined ? 'free' : 'assigned';
}

/**
 * Returns the state that people see on a day. Only a license that waits for a user looks different outside its term.
 */
export function stateOn(inTerm: LicenseState, term: Term, today: Day): LicenseState {
  if (inTerm !== 'free' && inTerm !== 'assigned') return inTerm;
  const phase = termPhase(term, today);
  return phase === 'valid' ? inTerm : phase;
}

export function sameClass(one: LicenseClass, other: LicenseClass): boolean {
  return one.type === other.type && one.access === other.access && one.modules === other.modules;
}

/** The types of which auto-allocation takes a license for a user who needs this access (R16). */
const ALLOCATED_TYPES: Readonly<Record<Access, readonly LicenseType[]>> = {
  write: ['floating', 'dedicated'],
  read: ['floating'],
};

/** Returns whether auto-allocation could ever take a license of this class (R14, R16, R18). */
export function isAllocatable({ type, access, modules }: LicenseClass): boolean {
  return modules === ALL_MODULES && ALLOCATED_TYPES[access].includes(type);
}
