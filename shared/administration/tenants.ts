import { sameValue } from '../licensing/clause.ts';
import { EMPTY_TREE } from '../licensing/folder-tree.ts';
import type { Tenant } from '../licensing/tenant.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { newTenant, tenantWrite } from '../store/write-tenant.ts';
import type { RequestOf } from './administer-request.ts';
import type { AdministerDeps } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';
import { settingsOf, shownSettings, withChanges } from './tenant-settings.ts';

/** Creating a tenant again with the same settings is no error; with others it is, so that nobody's settings get lost. */
export async function createTenant(deps: AdministerDeps, { tenant, actor, settings }: RequestOf<'create-tenant'>) {
  const change = { actor, cause: 'create-tenant', at: deps.clock.now() };
  const created: Tenant = { tenant, settings: settingsOf(settings), folders: EMPTY_TREE, version: 1, change };
  return untilAnswered(deps, async () => {
    const found = await deps.readTenant(tenant);
    if (found === undefined) {
      const answer = await deps.table.write([newTenant(created)]);
      return answer.done ? shownTenant(created) : undefined;
    }
    if (sameValue(shownSettings(found.settings), shownSettings(created.settings))) return shownTenant(found);
    return refused('conflict', `The tenant "${tenant}" exists, with other settings. Change them with update-tenant.`);
  });
}

export async function updateTenant(deps: AdministerDeps, request: RequestOf<'update-tenant'>) {
  const changed = await changeTenant(deps, request, (found) => ({
    ...found,
    settings: withChanges(found.settings, request.settings),
  }));
  return isRefusal(changed) ? changed : shownTenant(changed);
}

type TenantChange = {
  readonly tenant: string;
  readonly actor: string;
  readonly command: string;
  /** The version that the administrator saw (F50). */
  readonly expectedVersion?: number;
};

/**
 * Changes settings or folders of a tenant from what is read now; decided again when somebody else was faster. What
 * `decide` leaves as it is, is not written.
 */
export async function changeTenant(
  deps: AdministerDeps,
  { tenant, actor, command, expectedVersion }: TenantChange,
  decide: (found: Tenant) => Tenant | Refusal,
): Promise<Tenant | Refusal> {
  let tried: Tenant | undefined;
  return untilAnswered(deps, async () => {
    const found = await deps.readTenant(tenant);
    if (found === undefined) return unknownTenant(tenant);
    // Our write was made, and only the answer got lost.
    if (tried !== undefined && sameValue(found, tried)) return found;
    if (expectedVersion !== undefined && expectedVersion !== found.version) return staleTenant(found);
    const decided = decide(found);
    if (isRefusal(decided) || sameValue(decided, found)) return decided;
    const change = { actor, cause: command, at: deps.clock.now() };
    tried = { ...decided, version: found.version + 1, change };
    const answer = await deps.table.write([tenantWrite(found, tried)]);
    return answer.done ? tried : undefined;
  });
}

export function unknownTenant(tenant: string): Refusal {
  return refused('unknown-tenant', `There is no tenant "${tenant}". Create it with create-tenant.`);
}

function staleTenant({ version }: Tenant): Refusal {
  const message = 'Settings or folders were changed since you read them. Look at them again, then decide.';
  return refused('stale-version', message, { version });
}

/** As people see it; its version also names its folders in `expectedVersion`. */
export function shownTenant({ tenant, settings, version }: Tenant) {
  return { tenant, settings: shownSettings(settings), version };
}
