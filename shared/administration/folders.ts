import { createFolder, folderAt, pathOf, ROOT, renameFolder } from '../licensing/folder-tree.ts';
import { followFolders } from '../licensing/tenant/folder-settings.ts';
import type { Key, Table } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import { invalidRequest } from '../platform/validation.ts';
import { partitions } from '../store/keys.ts';
import type { RequestOf } from './administer-request.ts';
import type { AdministerDeps, TenantContext } from './deps.ts';
import { isRefusal, unknownFolder } from './refusal.ts';
import { changeTenant } from './tenants.ts';

/** Creates a folder and what is missing above it; an existing one is no error. */
export async function createFolderCommand(deps: AdministerDeps, request: RequestOf<'create-folder'>) {
  const { folder } = request;
  const changed = await changeTenant(deps, request, (found) => {
    const created = createFolder(found.folders, folder, () => newFolderId(deps.random));
    if (created.kind === 'refused') return invalidRequest([{ place: 'folder', text: created.text }]);
    return { ...found, folders: created.tree };
  });
  return isRefusal(changed) ? changed : { folder };
}

/**
 * Renames a folder, or moves it under another. Licenses and cards in it stay, as they name it by its id. The settings
 * that name it by its path follow in the same write.
 */
export async function renameFolderOf(deps: AdministerDeps, request: RequestOf<'rename-folder'>) {
  const { folder, newPath } = request;
  const changed = await changeTenant(deps, request, (found) => {
    const folderId = folderAt(found.folders, folder);
    if (folderId === undefined) return unknownFolder(folder);
    const parent = newPath.split('/').slice(0, -1).join('/');
    if (folderAt(found.folders, parent) === undefined) return unknownFolder(parent);
    const renamed = renameFolder(found.folders, folderId, newPath);
    if (renamed.kind === 'refused') return invalidRequest([{ place: 'newPath', text: renamed.text }]);
    const settings = followFolders(found.settings, found.folders, renamed.tree);
    return { ...found, settings, folders: renamed.tree };
  });
  return isRefusal(changed) ? changed : { folder: newPath };
}

/** All folders, the root first, with how much stands in each of them itself. */
export async function listFolders({ table, tenant }: TenantContext) {
  const rows = [];
  for (const folderId of [ROOT, ...Object.keys(tenant.folders)]) {
    const [licenses, userCards] = await Promise.all([
      count(table, partitions.licensesOfFolder(tenant.tenantId, folderId)),
      count(table, partitions.userCardsOfFolder(tenant.tenantId, folderId)),
    ]);
    rows.push({ folder: pathOf(tenant.folders, folderId) ?? folderId, licenses, userCards });
  }
  return { folders: rows.toSorted((one, other) => (one.folder < other.folder ? -1 : 1)), version: tenant.version };
}

async function count(table: Table, partition: string): Promise<number> {
  let counted = 0;
  let after: Key | undefined;
  do {
    const page = await table.list('by-folder', { partition, after });
    counted += page.keys.length;
    after = page.next;
  } while (after !== undefined);
  return counted;
}

const ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;

function newFolderId(random: Random): string {
  return Array.from({ length: ID_LENGTH }, () => ID_CHARACTERS[random(ID_CHARACTERS.length)]).join('');
}
