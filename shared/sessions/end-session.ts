import type { TenantSettings } from '../licensing/tenant.ts';
import { CLOCK_SKEW, earlier, type Instant, later, plus } from '../licensing/time.ts';
import { marksOf, neededMarks, sessionsEndedBy } from '../licensing/user-card.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { readUserCard } from '../store/read-user-card.ts';
import { endedMarksWrite } from '../store/write-user-card.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedSessions, endSessions } from './end-sessions.ts';

export type LogoutRequest = {
  readonly tenant: string;
  readonly user: string;
  /** Absent: all sessions of the user. */
  readonly session?: string;
  /** When it happened; absent: now, also for sessions whose start lies ahead of our clock. */
  readonly at?: Instant;
  readonly actor: string;
  readonly cause: 'logout' | 'disconnect' | 'remove-user-card';
};

const NOTHING: EndedSessions = { ended: 0, nowFree: false };

/**
 * Ends one session of a user or all of them (R24, R25), and leaves a mark, so that a login at or before `at` that
 * arrives later takes no license. Twice, late, or before the login: no error. Throws `TryAgain` when others were faster
 * for two seconds.
 */
export async function endSession(
  deps: Omit<SessionDeps, 'readTenant'>,
  settings: TenantSettings,
  request: LogoutRequest,
): Promise<EndedSessions> {
  const { table, clock } = deps;
  const { tenant, user, session } = request;
  return untilAnswered(deps, async () => {
    const { card, marks } = await readUserCard(table, tenant, user);
    const starts = Object.values(card?.sessions ?? {}).map(({ started }) => started);
    const told = request.at ?? starts.reduce(later, clock.now());
    // Nothing ended later than we hear of it: a mark in the future would keep the user out until then.
    const at = earlier(told, plus(clock.now(), CLOCK_SKEW));
    if (card === undefined) {
      const known = marks?.ended ?? {};
      const ended = { ...known };
      for (const key of marksOf(session, [])) ended[key] = later(known[key] ?? at, at);
      const needed = neededMarks(ended, settings.idleTimeout, clock.now());
      const answer = await table.write([endedMarksWrite({ tenant, user, ended: needed }, marks)]);
      return answer.done ? NOTHING : undefined;
    }
    const sessions = sessionsEndedBy(card.sessions, session, at);
    const markKeys = marksOf(session, sessions);
    const isKnown = markKeys.every((key) => (card.ended[key] ?? '') >= at);
    if (sessions.length === 0 && isKnown) return NOTHING;
    const change = { actor: request.actor, cause: request.cause, at: clock.now() };
    const ended = await endSessions(deps, settings, card, { sessions, marks: markKeys, at, change });
    return ended !== undefined && sessions.length === 0 ? NOTHING : ended;
  });
}
