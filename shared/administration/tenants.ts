import { sameValue } from '../licensing/clause.ts';
import { EMPTY_TREE, type FolderTree, folderAt, Z_OLD } from '../licensing/folder-tree.ts';
import { foldersNamed } from '../licensing/tenant/folder-settings.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Role } from '../licensing/vocabulary.ts';
import type { Write } from '../platform/ports/table.ts';
import { invalidRequest, type RequestFault } from '../platform/validation.ts';
import { hookScopeOf } from '../sign-in/hooks/hook.ts';
import { hookScopeKey } from '../store/keys.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import { newTenant, tenantWrite } from '../store/write-tenant.ts';
import type { RequestOf } from './administer-request.ts';
import type { AdministerDeps } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';
import { operatorsMembers, tenantLimitFaults, viewSettings, withChanges, withDefaults } from './tenant-settings.ts';

/**
 * Creates a tenant. An existing tenant with the same settings is not an error. One with other settings is refused, so
 * that no settings are lost.
 */
export async function createTenant(deps: AdministerDeps, { tenant, actor, settings }: RequestOf<'create-tenant'>) {
  const change = { actor, cause: 'create-tenant', at: deps.clock.now() };
  const created: Tenant = {
    tenantId: tenant,
    settings: withDefaults(settings),
    folders: EMPTY_TREE,
    version: 1,
    change,
  };
  const limits = tenantLimitFaults(undefined, created.settings);
  const faults = limits.length > 0 ? limits : zOldFaults(settings);
  if (faults.length > 0) return invalidRequest(faults);
  const taken = await takenScope(deps, tenant, settings.providerScopes);
  if (taken !== undefined) return taken;
  const read = () => deps.readTenant(tenant);
  const stored = await updateOptimistically(deps, read, (found): Update<Tenant, Tenant | Refusal> => {
    if (found === undefined) return { kind: 'write', writes: [newTenant(created)], after: created };
    if (sameValue(viewSettings(found.settings), viewSettings(created.settings))) return unchanged(found);
    const message = `The tenant "${tenant}" exists with other settings. Change them with update-tenant.`;
    return unchanged(refused('conflict', message));
  });
  return isRefusal(stored) ? stored : viewTenant(stored);
}

/**
 * Changes settings. Only an operator changes which licenses and sign-ins belong to the tenant, and whose signatures are
 * trusted (R10).
 */
export async function updateTenant(deps: AdministerDeps, request: RequestOf<'update-tenant'>, role: Role) {
  const reserved = operatorsMembers(request.settings);
  if (role !== 'operator' && reserved.length > 0) return onlyForOperators(reserved);
  const taken = await takenScope(deps, request.tenant, request.settings.providerScopes);
  if (taken !== undefined) return taken;
  const changed = await changeTenant(deps, request, (found) => {
    const settings = withChanges(found.settings, request.settings);
    const limits = tenantLimitFaults(found.settings, settings);
    const faults = limits.length > 0 ? limits : folderFaults(found.folders, request.settings);
    if (faults.length > 0) return invalidRequest(faults);
    const isShortened = settings.idleTimeout < found.settings.idleTimeout;
    return { ...found, settings, ...(isShortened ? { idleShortenedAt: deps.clock.now() } : {}) };
  });
  return isRefusal(changed) ? changed : viewTenant(changed);
}

type GivenFolders = RequestOf<'update-tenant'>['settings'];

/** Returns a fault for each given setting that names a folder in which nobody can work. */
function folderFaults(folders: FolderTree, given: GivenFolders): readonly RequestFault[] {
  const unknown = foldersNamed(given).filter(({ path }) => folderAt(folders, path) === undefined);
  return [
    ...unknown.map(({ place, path }) => ({
      place: `settings.${place}`,
      text: `there is no folder "${path}": create it with create-folder, or see list-folders`,
    })),
    ...zOldFaults(given),
  ];
}

/** Returns a fault for each given setting that names zOld. Other folders may not exist yet: a new tenant has none. */
function zOldFaults(given: GivenFolders): readonly RequestFault[] {
  return foldersNamed(given).flatMap(({ place, path }) =>
    path.split('/')[0] === Z_OLD
      ? {
          place: `settings.${place}`,
          text: 'nobody can work in zOld, which holds licenses that wait for deletion: name another folder',
        }
      : [],
  );
}

function onlyForOperators(members: readonly string[]): Refusal {
  const message = `${members.join(', ')}: only the operator of the service can set this. Leave it out, or ask the operator.`;
  return refused('forbidden', message);
}

/** Refuses when the hook of another tenant has one of the scopes, which the operator has granted there. */
async function takenScope(
  { table }: AdministerDeps,
  tenantId: string,
  scopes: readonly string[] = [],
): Promise<Refusal | undefined> {
  const items = await table.getMany(scopes.map(hookScopeKey));
  const taken = scopes.filter((_, index) => {
    const item = items[index];
    return item !== undefined && hookScopeOf(item).tenant !== tenantId;
  });
  if (taken.length === 0) return undefined;
  const message = `${taken.join(', ')}: this belongs to the hook of another tenant. Remove it there first, or leave it out.`;
  return refused('conflict', message);
}

type TenantChange = {
  readonly tenant: string;
  readonly actor: string;
  readonly command: string;
  /** The version that the administrator saw (F50). */
  readonly expectedVersion?: number;
};

/**
 * Changes settings or folders of a tenant. `decide` gets the tenant as it is now, again after each concurrent change.
 * If it returns the tenant unchanged, nothing is written. `checks` are the conditions on other items.
 */
export async function changeTenant(
  deps: AdministerDeps,
  { tenant, actor, command, expectedVersion }: TenantChange,
  decide: (found: Tenant) => Tenant | Refusal | Promise<Tenant | Refusal>,
  checks: readonly Write[] = [],
): Promise<Tenant | Refusal> {
  const read = () => deps.readTenant(tenant);
  return updateOptimistically(deps, read, async (found): Promise<Update<Tenant, Tenant | Refusal>> => {
    if (found === undefined) return unchanged(unknownTenant(tenant));
    if (expectedVersion !== undefined && expectedVersion !== found.version) return unchanged(staleTenant(found));
    const decided = await decide(found);
    if (isRefusal(decided) || sameValue(decided, found)) return unchanged(decided);
    const change = { actor, cause: command, at: deps.clock.now() };
    const after = { ...decided, version: found.version + 1, change };
    return { kind: 'write', writes: [tenantWrite(found, after), ...checks], after };
  });
}

export function unknownTenant(tenantId: string): Refusal {
  return refused('unknown-tenant', `There is no tenant "${tenantId}". Create it with create-tenant.`);
}

function staleTenant({ version }: Tenant): Refusal {
  const message = 'Settings or folders were changed since you read them. Read them again before you change them.';
  return refused('stale-version', message, { version });
}

/** Returns the tenant as people see it. Its version is also the version of its folders. */
export function viewTenant({ tenantId, settings, version }: Tenant) {
  return { tenant: tenantId, settings: viewSettings(settings), version };
}
