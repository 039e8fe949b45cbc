import {
  createFolder,
  deleteFolder,
  folderAt,
  idsOf,
  pathOf,
  presentFolders,
  ROOT,
  renameFolder,
} from '../licensing/folder-tree.ts';
import { foldersNamed, followFolders } from '../licensing/tenant/folder-settings.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { mapConcurrently } from '../platform/map-concurrently.ts';
import type { Table } from '../platform/ports/table.ts';
import { randomText } from '../platform/random.ts';
import { invalidRequest } from '../platform/validation.ts';
import { noRenewalRuns, runningRenewal } from '../renewals/renewal-lock.ts';
import { partitions } from '../store/keys.ts';
import { walkKeys } from '../store/paging.ts';
import type { RequestOf } from './administer-request.ts';
import type { AdministerDeps, TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused, unknownFolder } from './refusal.ts';
import { refuseWhileRunning } from './renewals.ts';
import { changeTenant } from './tenants.ts';

const ID_LENGTH = 8;

/** Creates a folder and the missing folders above it. An existing folder is not an error. */
export async function createFolderCommand(deps: AdministerDeps, request: RequestOf<'create-folder'>) {
  const { folder } = request;
  const changed = await changeTenant(deps, request, (found) => {
    const created = createFolder(found.folders, folder, () => randomText(deps.random, ID_LENGTH));
    if (created.kind === 'refused') return invalidRequest([{ place: 'folder', text: created.text }]);
    return { ...found, folders: created.tree };
  });
  return isRefusal(changed) ? changed : { folder };
}

/**
 * Renames a folder, or moves it under another one. Licenses and cards stay in it, since they refer to it by its id.
 * Settings that name it by its path are changed in the same write.
 */
export async function renameFolderCommand(deps: AdministerDeps, request: RequestOf<'rename-folder'>) {
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

/**
 * Deletes an empty folder: it has no licenses, user cards and subfolders, and no setting names it. Its deleted licenses
 * can still be restored, into the folder above.
 */
export async function deleteFolderCommand(deps: TenantContext, request: RequestOf<'delete-folder'>) {
  const { folder } = request;
  const decide = async (found: Tenant) => {
    const folderId = folderAt(found.folders, folder);
    if (folderId === undefined) return unknownFolder(folder);
    const deleted = deleteFolder(found.folders, folderId);
    if (deleted.kind === 'refused') return invalidRequest([{ place: 'folder', text: deleted.text }]);
    const content = await contentOf(deps, folderId);
    const settings = foldersNamed(found.settings).filter(({ path }) => folderAt(found.folders, path) === folderId);
    if (content.licenses + content.userCards + settings.length > 0) {
      return folderNotEmpty(
        folder,
        content,
        settings.map(({ place }) => `settings.${place}`),
      );
    }
    return (await refusedWhileRenewing(deps)) ?? { ...found, folders: deleted.tree };
  };
  const changed = await changeTenant(deps, request, decide, [noRenewalRuns(request.tenant)]);
  return isRefusal(changed) ? changed : ({ deleted: true } as const);
}

function folderNotEmpty(folder: string, content: FolderContent, settings: readonly string[]): Refusal {
  const { licenses, userCards } = content;
  const named = settings.length === 0 ? '' : ` The settings name it: ${settings.join(', ')}.`;
  const message = `The folder "${folder}" holds ${licenses} licenses and ${userCards} user cards.${named} Move them first, or use merge-folder.`;
  return refused('folder-not-empty', message, { licenses, userCards, settings });
}

/** Refuses while a renewal is not over, because its rows name the folders of its licenses. */
export async function refusedWhileRenewing({ table, tenant }: TenantContext): Promise<Refusal | undefined> {
  const renewalId = await runningRenewal(table, tenant.tenantId);
  if (renewalId === undefined) return undefined;
  return refuseWhileRunning(table, tenant.tenantId, renewalId);
}

/**
 * Lists all folders by path, with the number of licenses and user cards in each folder itself. It makes at most 100
 * calls of the table in a tenant with few folders or few licenses and cards, and two for each folder in any other.
 */
export async function listFolders({ table, tenant }: TenantContext) {
  const { tenantId, folders, version } = tenant;
  const present = [ROOT, ...presentFolders(folders)].map((folderId) => ({ folderId, ids: idsOf(folders, folderId) }));
  const ids = present.flatMap((folder) => folder.ids);
  const [licenses, userCards] = await Promise.all([
    countEach(table, ids, partitions.licensesOfTenant(tenantId), (id) => partitions.licensesOfFolder(tenantId, id)),
    countEach(table, ids, partitions.userCardsOfTenant(tenantId), (id) => partitions.userCardsOfFolder(tenantId, id)),
  ]);
  const rows = present.map(({ folderId, ids: [...own] }) => ({
    folder: pathOf(folders, folderId) ?? folderId,
    licenses: own.reduce((sum, id) => sum + licenses(id), 0),
    userCards: own.reduce((sum, id) => sum + userCards(id), 0),
  }));
  return { folders: rows.toSorted((one, other) => (one.folder < other.folder ? -1 : 1)), version };
}

/** Up to how many folders are counted one by one, which reads the least. */
const FEW_FOLDERS = 40;

/** Up to how many items of a tenant with more folders are read, to count them all at once. */
const FEW_ITEMS = 1_000;

/** How many folders are counted at a time. */
const AT_A_TIME = 20;

/** Returns how many items have each folder's id. */
async function countEach(
  table: Table,
  ids: readonly string[],
  ofTenant: string,
  ofFolder: (id: string) => string,
): Promise<(id: string) => number> {
  if (ids.length > FEW_FOLDERS) {
    const page = await table.list('by-tenant', { partition: ofTenant, limit: FEW_ITEMS });
    if (page.next === undefined) {
      const items = (await table.getMany(page.keys)).filter((item) => item?.['deletedAt'] === undefined);
      const byFolder = Map.groupBy(items, (item) => item?.['folderId']);
      return (id) => byFolder.get(id)?.length ?? 0;
    }
  }
  const counts = new Map<string, number>();
  await mapConcurrently(ids.length, AT_A_TIME, async (index) => {
    const id = ids[index] ?? ROOT;
    counts.set(id, await count(table, ofFolder(id)));
  });
  return (id) => counts.get(id) ?? 0;
}

/** How many licenses and user cards have the folder's id. */
export type FolderContent = { readonly licenses: number; readonly userCards: number };

export async function contentOf(
  { table, tenant: { tenantId } }: TenantContext,
  folderId: string,
): Promise<FolderContent> {
  const [licenses, userCards] = await Promise.all([
    count(table, partitions.licensesOfFolder(tenantId, folderId)),
    count(table, partitions.userCardsOfFolder(tenantId, folderId)),
  ]);
  return { licenses, userCards };
}

async function count(table: Table, partition: string): Promise<number> {
  let counted = 0;
  for await (const keys of walkKeys(table, 'by-folder', { partition })) counted += keys.length;
  return counted;
}
