/** What must hold of a tenant at every moment; recounted from the items, not from the code that keeps it so. */
export type Invariant =
  /** A vacancy stands exactly for each license that a login may take; an expired one may still have it. */
  | 'vacancy'
  /** The license a card names as current is the one in use by that user, and the other way round (I3). */
  | 'current-license'
  /** A user works on one license at most (I2). */
  | 'one-license-per-user'
  /** There is a current license exactly while there are sessions. */
  | 'sessions'
  /** A card lists the licenses assigned to its user, and no others, as they are (I3). */
  | 'assigned-licenses'
  /** What a license says of itself fits together: held back, set aside, releasing, deleted, in use (I4). */
  | 'license-facts'
  /** Licenses and cards stand in folders that exist, and no card in zOld. */
  | 'folder'
  /** An item has the form and the keys that its kind has, and its indexes list it where it belongs. */
  | 'item';

/**
 * What sets a fault right without a guess. A license is the record; its vacancy, its index entries and what cards note
 * of it are derived, and follow from it. If two facts contradict and either may be right, it is reported and left alone.
 */
export type Repair =
  /** The license is put in order and written again; vacancies and the notes on the cards concerned follow it. */
  | 'write-again'
  /** No session runs on it: it is let go. */
  | 'let-go'
  /** Sessions run on it, and nobody else has it: its user has it again. */
  | 'use-again'
  /** The vacancy is deleted: it stands for no license. */
  | 'delete-vacancy'
  /** The card's index entries are written again. */
  | 'list-again'
  /** A person decides. */
  | 'none';

/** Every fault that the audit knows: which invariant it breaks, what people read, what sets it right. */
export const FAULTS = {
  'no-vacancy': fault('vacancy', 'write-again', 'it is free, but no login finds it'),
  'stray-vacancy': fault('vacancy', 'write-again', 'it has a vacancy, but is not free for a login'),
  'other-vacancy': fault('vacancy', 'write-again', 'its vacancy tells another class, term or folder'),
  'vacancy-of-none': fault('vacancy', 'delete-vacancy', 'a vacancy of a license that does not exist'),

  'not-on-card': fault('assigned-licenses', 'write-again', 'it is assigned to the user, but not on their card'),
  'assigned-without-card': fault('assigned-licenses', 'none', 'it is assigned to a user who has no card'),
  'listed-unassigned': fault(
    'assigned-licenses',
    'write-again',
    'the card lists it, but it is not assigned to the user',
  ),
  'stale-note': fault('assigned-licenses', 'write-again', 'the card notes another class, term or folder than it has'),
  // No license ever goes (I6): what the card tells may be all that is left of it.
  'listed-missing': fault('assigned-licenses', 'none', 'the card lists a license that does not exist'),

  'works-elsewhere': fault(
    'current-license',
    'let-go',
    'it is in use by the user, but not the current one on their card',
  ),
  'used-without-card': fault('current-license', 'let-go', 'it is in use by a user who has no card'),
  'not-noted-in-use': fault(
    'current-license',
    'write-again',
    'the user’s sessions run on it, but their card does not say so',
  ),
  'current-in-no-use': fault(
    'current-license',
    'use-again',
    'the card’s sessions run on it, but it is in use by nobody',
  ),
  'current-without-use': fault(
    'current-license',
    'write-again',
    'the card names it without a session, and it is in use by nobody',
  ),
  'current-of-another': fault(
    'current-license',
    'none',
    'it is the card’s current license, but in use by another user',
  ),
  'current-missing': fault('current-license', 'none', 'the current license does not exist'),
  'stale-releasing': fault('current-license', 'write-again', 'card and license disagree on whether it is releasing'),
  'stale-current': fault(
    'current-license',
    'write-again',
    'the card notes another class, term or folder than its current license has',
  ),
  // Each license but the current one is a fault of its own.
  'several-in-use': fault('one-license-per-user', 'none', 'the user works on several licenses'),

  'held-without-session': fault('sessions', 'let-go', 'the user holds it without a session'),
  // Nothing is held; the sessions end by themselves, and the next login is judged afresh.
  'sessions-on-nothing': fault('sessions', 'none', 'sessions without a license'),

  'since-without-user': fault('license-facts', 'write-again', 'in use since some time, but by nobody'),
  'user-without-since': fault('license-facts', 'none', 'in use since nobody knows when'),
  'releasing-unused': fault('license-facts', 'write-again', 'releasing, but not in use'),
  'releasing-assigned': fault('license-facts', 'none', 'releasing, but still assigned'),
  'floating-assigned': fault('license-facts', 'none', 'floating, but assigned'),
  'dedicated-to-another': fault('license-facts', 'none', 'dedicated and in use by somebody to whom it is not assigned'),
  'held-back-taken': fault('license-facts', 'none', 'held back, but assigned or in use'),
  'deleted-taken': fault('license-facts', 'none', 'deleted, but assigned or in use'),
  'set-aside-elsewhere': fault('license-facts', 'write-again', 'set aside, but not in zOld'),
  'not-set-aside': fault('license-facts', 'write-again', 'in zOld, but not set aside'),

  'license-nowhere': fault('folder', 'none', 'its folder does not exist'),
  'card-nowhere': fault('folder', 'none', 'the card’s folder does not exist'),
  'card-in-zold': fault('folder', 'none', 'the card is in zOld'),

  unreadable: fault('item', 'none', 'the item does not have the form of its kind'),
  'other-key': fault('item', 'none', 'its key is not that of what it says'),
  'license-unlisted': fault('item', 'write-again', 'its index entries are not those of what it says'),
  'card-unlisted': fault('item', 'list-again', 'its index entries are not those of what it says'),
  'vacancy-misplaced': fault('item', 'delete-vacancy', 'a vacancy that its key does not fit'),
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

type Fault = { readonly invariant: Invariant; readonly repair: Repair; readonly text: string };

function fault<I extends Invariant, R extends Repair>(invariant: I, repair: R, text: string) {
  return { invariant, repair, text } as const;
}

/** A fault of one license, one user, or both. */
export type Violation = {
  readonly invariant: Invariant;
  readonly fault: FaultName;
  readonly serialNumber?: string;
  readonly user?: string;
  readonly serialNumbers?: readonly string[];
  /** What was found, for people. */
  readonly text: string;
};

export function violation(name: FaultName, of: Pick<Violation, 'serialNumber' | 'user' | 'serialNumbers'>): Violation {
  const { invariant, text } = FAULTS[name];
  return { invariant, fault: name, ...of, text };
}
