import * as z from 'zod/mini';
import { type ErrorAnswer, instant, providerId, tenantId } from '../../shared/runtime/decoding.ts';
import type { Log } from '../../shared/runtime/log.ts';
import type { SessionDeps } from '../../shared/sessions/deps.ts';
import { endSession } from '../../shared/sessions/end-session.ts';
import type { EndedSessions } from '../../shared/sessions/end-sessions.ts';

/** What `end-session` takes (contracts): without a session, all of the user's. */
export const endSessionRequest = z.object({
  tenant: tenantId,
  user: providerId,
  session: z.optional(z.nullable(providerId)),
  at: z.optional(instant),
});

/** Answers a direct call of `end-session`; throws `TryAgain` when others were faster for two seconds. */
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
