/*
 * What becomes of sessions, said as plainly as possible from the handbook's words (R12, R24, R26) and one step after the
 * other: times are numbers, nothing is stored, nothing is tried again. It shares no code with the service.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const IDLE = 8 * HOUR;
const STAYS = 30 * DAY;

/** The session of the user as a whole, and the end of all of a user's sessions. */
export const WHOLE = 'the user as a whole';
const ALL = 'all of them';

export type Step =
  /** `keeps`: told by a hook, which keeps whose the session is. */
  | {
      readonly kind: 'login' | 'activity';
      readonly user: string;
      readonly session: string;
      readonly at: number;
      readonly keeps: boolean;
    }
  /** Without a user: the session alone is named. */
  | { readonly kind: 'logout'; readonly user?: string; readonly session?: string; readonly at: number }
  | { readonly kind: 'disconnect'; readonly user: string; readonly session?: string }
  | { readonly kind: 'sweep' };

type Card = {
  open: Record<string, { began: number; seen: number }>;
  /** Ends, by session: what happened at or before takes no license. */
  ends: Record<string, number>;
  /** Ends after which only a login opens the session again. */
  stays: Record<string, number>;
  license?: string | undefined;
};

export type SessionState = {
  now: number;
  readonly licenses: readonly string[];
  readonly cards: Record<string, Card>;
  readonly owners: Record<string, { user: string; began: number }>;
  /** Ends of sessions of which nobody knew whose they are. */
  readonly ofNobody: Record<string, number>;
};

export function noSessions(users: readonly string[], licenses: readonly string[], now: number): SessionState {
  const cards = Object.fromEntries(users.map((user) => [user, { open: {}, ends: {}, stays: {} }]));
  return { now, licenses, cards, owners: {}, ofNobody: {} };
}

/** Does the step; what a login or an activity is answered. `taken`: the license that the service chose. */
export function happens(state: SessionState, step: Step, taken?: string): string {
  switch (step.kind) {
    case 'sweep':
      endIdle(state);
      return 'done';
    case 'logout': {
      const user = step.user ?? state.owners[step.session!]?.user;
      if (user === undefined) {
        state.ofNobody[step.session!] = Math.max(state.ofNobody[step.session!] ?? 0, step.at);
        return 'done';
      }
      logsOut(state, user, step.session, step.at, 'logout');
      return 'done';
    }
    case 'disconnect': {
      const began = Object.values(state.cards[step.user]!.open).map((open) => open.began);
      logsOut(state, step.user, step.session, Math.max(state.now, ...began), 'disconnect');
      return 'done';
    }
    default:
      return logsIn(state, step, taken);
  }
}

function logsIn(state: SessionState, step: Extract<Step, { keeps: boolean }>, taken: string | undefined): string {
  const { user, session, at } = step;
  const card = state.cards[user]!;
  const open = card.open[session];
  if (step.kind === 'activity' && open !== undefined) {
    if (at > open.seen + 5 * MINUTE) open.seen = at;
    if (passesOn(state, step)) owns(state, step);
    return 'continued';
  }
  const ofAll = session === WHOLE ? undefined : card.stays[ALL];
  const ends = [card.ends[session], card.ends[ALL], ofAll, card.stays[session], ofNobody(state, step)];
  if (ends.some((end) => end !== undefined && at <= end)) {
    isKnownLate(state, step);
    return 'session-ended';
  }
  const owner = step.keeps ? state.owners[session] : undefined;
  const isOfAll = ofAll !== undefined && owner?.user === user && owner.began <= ofAll;
  const stays = Math.max(card.stays[session] ?? -Infinity, isOfAll ? ofAll : -Infinity);
  if (step.kind === 'activity' && state.now < stays + STAYS) return 'session-ended';
  if (at < state.now - IDLE) return 'too-old';
  if (!passesOn(state, step) || hasEndedAsOthers(state, step)) return 'session-ended';

  const isHeld = card.license !== undefined;
  if (!isHeld) {
    if (freeOnes(state).length === 0) endIdle(state);
    if (freeOnes(state).length === 0) return 'no-free-license';
    if (taken === undefined || !freeOnes(state).includes(taken)) return `allocated one of ${freeOnes(state)}`;
    card.license = taken;
  }
  card.open[session] = { began: open?.began ?? at, seen: Math.max(open?.seen ?? at, at) };
  if (session === WHOLE || open === undefined) delete card.stays[session];
  owns(state, step);
  return isHeld ? 'continued' : 'allocated';
}

/** A session that is reported only after its end stays ended, unless it was opened since. */
function isKnownLate(state: SessionState, { user, session, at }: Extract<Step, { keeps: boolean }>): void {
  const card = state.cards[user]!;
  if (session === WHOLE || card.open[session] !== undefined) return;
  const owner = state.owners[session];
  const alone = owner === undefined ? state.ofNobody[session] : undefined;
  const ends = [card.ends[session], card.ends[ALL], card.stays[ALL], alone].filter((end) => end !== undefined);
  const end = Math.max(...ends);
  if (at > end || (owner?.user === user && owner.began > end)) return;
  card.stays[session] = Math.max(card.stays[session] ?? 0, end);
}

