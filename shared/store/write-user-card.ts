import {
  absent,
  any,
  asRead,
  atMost,
  type Clause,
  equal,
  type Path,
  sameValue,
  type Value,
} from '../licensing/clause.ts';
import {
  type EndedMarks,
  firstIdle,
  idleDeadline,
  marksThatEnd,
  sessionKey,
  type UserCard,
} from '../licensing/login/user-card.ts';
import type { Write } from '../platform/ports/table.ts';
import { cardPlace, idleAttributes, userCardItem } from './items.ts';
import { userCardKey } from './keys.ts';

/** What a login's judgement depends on, beside sessions: changing one of these makes a new revision. */
const REVISED = ['folderId', 'access', 'level', 'noAccessBy', 'leaver', 'current', 'assigned'] as const;
const OTHERS = ['name', 'loggedInAt', 'lastReceipt', 'change'] as const;

/** A new card; refused when the user has one meanwhile, or another session of theirs was marked as ended. */
export function newUserCard(card: UserCard, marks: EndedMarks | undefined, idleTimeout: number): Write {
  return {
    put: userCardItem(card, idleDeadline(card.sessions, idleTimeout)),
    onlyIf: marks === undefined ? [absent('pk')] : [absent('folderId'), equal('ended', marks.ended)],
  };
}

/**
 * Marks of a logout of a user who has no card yet, so that their late login takes no license (R24); refused when there
 * is a card, or other marks, meanwhile.
 */
export function endedMarksWrite(marks: EndedMarks, before: EndedMarks | undefined): Write {
  return {
    put: { ...marks, ...userCardKey(marks.tenant, marks.user) },
    onlyIf: before === undefined ? [absent('pk')] : [absent('folderId'), equal('ended', before.ended)],
  };
}

/**
 * A card without a license gives way to the marks of its ended sessions; refused when it was changed, a session ended or
 * somebody logged in meanwhile, which gives it a license and so another revision.
 */
export function removedUserCard(card: UserCard, ended: EndedMarks['ended']): Write {
  const { tenant, user, revision } = card;
  return {
    put: { tenant, user, ended, ...userCardKey(tenant, user) },
    onlyIf: [equal('revision', revision), equal('ended', card.ended)],
  };
}

/** The open sessions are those that were read: of two sessions that end at once, the second must see that it is the last. */
export function sameSessions(card: UserCard): readonly Clause[] {
  return [equal('sessions', card.sessions)];
}

/** The marks that change are as they were read: of two ends at once, the later one's time must stay. */
export function sameMarks(before: UserCard, after: UserCard): readonly Clause[] {
  return [...new Set([...Object.keys(before.ended), ...Object.keys(after.ended)])]
    .filter((key) => before.ended[key] !== after.ended[key])
    .map((key) => asRead(['ended', key], before.ended[key]));
}

/**
 * What a login relies on beside the card's revision: its session was neither ended nor seen since the card was read.
 * Where it moves the idle deadline, which all sessions share, no other session was seen either; where it does not, not the
 * one whose deadline it is. What it says of the user is not older than what another login has said meanwhile.
 */
export function loginClauses(
  before: UserCard,
  after: UserCard,
  session: string | undefined,
  idleTimeout: number,
): readonly Clause[] {
  const key = sessionKey(session);
  const { loggedInAt } = after;
  return [
    ...marksThatEnd(session).map((mark) => asRead(['ended', mark], before.ended[mark])),
    ...(sameDeadline(before, after, idleTimeout)
      ? [...new Set([key, ...firstIdle(before.sessions)])].map((one) => asRead(['sessions', one], before.sessions[one]))
      : sameSessions(before)),
    ...(loggedInAt === undefined || saysTheSame(before, after)
      ? []
      : [any(absent('loggedInAt'), atMost('loggedInAt', loggedInAt))]),
  ];
}

function saysTheSame(before: UserCard, after: UserCard): boolean {
  return before.loggedInAt === after.loggedInAt && before.name === after.name;
}

/**
 * The card from what was read to what it becomes; refused when its revision is another or a clause of `alsoIf` does
 * not hold. Sessions and marks are written one by one, so that many logins of one user do not hinder each other.
 */
export function userCardWrite(
  before: UserCard,
  after: UserCard,
  idleTimeout: number,
  alsoIf: readonly Clause[],
): Write {
  const set: [Path, Value][] = [];
  const remove: Path[] = [];
  const write = (path: Path, value: Value | undefined): void => {
    if (value === undefined) remove.push(path);
    else set.push([path, value]);
  };

  const revised = REVISED.filter((name) => !sameValue(before[name], after[name]));
  for (const name of revised) write(name, after[name]);
  for (const name of OTHERS) if (!sameValue(before[name], after[name])) write(name, after[name]);
  if (before.folderId !== after.folderId) set.push(['folderKey', cardPlace(after).folderKey]);

  writeEntries('sessions', before.sessions, after.sessions, write);
  writeEntries('ended', before.ended, after.ended, write);
  if (!sameDeadline(before, after, idleTimeout)) {
    const deadline = idleDeadline(after.sessions, idleTimeout);
    if (deadline === undefined) remove.push('idleKey', 'idleSort');
    else set.push(...Object.entries(idleAttributes(after, deadline)));
  }

  return {
    update: userCardKey(before.tenant, before.user),
    set,
    remove,
    add: revised.length > 0 ? [['revision', 1]] : [],
    onlyIf: [equal('revision', before.revision), ...alsoIf],
  };
}

function sameDeadline(before: UserCard, after: UserCard, idleTimeout: number): boolean {
  return idleDeadline(before.sessions, idleTimeout) === idleDeadline(after.sessions, idleTimeout);
}

function writeEntries(
  attribute: 'sessions' | 'ended',
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  write: (path: Path, value: Value | undefined) => void,
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!sameValue(before[key], after[key])) write([attribute, key], after[key]);
  }
}
