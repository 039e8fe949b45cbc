import { sameValue } from '../../licensing/clause.ts';
import { type Leaver, notedLeaver } from '../../licensing/login/leaver.ts';
import { judgeEnd } from '../../licensing/login/session-end.ts';
import { neededMarks, sessionKey, type UserCard, withMarks } from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import { CLOCK_SKEW, earlier, type Instant, later, plus } from '../../licensing/time.ts';
import type { Write } from '../../platform/ports/table.ts';
import { untilAnswered } from '../../platform/retry.ts';
import { readUserCard } from '../../store/read-user-card.ts';
import { endedMarksWrite } from '../../store/write-user-card.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedSessions, endSessions } from './end-sessions.ts';
import type { Idempotency } from './idempotency.ts';
import { endKnownSession, readSessionEnd } from './session-end-item.ts';
import { readSessionOwner } from './session-owner.ts';

export type LogoutRequest = {
  readonly tenant: string;
  readonly user: string;
  /** If absent, all sessions of the user end. */
  readonly session?: string;
  /** When it happened. If absent, now: then sessions that began in the future end as well. */
  readonly at?: Instant;
  /** The provider reports at the same time that the user is disabled or has left. */
  readonly leaver?: Omit<Leaver, 'at'>;
  readonly actor: string;
  readonly cause: 'logout' | 'disconnect' | 'remove-user-card' | 'session-passed-on';
};

/** How each cause ends sessions. */
const END_CAUSES = {
  logout: 'logout',
  disconnect: 'disconnect',
  'remove-user-card': 'disconnect',
  'session-passed-on': 'passed-on',
} as const;

const NOTHING: EndedSessions = { ended: 0, nowFree: false };

/**
 * Ends one session of a user, or all of them (R24, R25). Leaves marks, so that a late login at or before `at` takes no
 * license, and a known session stays ended. The states are in `session-end.ts`. It is idempotent, and may come late or
 * before the login. Throws `TryAgain` when concurrent writes win for two seconds. With `once`, returns the answer of
 * the first call, if there was one.
 */
export async function endSession<Earlier = never>(
  deps: Omit<SessionDeps, 'readTenant'>,
  settings: TenantSettings,
  request: LogoutRequest,
  once?: Idempotency<Earlier>,
): Promise<EndedSessions | Earlier> {
  const { table, clock } = deps;
  const { tenant, user, session, cause } = request;
  const { idleTimeout } = settings;
  return untilAnswered<EndedSessions | Earlier>(deps, async () => {
    const reading = readUserCard(table, tenant, user);
    const [{ card, marks }, owner, earlierCall] = await Promise.all([
      reading,
      readSessionOwner(table, tenant, session),
      once?.lookUp(() => reading.then((found) => found.card)),
    ]);
    if (earlierCall?.kind === 'answered') return earlierCall.answer;
    const { linkedTo } = marks ?? {};
    if (linkedTo !== undefined) return endSession(deps, settings, { ...request, user: linkedTo }, once);
    const extraWrites = earlierCall?.extraWrites(undefined) ?? [];
    const open = card?.sessions ?? {};
    const starts = Object.values(open).map(({ started }) => started);
    const reported = request.at ?? starts.reduce(later, clock.now());
    // A mark in the future would keep the user out until then, so the end is never later than now.
    const at = earlier(reported, plus(clock.now(), CLOCK_SKEW));

    const ended = card?.ended ?? marks?.ended ?? {};
    const isOpen = Object.hasOwn(open, sessionKey(session));
    const endedAt = isOpen ? undefined : await readSessionEnd(table, request);
    const end = { ...request, at, cause: END_CAUSES[cause] };
    const judged = judgeEnd(open, { owner, endedAt }, end, plus(clock.now(), -idleTimeout));
    const { sessions, marks: keys, staysEnded } = judged;
    const isOwn = owner.user === user && (owner.started ?? at) <= at;
    const kept = staysEnded && isOwn && !isOpen ? keepEnded(request, at, endedAt) : [];

    const note = leaverAfter(card, request, at);
    const isNoted = sameValue(note, card?.leaver);
    if (isNoted && sessions.length === 0 && keys.every((key) => (ended[key] ?? '') >= at)) {
      return (await table.write([...kept, ...extraWrites])).done ? NOTHING : undefined;
    }
    if (card === undefined) {
      const left = neededMarks(withMarks(ended, keys, at), idleTimeout, clock.now());
      const mark = endedMarksWrite({ tenant, user, ended: left }, marks);
      return (await table.write([mark, ...kept, ...extraWrites])).done ? NOTHING : undefined;
    }
    const change = { actor: request.actor, cause, at: clock.now() };
    const answer = await endSessions(deps, settings, card, {
      sessions,
      marks: keys,
      at,
      change,
      leaver: note,
      by: END_CAUSES[cause] === 'passed-on' ? 'another user' : 'logout',
      extraWrites: [...kept, ...extraWrites],
    });
    return answer !== undefined && sessions.length === 0 ? NOTHING : answer;
  });
}

/** Returns the note that the card then has about a user who was disabled or has left. */
function leaverAfter(card: UserCard | undefined, { leaver }: LogoutRequest, at: Instant): Leaver | undefined {
  return card === undefined || leaver === undefined ? card?.leaver : notedLeaver(card, { ...leaver, at }).leaver;
}

/** Returns the writes that keep a session of the user ended, if it ended by idleness or by an earlier logout. */
function keepEnded(
  { tenant, user, session }: Pick<LogoutRequest, 'tenant' | 'user' | 'session'>,
  at: Instant,
  found: Instant | undefined,
): readonly Write[] {
  return session === undefined ? [] : endKnownSession({ tenant, user, session }, at, found);
}