function ofNobody({ owners, ofNobody: ends }: SessionState, { session, keeps }: Extract<Step, { keeps: boolean }>) {
  return keeps && owners[session] === undefined ? ends[session] : undefined;
}

function owns(state: SessionState, { user, session, keeps }: Extract<Step, { keeps: boolean }>): void {
  if (!keeps || session === WHOLE) return;
  state.owners[session] = { user, began: state.cards[user]!.open[session]!.began };
  delete state.ofNobody[session];
}

/** The id was another user's: false when it became theirs later than what is told now. */
function passesOn(state: SessionState, { user, session, at, keeps }: Extract<Step, { keeps: boolean }>): boolean {
  const owner = state.owners[session];
  if (!keeps || owner === undefined || owner.user === user) return true;
  const former = state.cards[owner.user]!.open[session];
  if (former === undefined) return true;
  if (former.began > at) return false;
  logsOut(state, owner.user, session, at, 'passed on');
  return true;
}

/** A logout has ended the session while it was another user's: it is nobody's any more until a login. */
function hasEndedAsOthers(state: SessionState, step: Extract<Step, { keeps: boolean }>): boolean {
  const owner = step.keeps ? state.owners[step.session] : undefined;
  if (owner === undefined || owner.user === step.user) return false;
  const end = state.cards[owner.user]!.stays[step.session];
  const isOpen = state.cards[owner.user]!.open[step.session] !== undefined;
  if (end === undefined || isOpen) return false;
  return step.at <= end || (step.kind === 'activity' && state.now < end + STAYS);
}

function logsOut(
  state: SessionState,
  user: string,
  session: string | undefined,
  at: number,
  by: 'logout' | 'disconnect' | 'passed on',
): void {
  const card = state.cards[user]!;
  const isKnown =
    session === undefined ||
    card.open[session] !== undefined ||
    card.stays[session] !== undefined ||
    state.owners[session] !== undefined;
  const whole = card.open[WHOLE];
  if (!isKnown && by === 'logout') {
    if (whole !== undefined && whole.began <= at && Object.keys(card.open).length === 1) close(state, user, [WHOLE]);
    marks(state, card, [session], at);
    return;
  }
  const named = session === undefined ? Object.keys(card.open) : [session];
  const began = named.filter((key) => card.open[key] !== undefined && card.open[key].began <= at);
  const ended = whole !== undefined && whole.began > at ? began : withWhole(card, began);
  const owner = session === undefined ? undefined : state.owners[session];
  const isOver = session !== undefined && card.open[session] === undefined;
  if (by !== 'passed on') {
    for (const key of ended) card.stays[key] = key === WHOLE ? Math.max(card.stays[key] ?? 0, at) : at;
    if (isOver && owner?.user === user && owner.began <= at)
      card.stays[session] = Math.max(card.stays[session] ?? 0, at);
    const isHeardInTime = ended.length > 0 || at >= state.now - IDLE;
    const nothingIsLeft = ended.length > 0 && ended.length === Object.keys(card.open).length;
    const isWhole = nothingIsLeft || (session === undefined && (whole === undefined || ended.includes(WHOLE)));
    if (isWhole && isHeardInTime) card.stays[WHOLE] = Math.max(card.stays[WHOLE] ?? 0, at);
    if (session === undefined && isHeardInTime) card.stays[ALL] = Math.max(card.stays[ALL] ?? 0, at);
  }
  close(state, user, ended);
  marks(state, card, [session ?? ALL, ...ended], at);
}

/** The times of ends are forgotten after a day. */
function marks(state: SessionState, card: Card, keys: readonly string[], at: number): void {
  for (const key of keys) card.ends[key] = Math.max(card.ends[key] ?? 0, at);
  for (const key of Object.keys(card.ends)) if (card.ends[key]! <= state.now - DAY) delete card.ends[key];
}

function withWhole(card: Card, ended: readonly string[]): readonly string[] {
  const left = Object.keys(card.open).filter((key) => !ended.includes(key));
  return ended.some((key) => key !== WHOLE) && left.length === 1 && left[0] === WHOLE ? [...ended, WHOLE] : ended;
}

function close({ cards }: SessionState, user: string, keys: readonly string[]): void {
  const card = cards[user]!;
  for (const key of keys) delete card.open[key];
  if (Object.keys(card.open).length === 0) card.license = undefined;
}

function endIdle(state: SessionState): void {
  for (const [user, card] of Object.entries(state.cards)) {
    const idle = Object.keys(card.open).filter((key) => card.open[key]!.seen <= state.now - IDLE);
    if (idle.length === 0) continue;
    close(state, user, withWhole(card, idle));
    marks(state, card, [], state.now);
  }
}

function freeOnes({ licenses, cards }: SessionState): readonly string[] {
  const held = Object.values(cards).map(({ license }) => license);
  return licenses.filter((license) => !held.includes(license));
}
