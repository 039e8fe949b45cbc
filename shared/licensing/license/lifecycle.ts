import { ROOT, Z_OLD } from '../folder-tree.ts';
import { type Term, termPhase } from '../term.ts';
import type { Day, Instant } from '../time.ts';
import type { LifecycleState } from '../vocabulary.ts';
import { type Change, type License, type LicenseFacts, lifecycleState } from './license.ts';

/** What can happen to a license. */
export type LifecycleEvent =
  /** Auto-allocation lends a floating license to a user. */
  | { readonly event: 'lend'; readonly user: string; readonly at: Instant }
  /** Auto-allocation gives a dedicated license to a user for good. */
  | { readonly event: 'give'; readonly user: string; readonly at: Instant }
  /** A user begins to work on the license assigned to them. */
  | { readonly event: 'use'; readonly user: string; readonly at: Instant }
  /** The user's last session has ended, or the user has moved on to another license. */
  | { readonly event: 'let-go' }
  | { readonly event: 'assign'; readonly user: string; readonly today: Day }
  | { readonly event: 'release' }
  | { readonly event: 'move'; readonly folderId: string; readonly today: Day }
  /** A renewal replaces it: it is released and set aside in one step. */
  | { readonly event: 'retire'; readonly today: Day }
  /**
   * A renewal makes the held-back license available in a folder. It is assigned to a user when it replaces an assigned
   * one.
   */
  | { readonly event: 'let-in'; readonly folderId: string; readonly user?: string; readonly today: Day }
  /** A renewal holds it back: before its switch, or again when the renewal is undone. */
  | { readonly event: 'hold-back'; readonly renewalId: string; readonly folderId: string; readonly today: Day }
  /** A renewal is undone: the license leaves zOld and returns to its folder and its user. */
  | {
      readonly event: 'reinstate';
      readonly folderId: string;
      readonly user?: string;
      /** Set if the license was releasing before the renewal as well. */
      readonly releasing?: true;
      readonly today: Day;
    }
  | { readonly event: 'change-term'; readonly term: Term }
  | { readonly event: 'delete'; readonly today: Day; readonly at: Instant }
  /** Without a folder it returns to its own. */
  | { readonly event: 'restore'; readonly folderId?: string }
  /** The audit corrects attributes that follow from the others. The state stays. */
  | { readonly event: 'repair'; readonly today: Day };

export type EventName = LifecycleEvent['event'];

export type LifecycleRefusal =
  | 'not-free'
  | 'not-assigned'
  | 'not-in-use'
  | 'in-use'
  | 'assigned'
  | 'not-dedicated'
  | 'not-floating'
  | 'not-held-back'
  | 'held-back'
  | 'set-aside'
  | 'not-set-aside'
  | 'expired'
  | 'deleted'
  | 'not-deleted';

type Row = Readonly<Record<LifecycleState, readonly LifecycleState[] | LifecycleRefusal>>;

/**
 * For every event and every state: the states that it may lead to, or why it is refused. Between several states the
 * license's facts decide.
 */
