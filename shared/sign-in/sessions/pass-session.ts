import type { LoginRequest } from '../../licensing/login/judge-login.ts';
import { sessionKey } from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import type { Instant } from '../../licensing/time.ts';
import { readUserCard } from '../../store/read-user-card.ts';
import type { SessionDeps } from './deps.ts';
import { endSession } from './end-session.ts';

/**
 * The id of a session comes with another user than the one whose it was: that one's session ends (R24), before the other's
 * is written, so that a crash in between is made up for when the event comes again. Where it began later than what is told
 * now, the id passed from the other to this one: then when that was.
 */
export async function passSession(
  deps: Omit<SessionDeps, 'readTenant'>,
  settings: TenantSettings,
  { tenant, session, at, actor }: LoginRequest & { readonly tenant: string; readonly actor: string },
  former: string,
): Promise<'ended' | 'not open' | { readonly began: Instant }> {
  if (session === undefined) return 'not open';
  const { card } = await readUserCard(deps.table, tenant, former);
  const open = card?.sessions[sessionKey(session)];
  if (open === undefined) return 'not open';
  if (open.started > at) return { began: open.started };
  await endSession(deps, settings, { tenant, user: former, session, at, actor, cause: 'session-passed-on' });
  return 'ended';
}
