import * as z from 'zod/mini';
import type { Log } from '../../shared/platform/log.ts';
import { type ErrorAnswer, instant, providerId, tenantId } from '../../shared/platform/validation.ts';
import type { SessionDeps } from '../../shared/sign-in/sessions/deps.ts';
import { endSession } from '../../shared/sign-in/sessions/end-session.ts';
import type { EndedSessions } from '../../shared/sign-in/sessions/end-sessions.ts';

/** The request of `end-session`. Without a session id it ends all sessions of the user. */
export const endSessionRequest = z.object({
  tenant: tenantId,
  user: providerId,
  session: z.optional(z.nullable(providerId)),
  at: z.optional(instant),
});

/** Answers a direct call of `end-session`. Throws `TryAgain` when concurrent calls won for two seconds. */
export async function answerEndSession(
  deps: SessionDeps & { readonly log: Log },
  event: z.infer<typeof endSessionRequest>,
): Promise<EndedSessions | ErrorAnswer> {
  const { tenant, user, session } = event;
  const found = await deps.readTenant(tenant);
  if (found === undefined) return { error: { code: 'unknown-tenant', message: `There is no tenant "${tenant}".` } };

  const named = session === undefined || session === null ? {} : { session };
  const when = event.at === undefined ? {} : { at: event.at };
  const logout = { tenant, user, ...named, ...when, actor: 'end-session', cause: 'logout' } as const;
  const ended = await endSession(deps, found.settings, logout);
  deps.log('sessions-ended', { tenant, ended: ended.ended, nowFree: ended.nowFree });
  return ended;
}
