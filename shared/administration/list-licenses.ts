import { branchOf, folderAt, idsOf } from '../licensing/folder-tree.ts';
import type { License } from '../licensing/license/license.ts';
import { licenseState } from '../licensing/license/license.ts';
import { licenseView } from '../licensing/license/license-view.ts';
import { lastDay } from '../licensing/term.ts';
import { dayIn } from '../licensing/time.ts';
import type { Key } from '../platform/ports/table.ts';
import { licenseKey, partitions } from '../store/keys.ts';
import { readLicenses } from '../store/read-license.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { withNames } from './names.ts';
import { decodeCursor, encodeCursor, type Page, readPage } from './pages.ts';
import { isRefusal, type Refusal, unknownFolder, unknownUser } from './refusal.ts';

type Request = RequestOf<'list-licenses'>;
type LicenseQuery = Omit<Request, 'tenant' | 'actor' | 'command'>;

/**
 * Lists licenses in order, a page at a time. An index gives the keys, and each license is read as it is now. So a
 * license that was moved or changed a moment ago may be missing, but no license is shown in an old state.
 */
export async function listLicenses(deps: TenantContext, request: Request) {
  const { clock, tenant } = deps;
  const page = await findLicenses(deps, request);
  if (isRefusal(page)) return page;
  const { entries, ...rest } = page;
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const licenses = entries.map((license) => licenseView(license, tenant.folders, today));
  return { licenses: await withNames(deps, licenses), ...rest };
}

/** Returns a page of the licenses that match all given members. */
export async function findLicenses(deps: TenantContext, request: LicenseQuery): Promise<Page<License> | Refusal> {
  const { clock, tenant } = deps;
  const { folder, state, type, access, modules, expiringBefore } = request;
  const folderId = folder === undefined ? undefined : folderAt(tenant.folders, folder);
  if (folder !== undefined && folderId === undefined) return unknownFolder(folder);
  const branch =
    folderId === undefined
      ? []
      : request.subfolders
        ? branchOf(tenant.folders, folderId)
        : idsOf(tenant.folders, folderId);
  const today = dayIn(tenant.settings.timeZone, clock.now());
  const fits = (license: License): boolean =>
    (license.deletedAt === undefined || state === 'deleted') &&
    (folderId === undefined || branch.includes(license.folderId)) &&
    (state === undefined || licenseState(license, today) === state) &&
    (type === undefined || license.type === type) &&
    (access === undefined || license.access === access) &&
    (modules === undefined || license.modules === modules) &&
    (expiringBefore === undefined || lastDay(license) < expiringBefore);

  return request.user === undefined
    ? readIndex(deps, request, branch, fits)
    : readOfUser(deps, request, request.user, fits);
}

function readIndex(
  { table, tenant: { tenantId } }: TenantContext,
  request: LicenseQuery,
  branch: readonly string[],
  fits: (license: License) => boolean,
): Promise<Page<License> | Refusal> {
  const read = async (keys: readonly Key[]) => (await readLicenses(table, keys)).filter(fits);
  const deleted = partitions.deletedLicenses(tenantId);
  if (request.state === 'deleted') return readPage(table, 'by-tenant', deleted, request, read);
  const ofTenant = partitions.licensesOfTenant(tenantId);
  if (request.sortBy === 'expiresOn') return readPage(table, 'by-expiry', ofTenant, request, read);
  const [only, ...more] = branch;
  if (only === undefined || more.length > 0) return readPage(table, 'by-tenant', ofTenant, request, read);
  return readPage(table, 'by-folder', partitions.licensesOfFolder(tenantId, only), request, read);
}

/**
 * Lists the licenses that a user's card names: the assigned ones and the one in use. They are few, so each page reads
 * all.
 */
async function readOfUser(
  { table, tenant: { tenantId } }: TenantContext,
  request: LicenseQuery,
  user: string,
  fits: (license: License) => boolean,
): Promise<Page<License> | Refusal> {
  const { card } = await readUserCard(table, tenantId, user);
  if (card === undefined) return unknownUser(user);
  const { current, assigned } = card;
  const serials = new Set([...(current === undefined ? [] : [current.serialNumber]), ...Object.keys(assigned)]);
  const licenses = await readLicenses(
    table,
    [...serials].map((serial) => licenseKey(tenantId, serial)),
  );
  const order = (license: License): string =>
    request.sortBy === 'expiresOn' ? `${lastDay(license)}#${license.serialNumber}` : license.serialNumber;
  const list = `user ${user} ${request.sortBy}`;
  const start = request.cursor === undefined ? undefined : decodeCursor(request.cursor, list);
  if (start !== undefined && isRefusal(start)) return start;
  const left = licenses
    .filter((license) => fits(license) && order(license) > (start?.sk ?? ''))
    .toSorted((one, other) => (order(one) < order(other) ? -1 : 1));
  const entries = left.slice(0, request.limit);
  const last = entries.at(-1);
  return left.length > entries.length && last !== undefined
    ? { entries, cursor: encodeCursor(list, { ...licenseKey(tenantId, last.serialNumber), sk: order(last) }) }
    : { entries };
}
