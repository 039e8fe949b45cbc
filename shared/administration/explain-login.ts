import type { Receipt } from '../licensing/receipt.ts';
import { dayIn } from '../licensing/time.ts';
import { decideLogin } from '../sessions/decide-login.ts';
import { receiptOf } from '../sessions/login-receipt.ts';
import { readRound } from '../sessions/read-round.ts';
import type { RequestOf } from './administer-request.ts';
import type { OfTenant } from './deps.ts';

/**
 * The receipt that a login of the user would get now, judged by the same rules from the same reads, and nothing written.
 * An unknown user is judged as the new card would be. Where nothing is free a login would first take back what idle
 * sessions hold; this does not.
 */
export async function explainLogin(
  deps: OfTenant,
  { actor, command, user }: RequestOf<'explain-login'>,
): Promise<Receipt> {
  const { clock, tenant } = deps;
  const at = clock.now();
  const round = await readRound(
    { ...deps, readTenant: async () => tenant },
    { tenant: tenant.tenant, user, claims: {} },
  );
  const login = { user, kind: 'login', at, claims: {} } as const;
  const change = { actor, cause: command, at };
  const today = dayIn(tenant.settings.timeZone, at);
  const decision = await decideLogin(deps, { ...round, tenant, today }, login, change);
  return receiptOf(decision, tenant.folders, login, 1);
}
