/**
 * What must always hold of a tenant's data. The audit recounts it from the items and does not rely on the code that
 * keeps it so.
 */
export type Invariant =
  /** A vacancy exists exactly for each license that a login may take. An expired license may still have one. */
  | 'vacancy'
  /** The license that a card names as current is the one that its user works on, and the other way round (I3). */
  | 'current-license'
  /** A user works on at most one license (I2). */
  | 'one-license-per-user'
  /** A card names a current license exactly while it has sessions. */
  | 'sessions'
  /** A card lists exactly the licenses assigned to its user, with their present class, term and folder (I3). */
  | 'assigned-licenses'
  /**
   * The attributes of a license do not contradict each other: held back, set aside, releasing, deleted, in use (I4).
   */
  | 'license-facts'
  /** Licenses and cards are in folders that exist, and no card is in zOld. */
  | 'folder'
  /** An item has the form and the keys of its kind, and the indexes list it where it belongs. */
  | 'item';

/**
 * How a fault is repaired without guessing. The license is the source of truth: its vacancy, its index entries and the
 * notes about it on cards are derived from it. If two facts contradict each other and either may be right, the audit
 * reports them and changes nothing.
 */
export type Repair =
  /** Corrects the license and writes it again, with its vacancies and the notes on the cards concerned. */
  | 'write-again'
  /** Deletes the vacancy, since no license belongs to it. */
  | 'delete-vacancy'
  /** Changes nothing: a person decides. If a few commands mend the fault, its text names them. */
  | 'none';

/** Every fault that the audit finds: the invariant that it breaks, its repair, and a text for people. */
export const FAULTS = {
  'no-vacancy': fault('vacancy', 'write-again', 'it is free, but no login finds it'),
  'stray-vacancy': fault('vacancy', 'write-again', 'it has a vacancy, but is not free for a login'),
  'other-vacancy': fault('vacancy', 'write-again', 'its vacancy has another class, term or folder'),
  'vacancy-of-none': fault('vacancy', 'delete-vacancy', 'a vacancy of a license that does not exist'),

  'not-on-card': fault('assigned-licenses', 'write-again', 'it is assigned to the user, but not on their card'),
  'assigned-without-card': fault('assigned-licenses', 'none', 'it is assigned to a user who has no card'),
  'listed-unassigned': fault(
    'assigned-licenses',
    'write-again',
    'the card lists it, but it is not assigned to the user',
  ),
  'stale-note': fault(
    'assigned-licenses',
    'write-again',
    'the card notes another class, term or folder than the license has',
  ),
  // The item of a license is never deleted (I6), so the note on the card may be all that is left of it.
  'listed-missing': fault('assigned-licenses', 'none', 'the card lists a license that does not exist'),

  'works-elsewhere': fault(
    'current-license',
    'none',
    'it is in use by the user, but is not the current license on their card: disconnect the user, move the license to another folder, then disconnect the user again',
  ),
  'used-without-card': fault(
    'current-license',
    'none',
    'it is in use by a user who has no card: create a card for the user, move the license to another folder, then disconnect the user',
  ),
  'not-noted-in-use': fault(
    'current-license',
    'write-again',
    'the user’s sessions run on it, but their card does not say so',
  ),
  'current-in-no-use': fault(
    'current-license',
    'none',
    'the card’s sessions run on it, but it is in use by nobody: an operator must remove the attribute `current` from the item of the card',
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
  // Each of these licenses except the current one is also a fault of its own.
  'several-in-use': fault('one-license-per-user', 'none', 'the user works on several licenses'),

  'held-without-session': fault('sessions', 'none', 'the user holds it without a session: disconnect the user'),
  // The user holds no license. The sessions end by themselves, and the next login is judged from scratch.
  'sessions-on-nothing': fault('sessions', 'none', 'the user has sessions, but no license'),

  'since-without-user': fault('license-facts', 'write-again', 'it has a start of use, but no user'),
  'user-without-since': fault('license-facts', 'none', 'it is in use, but has no start of use'),
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
  'other-key': fault('item', 'none', 'its key does not match its content'),
  'license-unlisted': fault('item', 'write-again', 'its index entries do not match its content'),
  'card-unlisted': fault(
    'item',
    'none',
    'its index entries do not match its content: remove the card and create it again. This ends the user’s sessions and releases their licenses',
  ),
  'vacancy-misplaced': fault('item', 'delete-vacancy', 'the key of a vacancy does not match its content'),
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

/** Returns the violation for a fault of the items that `of` names. */
export function violation(name: FaultName, of: Pick<Violation, 'serialNumber' | 'user' | 'serialNumbers'>): Violation {
  const { invariant, text } = FAULTS[name];
  return { invariant, fault: name, ...of, text };
}
