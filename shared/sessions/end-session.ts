import { sameValue } from '../licensing/clause.ts';
import { type Leaver, notedLeaver } from '../licensing/leaver.ts';
import type { TenantSettings } from '../licensing/tenant.ts';
import { CLOCK_SKEW, earlier, type Instant, later, plus } from '../licensing/time.ts';
import { marksOf, neededMarks, sessionsEndedBy } from '../licensing/user-card.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { readUserCard } from '../store/read-user-card.ts';
import { endedMarksWrite } from '../store/write-user-card.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedSessions, endSessions } from './end-sessions.ts';
import type { Once } from './once.ts';

export type LogoutRequest = {
  readonly tenant: string;
  readonly user: string;
  /** Absent: all sessions of the user. */
  readonly session?: string;
  /** When it happened; absent: now, also for sessions whose start lies ahead of our clock. */
  readonly at?: Instant;
  /** The provider says with it that the user is disabled or has left. */
  readonly leaver?: Omit<Leaver, 'at'>;
  readonly actor: string;
  readonly cause: 'logout' | 'disconnect' | 'remove-user-card';
};

const NOTHING: EndedSessions = { ended: 0, nowFree: false };

/**
 * Ends one session of a user or all of them (R24, R25), and leaves a mark, so that a login at or before `at` that
 * arrives later takes no license. Twice, late, or before the login: no error. Throws `TryAgain` when others were faster
 * for two seconds. With `once` it answers what was told before, where it was.
 */
export async function endSession<Told = never>(
  deps: Omit<SessionDeps, 'readTenant'>,
  settings: TenantSettings,
  request: LogoutRequest,
  once?: Once<Told>,
): Promise<EndedSessions | Told> {
  const { table, clock } = deps;
  const { tenant, user, session } = request;
  return untilAnswered<EndedSessions | Told>(deps, async () => {
    const [{ card, marks }, answered] = await Promise.all([readUserCard(table, tenant, user), once?.before()]);
    if (answered !== undefined) return answered;
    const beside = once?.beside(undefined) ?? [];
    const starts = Object.values(card?.sessions ?? {}).map(({ started }) => started);
    const told = request.at ?? starts.reduce(later, clock.now());
    // Nothing ended later than we hear of it: a mark in the future would keep the user out until then.
    const at = earlier(told, plus(clock.now(), CLOCK_SKEW));
    if (card === undefined) {
      const known = marks?.ended ?? {};
      const ended = { ...known };
      for (const key of marksOf(session, [])) ended[key] = later(known[key] ?? at, at);
      const needed = neededMarks(ended, settings.idleTimeout, clock.now());
      const answer = await table.write([endedMarksWrite({ tenant, user, ended: needed }, marks), ...beside]);
      return answer.done ? NOTHING : undefined;
    }
    const sessions = sessionsEndedBy(card.sessions, session, at);
    const markKeys = marksOf(session, sessions);
    const { leaver } = request.leaver === undefined ? card : notedLeaver(card, { ...request.leaver, at });
    const isKnown = markKeys.every((key) => (card.ended[key] ?? '') >= at) && sameValue(leaver, card.leaver);
    if (sessions.length === 0 && isKnown) return (await table.write(beside)).done ? NOTHING : undefined;
    const change = { actor: request.actor, cause: request.cause, at: clock.now() };
    const ended = await endSessions(deps, settings, card, { sessions, marks: markKeys, at, leaver, change, beside });
    return ended !== undefined && sessions.length === 0 ? NOTHING : ended;
  });
}