export const TRANSITIONS: Readonly<Record<EventName, Row>> = {
  lend: {
    free: ['in-use'],
    assigned: 'not-free',
    'in-use': 'not-free',
    releasing: 'not-free',
    'held-back': 'not-free',
    'set-aside': 'not-free',
    deleted: 'deleted',
  },
  give: {
    free: ['in-use'],
    assigned: 'not-free',
    'in-use': 'not-free',
    releasing: 'not-free',
    'held-back': 'not-free',
    'set-aside': 'not-free',
    deleted: 'deleted',
  },
  use: {
    free: 'not-assigned',
    assigned: ['in-use'],
    'in-use': 'in-use',
    releasing: 'in-use',
    'held-back': 'held-back',
    'set-aside': 'not-assigned',
    deleted: 'deleted',
  },
  'let-go': {
    free: 'not-in-use',
    assigned: 'not-in-use',
    'in-use': ['free', 'assigned', 'set-aside'],
    releasing: ['free', 'set-aside'],
    'held-back': 'not-in-use',
    'set-aside': 'not-in-use',
    deleted: 'deleted',
  },
  assign: {
    free: ['assigned'],
    assigned: ['assigned'],
    'in-use': 'in-use',
    releasing: ['in-use'],
    'held-back': 'held-back',
    'set-aside': 'set-aside',
    deleted: 'deleted',
  },
  release: {
    free: ['free'],
    assigned: ['free', 'set-aside'],
    'in-use': ['releasing'],
    releasing: ['releasing'],
    'held-back': ['held-back'],
    'set-aside': ['set-aside'],
    deleted: 'deleted',
  },
  move: {
    free: ['free', 'set-aside'],
    assigned: ['assigned'],
    'in-use': ['in-use'],
    releasing: ['releasing'],
    'held-back': ['held-back'],
    'set-aside': ['free', 'set-aside'],
    deleted: 'deleted',
  },
  retire: {
    free: ['set-aside'],
    assigned: ['set-aside'],
    'in-use': ['releasing'],
    releasing: ['releasing'],
    'held-back': 'held-back',
    'set-aside': ['set-aside'],
    deleted: 'deleted',
  },
  'let-in': {
    free: 'not-held-back',
    assigned: 'not-held-back',
    'in-use': 'not-held-back',
    releasing: 'not-held-back',
    'held-back': ['free', 'assigned', 'set-aside'],
    'set-aside': 'not-held-back',
    deleted: 'deleted',
  },
  'hold-back': {
    free: ['held-back'],
    assigned: ['held-back'],
    'in-use': 'in-use',
    releasing: 'in-use',
    'held-back': ['held-back'],
    'set-aside': 'set-aside',
    deleted: 'deleted',
  },
  reinstate: {
    free: 'not-set-aside',
    assigned: 'not-set-aside',
    'in-use': 'not-set-aside',
    releasing: ['in-use', 'releasing'],
    'held-back': 'held-back',
    'set-aside': ['free', 'assigned', 'set-aside'],
    deleted: 'deleted',
  },
  'change-term': {
    free: ['free'],
    assigned: ['assigned'],
    'in-use': ['in-use'],
    releasing: ['releasing'],
    'held-back': ['held-back'],
    'set-aside': ['set-aside'],
    deleted: 'deleted',
  },
  delete: {
    free: ['deleted'],
    assigned: ['deleted'],
    'in-use': 'in-use',
    releasing: 'in-use',
    'held-back': 'held-back',
    'set-aside': ['deleted'],
    deleted: 'deleted',
  },
  restore: {
    free: 'not-deleted',
    assigned: 'not-deleted',
    'in-use': 'not-deleted',
    releasing: 'not-deleted',
    'held-back': 'not-deleted',
    'set-aside': 'not-deleted',
    deleted: ['free'],
  },
  repair: {
    free: ['free'],
    assigned: ['assigned'],
    'in-use': ['in-use'],
    releasing: ['releasing'],
    'held-back': ['held-back'],
    'set-aside': ['set-aside'],
    deleted: 'deleted',
  },
};

/**
 * Returns the license after the event, with the next version and marked with the change, or the reason why the event
 * cannot happen to it. Pure: the caller makes its write conditional on the version that it read.
 */
export function transition(
  license: License,
  event: LifecycleEvent,
  change: Change,
): { readonly license: License } | { readonly refused: LifecycleRefusal } {
  const row = TRANSITIONS[event.event][lifecycleState(license)];
  if (typeof row === 'string') return { refused: row };
  const refused = guard(license, event);
  if (refused !== undefined) return { refused };
  return { license: { ...applied(license, event), version: license.version + 1, change } };
}

