import type { LoginRequest } from '../../licensing/login/judge-login.ts';
import { sessionKey } from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import type { Instant } from '../../licensing/time.ts';
import { readUserCard } from '../../store/read-user-card.ts';
import type { SessionDeps } from './deps.ts';
import { endSession } from './end-session.ts';

export type PassedSession =
  | { readonly kind: 'ended' | 'not-open' }
  | { readonly kind: 'began-later'; readonly began: Instant };

/**
 * Handles a session id that arrives with another user than its owner. Ends the session of the former owner first (R24),
 * so that after a crash in between the retried event repairs it. If that session began later than this event, the id
 * has passed from this user to the owner; then returns when that was.
 */
export async function passSession(
  deps: Omit<SessionDeps, 'readTenant'>,
  settings: TenantSettings,
  { tenant, session, at, actor }: LoginRequest & { readonly tenant: string; readonly actor: string },
  former: string,
): Promise<PassedSession> {
  if (session === undefined) return { kind: 'not-open' };
  const { card } = await readUserCard(deps.table, tenant, former);
  const open = card?.sessions[sessionKey(session)];
  if (open === undefined) return { kind: 'not-open' };
  if (open.started > at) return { kind: 'began-later', began: open.started };
  await endSession(deps, settings, { tenant, user: former, session, at, actor, cause: 'session-passed-on' });
  return { kind: 'ended' };
}
