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
import { defined } from '../licensing/defined.ts';
import type { Change } from '../licensing/license/license.ts';
import {
  type EndedMarks,
  firstIdle,
  idleDeadline,
  marksThatEnd,
  sessionKey,
  type UserCard,
  withLastSeen,
} from '../licensing/login/user-card.ts';
import type { Write } from '../platform/ports/table.ts';
import { cardPlace, idleAttributes, userCardItem } from './items.ts';
import { userCardKey } from './keys.ts';

/** What the judgment of a login depends on, besides sessions. Changing one of these makes a new revision. */
const REVISED = ['folderId', 'access', 'level', 'noAccessBy', 'leaver', 'linkedIds', 'current', 'assigned'] as const;
const OTHERS = ['name', 'loggedInAt', 'lastSeen', 'lastReceipt', 'change'] as const;

/**
 * Returns the write of a new card. It is refused when the user has got a card, or when the marks of ended sessions have
 * changed.
 */
export function newUserCard(card: UserCard, marks: EndedMarks | undefined, idleTimeout: number): Write {
  return {
    put: userCardItem(card, idleDeadline(card.sessions, idleTimeout)),
    onlyIf: marks === undefined ? [absent('pk')] : [absent('folderId'), equal('ended', marks.ended)],
  };
}

/**
 * Returns the write of the marks that a logout leaves for a user without a card, so that a late login takes no license
 * (R24). It is refused when there is a card, or when the marks have changed.
 */
export function endedMarksWrite(marks: EndedMarks, before: EndedMarks | undefined): Write {
  return {
    put: { ...marks, ...userCardKey(marks.tenant, marks.user) },
    onlyIf: before === undefined ? [absent('pk')] : [absent('folderId'), equal('ended', before.ended)],
  };
}

/**
 * Returns the write that replaces a card without a license by the marks of its ended sessions. It is refused when the
 * card was changed, a session was ended, or the user logged in, which gives the card a license and so another revision.
 */
export function removedUserCard(card: UserCard, ended: EndedMarks['ended']): Write {
  const { tenant, user, revision } = card;
  return {
    put: { tenant, user, ended, ...userCardKey(tenant, user) },
    onlyIf: [equal('revision', revision), equal('ended', card.ended)],
  };
}

/**
 * Returns the write that makes an id stand for another user. It remembers the card that the id had. It is refused when
 * that card was changed, has got a session or a license, or when the marks have changed.
 */
export function linkedIdWrite(
  tenantId: string,
  linkedId: string,
  user: string,
  { card, marks }: { readonly card?: UserCard; readonly marks?: EndedMarks },
  licenses: readonly string[],
): Write {
  const key = userCardKey(tenantId, linkedId);
  const link = { ...key, tenant: tenantId, user: linkedId, ended: {}, linkedTo: user };
  if (card === undefined) {
    return {
      put: link,
      onlyIf:
        marks === undefined ? [absent('pk')] : [absent('folderId'), absent('linkedTo'), equal('ended', marks.ended)],
    };
  }
  const { name, folderId, access, level, noAccessBy } = card;
  const was = defined({ name, folderId, access, level, noAccessBy, licenses });
  return {
    put: { ...link, was },
    onlyIf: [equal('revision', card.revision), equal('sessions', {}), equal('assigned', {})],
  };
}

/** Returns the write that takes a link away, and gives the id back the card that it had. */
export function unlinkedIdWrite(
  tenantId: string,
  linkedId: string,
  { linkedTo, was }: EndedMarks,
  change: Change,
): Write {
  const onlyIf = linkedTo === undefined ? [absent('linkedTo')] : [equal('linkedTo', linkedTo)];
  if (was === undefined) return { delete: userCardKey(tenantId, linkedId), onlyIf };
  const { licenses: _, ...facts } = was;
  const back = { sessions: {}, ended: {}, assigned: {}, revision: Date.parse(change.at), change };
  return { put: userCardItem({ tenant: tenantId, user: linkedId, ...facts, ...back }, undefined), onlyIf };
}

/** Returns the writes that take the links of a card away that is removed. */
export function forgottenLinks({ tenant, user, linkedIds = [] }: UserCard): readonly Write[] {
  return linkedIds.map((id) => ({ delete: userCardKey(tenant, id), onlyIf: [equal('linkedTo', user)] }));
}

/**
 * Returns the condition that the open sessions are still those that were read. If two sessions end concurrently, the
 * second one must see that it is the last.
 */
export function sameSessions(card: UserCard): readonly Clause[] {
  return [equal('sessions', card.sessions)];
}

/**
 * Returns the conditions that the marks that change are still as they were read. If two ends are concurrent, the later
 * time must stay.
 */
export function sameMarks(before: UserCard, after: UserCard): readonly Clause[] {
  return [...new Set([...Object.keys(before.ended), ...Object.keys(after.ended)])]
    .filter((key) => before.ended[key] !== after.ended[key])
    .map((key) => asRead(['ended', key], before.ended[key]));
}

/**
 * Returns what a login relies on besides the card's revision: its session was neither ended nor seen since the card was
 * read. If the login moves the idle deadline, which all sessions share, no other session was seen either. If it does
 * not, the session that has this deadline was not seen. A concurrent login has not reported something newer about the
 * user.
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
 * Returns the write of a card from what was read to what it becomes. It is refused when the revision has changed or a
 * clause of `alsoIf` does not hold. Sessions and marks are written one by one, so that many logins of one user do not
 * hinder each other.
 */
export function userCardWrite(
  before: UserCard,
  changed: UserCard,
  idleTimeout: number,
  alsoIf: readonly Clause[],
): Write {
  const after = withLastSeen(before, changed);
  const set: [Path, Value][] = [];
  const remove: Path[] = [];
  const write = (path: Path, value: Value | undefined): void => {
    if (value === undefined) remove.push(path);
    else set.push([path, value]);
  };

  for (const name of [...REVISED, ...OTHERS]) if (!sameValue(before[name], after[name])) write(name, after[name]);
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
    add: isRevised(before, after) ? [['revision', 1]] : [],
    onlyIf: [equal('revision', before.revision), ...alsoIf],
  };
}

/** Returns whether the change of a card makes a new revision. */
export function isRevised(before: UserCard, after: UserCard): boolean {
  return REVISED.some((name) => !sameValue(before[name], after[name]));
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