/** Checks what the state alone does not show: the type, the user, and whether the term is over. */
function guard(license: License, event: LifecycleEvent): LifecycleRefusal | undefined {
  switch (event.event) {
    case 'use':
      return license.assignedTo === event.user ? undefined : 'not-assigned';
    case 'assign':
      if (license.type !== 'dedicated') return 'not-dedicated';
      if (license.releasing && license.currentUser !== event.user) return 'in-use';
      if (license.folderId === Z_OLD) return 'set-aside';
      return termPhase(license, event.today) === 'expired' ? 'expired' : undefined;
    case 'delete':
      return license.assignedTo !== undefined && termPhase(license, event.today) !== 'expired' ? 'assigned' : undefined;
    case 'give':
      return license.type === 'dedicated' ? undefined : 'not-dedicated';
    case 'let-in':
      return event.user === undefined || license.type === 'dedicated' ? undefined : 'not-dedicated';
    case 'reinstate':
      if (license.folderId !== Z_OLD) return 'not-set-aside';
      return event.user === undefined || license.type === 'dedicated' ? undefined : 'not-dedicated';
    case 'lend':
      return license.type === 'floating' ? undefined : 'not-floating';
    case 'let-go':
    case 'release':
    case 'move':
    case 'retire':
    case 'hold-back':
    case 'change-term':
    case 'restore':
    case 'repair':
      return undefined;
  }
}

function applied(license: License, event: LifecycleEvent): License {
  switch (event.event) {
    case 'lend':
    case 'use':
      return { ...license, currentUser: event.user, since: event.at };
    case 'give':
      return { ...license, assignedTo: event.user, currentUser: event.user, since: event.at };
    case 'let-go':
      return drop(license, 'currentUser', 'since', 'releasing');
    case 'assign':
      return { ...drop(license, 'releasing'), assignedTo: event.user };
    case 'release':
      return released(license);
    case 'move':
      return moved(license, event.folderId, event.today);
    case 'retire':
      return moved(released(license), Z_OLD, event.today);
    case 'let-in': {
      const placed = moved(drop(license, 'heldBackFor'), event.folderId, event.today);
      return event.user === undefined ? placed : { ...placed, assignedTo: event.user };
    }
    case 'hold-back':
      return { ...moved(drop(license, 'assignedTo'), event.folderId, event.today), heldBackFor: event.renewalId };
    case 'reinstate':
      return reinstated(license, event);
    case 'change-term':
      return { ...drop(license, 'expiresOn'), ...event.term };
    case 'delete':
      return { ...drop(license, 'assignedTo'), deletedAt: event.at };
    case 'restore':
      return restored({ ...drop(license, 'deletedAt'), folderId: event.folderId ?? license.folderId });
    case 'repair':
      return repaired(license, event.today);
  }
}

function released(license: License): License {
  const unassigned = drop(license, 'assignedTo');
  return unassigned.currentUser === undefined ? unassigned : { ...unassigned, releasing: true };
}

function reinstated(license: License, event: Extract<LifecycleEvent, { readonly event: 'reinstate' }>): License {
  const { folderId, user, releasing, today } = event;
  const back = moved(releasing ? license : drop(license, 'releasing'), folderId, today);
  return user === undefined || releasing ? back : { ...back, assignedTo: user };
}

function moved(license: License, folderId: string, today: Day): License {
  if (folderId === Z_OLD) return { ...license, folderId, setAsideOn: license.setAsideOn ?? today };
  return { ...drop(license, 'setAsideOn'), folderId };
}

/**
 * Returns the license to its folder. One that was deleted from zOld goes to the root, since the next cleanup would
 * delete it from zOld again.
 */
function restored(license: License): License {
  return license.folderId === Z_OLD ? { ...drop(license, 'setAsideOn'), folderId: ROOT } : license;
}

/**
 * Removes `since` and `releasing` from a license that is not in use, and sets `setAsideOn` exactly if it is in zOld.
 */
function repaired(license: License, today: Day): License {
  const used = license.currentUser === undefined ? drop(license, 'since', 'releasing') : license;
  return moved(used, used.folderId, today);
}

type Optional = Exclude<keyof LicenseFacts, 'folderId' | 'validFrom'>;

function drop(license: License, ...names: readonly Optional[]): License {
  const { ...left } = license;
  for (const name of names) delete left[name];
  return left;
}
