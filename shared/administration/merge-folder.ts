import { folderAt, mergedAt, mergeFolder } from '../licensing/folder-tree.ts';
import type { License } from '../licensing/license/license.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { foldersNamed, followFolders } from '../licensing/tenant/folder-settings.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { invalidRequest } from '../platform/validation.ts';
import { noRenewalRuns } from '../renewals/renewal-lock.ts';
import { partitions } from '../store/keys.ts';
import { readLicenses } from '../store/read-license.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { changeLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { contentOf, refusedWhileRenewing } from './folders.ts';
import { intoFolder } from './licenses.ts';
import { mapInGroups } from './map-in-groups.ts';
import { isRefusal, type Refusal, unknownFolder, unknownUser } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';
import { changeTenant } from './tenants.ts';
import { saveCard } from './user-cards.ts';

type Request = RequestOf<'merge-folder'>;

/** How many licenses, and how many user cards, one call moves at most. */
const PAGE = 250;

/**
 * Merges a folder into another one. The first call replaces the folder by the other one: settings and subfolders are
 * changed in the same write, and every license or card that refers to the folder by its id is then in the other folder.
 * Each call also moves up to 250 licenses and 250 user cards, and lists what it moved, so that it can be moved back.
 * While the answer has `more`, repeat the call. A preview counts, and changes nothing.
 */
export async function mergeFolders(deps: TenantContext, request: Request) {
  const { folder, into, preview } = request;
  const { folders } = deps.tenant;
  const target = folderAt(folders, into);
  if (target === undefined) return unknownFolder(into);
  const present = folderAt(folders, folder);
  const folderId = present ?? mergedAt(folders, folder, target);
  if (folderId === undefined) return unknownFolder(folder);
  if (preview) return previewOf(deps, folderId, target);
  if (present !== undefined) {
    const refusal = await replaceFolder(deps, request, present, target);
    if (refusal !== undefined) return refusal;
  }
  return moveContent(deps, request, folderId, target);
}

async function previewOf(deps: TenantContext, folderId: string, target: string) {
  const { folders, settings } = deps.tenant;
  const merged = mergeFolder(folders, folderId, target);
  if (merged.kind === 'refused') return invalidRequest([{ place: 'folder', text: merged.text }]);
  const named = foldersNamed(settings).filter(({ path }) => folderAt(folders, path) === folderId);
  return { count: await contentOf(deps, folderId), settings: named.map(({ place }) => `settings.${place}`) };
}

async function replaceFolder(
  deps: TenantContext,
  request: Request,
  folderId: string,
  target: string,
): Promise<Refusal | undefined> {
  const decide = async (found: Tenant) => {
    const merged = mergeFolder(found.folders, folderId, target);
    if (merged.kind === 'refused') return invalidRequest([{ place: 'folder', text: merged.text }]);
    const settings = followFolders(found.settings, found.folders, merged.tree);
    return (await refusedWhileRenewing(deps)) ?? { ...found, settings, folders: merged.tree };
  };
  const changed = await changeTenant(deps, request, decide, [noRenewalRuns(request.tenant)]);
  return isRefusal(changed) ? changed : undefined;
}

async function moveContent(deps: TenantContext, request: Request, folderId: string, target: string) {
  const { table, tenant } = deps;
  const list = (partition: string) => table.list('by-folder', { partition, limit: PAGE });
  const ofLicenses = await list(partitions.licensesOfFolder(tenant.tenantId, folderId));
  const ofCards = await list(partitions.userCardsOfFolder(tenant.tenantId, folderId));
  const foundLicenses = await readLicenses(table, ofLicenses.keys);
  const foundCards = (await table.getMany(ofCards.keys)).flatMap((item) => foundCard(item).card ?? []);
  const { actor, command, into } = request;
  const licenses = await mapInGroups(foundLicenses, async ({ serialNumber }) => {
    const moved = changeLicense(deps, { serialNumber, actor, command }, intoFolder(target));
    return { serialNumber, ...resultOf(await moved.catch((error) => refusalOfError(command, error))) };
  });
  const userCards = await mapInGroups(foundCards, async ({ user }) => {
    const moved = saveCard(deps, { user, actor, command }, { folderId: target }, unknownUser);
    return { user, ...resultOf(await moved.catch((error) => refusalOfError(command, error))) };
  });
  return { folder: into, licenses, userCards, more: ofLicenses.next !== undefined || ofCards.next !== undefined };
}

function resultOf(answer: License | UserCard | Refusal) {
  return isRefusal(answer) ? { done: false, error: answer.error } : { done: true };
}
