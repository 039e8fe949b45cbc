import type { Receipt } from '../licensing/login/receipt.ts';
import { dayIn } from '../licensing/time.ts';
import { decideLogin } from '../sign-in/sessions/decide-login.ts';
import { takeBackIdle } from '../sign-in/sessions/end-idle-sessions.ts';
import { receiptOf } from '../sign-in/sessions/login-receipt.ts';
import { readRound } from '../sign-in/sessions/read-round.ts';
import { overlayTable } from '../store/overlay-table.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';

/**
 * Returns the receipt that a login of the user would get now. It is judged by the same rules from the same reads, and
 * nothing is written. A user without a card is judged as the new card would be, and `hasUserCard` is false. When no
 * license is free, a login first takes back the licenses of idle sessions. The answer takes this into account.
 */
export async function explainLogin(
  deps: TenantContext,
  { actor, command, user: named }: RequestOf<'explain-login'>,
): Promise<Receipt & { readonly hasUserCard?: false }> {
  const { clock, tenant } = deps;
  const readTenant = async () => tenant;
  const dryRun = { ...deps, readTenant, table: overlayTable(deps.table) };
  const at = clock.now();
  const { marks } = await readUserCard(deps.table, tenant.tenantId, named);
  const user = marks?.linkedTo ?? named;
  const login = { user, kind: 'login', at, claims: {} } as const;
  const change = { actor, cause: command, at };
  const today = dayIn(tenant.settings.timeZone, at);
  let hasUserCard = false;
  const decide = async () => {
    const round = await readRound(dryRun, { tenant: tenant.tenantId, user, claims: {} });
    hasUserCard = round.card !== undefined;
    return decideLogin(dryRun, { ...round, tenant, today }, login, change);
  };
  let decision = await decide();
  if (decision.foundNothing && (await takeBackIdle(dryRun, tenant.tenantId, tenant.settings)) > 0) {
    decision = await decide();
  }
  const receipt = receiptOf(decision, tenant.folders, login, 1);
  return hasUserCard ? receipt : { ...receipt, hasUserCard };
}
