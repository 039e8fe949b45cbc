import { readAsOf, readLicenseHistory, readPersonAsOf, readPersonHistory } from '../history/read-entries.ts';
import { defined } from '../licensing/defined.ts';
import { type FolderTree, folderAt, pathOf } from '../licensing/folder-tree.ts';
import { type HistoryEntry, type LicenseChange, licenseChange } from '../licensing/history/history.ts';
import type { LicenseFacts } from '../licensing/license/license.ts';
import { dayIn } from '../licensing/time.ts';
import type { Key } from '../platform/ports/table.ts';
import { invalidRequest } from '../platform/validation.ts';
import { partitions } from '../store/keys.ts';
import { readLicenses } from '../store/read-license.ts';
import type { RequestOf } from './administer-request.ts';
import { unknownLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { readHistoryRange } from './history-range.ts';
import { mapInGroups } from './map-in-groups.ts';
import { cursorAt, decodeCursor, encodeCursor, invalidCursor, isWithin, readStart } from './pages.ts';
import { isRefusal, type Refusal, unknownFolder } from './refusal.ts';

/** Lists all changes of a license in order, from its import on, also of a deleted license (R46). */
export async function listLicenseHistory({ table, tenant }: TenantContext, request: RequestOf<'list-license-history'>) {
  const { serialNumber, limit } = request;
  const list = `history of license ${serialNumber}`;
  const after = readStart(request, list, (place) => /^\d{1,9}$/.test(place));
  if (isRefusal(after)) return after;
  const start = after.place === undefined ? {} : { after: Number(after.place) };
  const { entries, next } = await readLicenseHistory(table, tenant.tenantId, serialNumber, { ...start, limit });
  if (entries.length === 0 && after.place === undefined) return unknownLicense(serialNumber);
  return { entries: entries.map((entry) => viewEntry(tenant.folders, entry)), ...cursorAt(list, next) };
}

/**
 * Lists the events that concern a user or were caused by the user, the latest first. For an unknown user, the list is
 * empty.
 */
export async function listUserHistory({ table, tenant }: TenantContext, request: RequestOf<'list-user-history'>) {
  const { user, limit } = request;
  const list = `history of user ${user}`;
  const after = readStart(request, list, (place) => place >= '0' && place < '~');
  if (isRefusal(after)) return after;
  const start = after.place === undefined ? {} : { before: after.place };
  const { entries, next } = await readPersonHistory(table, tenant.tenantId, user, { ...start, limit });
  return { entries: entries.map((entry) => viewEntry(tenant.folders, entry)), ...cursorAt(list, next) };
}

/**
 * Lists the events of one of the tenant's days, or of a range of days, that match all given members, in order. By
 * default, of today.
 */
export async function listTenantHistory(deps: TenantContext, request: RequestOf<'list-tenant-history'>) {
  const { clock, tenant } = deps;
  const { day, from, to, ...page } = request;
  const today = dayIn(tenant.settings.timeZone, clock.now());
  if (day !== undefined && (from !== undefined || to !== undefined)) {
    return invalidRequest([{ place: 'day', text: 'must stand without `from` and `to`' }]);
  }
  const first = from ?? day ?? to ?? today;
  const last = to ?? (from === undefined ? first : today);
  if (first > last) return invalidRequest([{ place: 'from', text: 'must not be after `to`, or in the future' }]);
  const found = await readHistoryRange(deps, { ...page, from: first, to: last }, (entry) => isWanted(entry, request));
  if (isRefusal(found)) return found;
  const { entries, cursor: next } = found;
  const range = first === last ? { day: first } : { from: first, to: last };
  return { ...range, entries: entries.map((entry) => viewEntry(tenant.folders, entry)), ...defined({ cursor: next }) };
}

type HistoryFilter = Pick<RequestOf<'list-tenant-history'>, 'kind' | 'by' | 'cause'>;

/** Only changes of licenses have an actor and a cause. The cause `renewal` is that of any renewal. */
function isWanted(entry: HistoryEntry, { kind, by, cause }: HistoryFilter): boolean {
  const change = entry.kind === 'license' ? entry.change : undefined;
  return (
    (kind === undefined || entry.kind === kind) &&
    (by === undefined || change?.actor === by) &&
    (cause === undefined || change?.cause === cause || change?.cause.startsWith(`${cause} `) === true)
  );
}

/** Returns who held a license at an instant and where it was. `known` is false if the license did not exist yet. */
export async function getLicenseAsOf({ table, tenant }: TenantContext, request: RequestOf<'get-license-as-of'>) {
  const { serialNumber, at } = request;
  const entry = await readAsOf(table, tenant.tenantId, serialNumber, at);
  if (entry === undefined) return { serialNumber, at, known: false };
  return { at, known: true, ...viewAsOf(tenant.folders, entry) };
}

/**
 * Returns the licenses that a user held at an instant: those assigned to the user, and the one in use. Reads the whole
 * list of the user's history until then, and one entry for each license in it.
 */
export async function getUserAsOf({ table, tenant }: TenantContext, { user, at }: RequestOf<'get-user-as-of'>) {
  const changes = await readPersonAsOf(table, tenant.tenantId, user, at);
  return { user, at, licenses: changes.map((change) => viewAsOf(tenant.folders, change)) };
}

/** How many licenses one page looks at, at most. For each that has changed since, its history is searched. */
const MOST_LICENSES = 500;
const AT_ONCE = 100;

/**
 * Lists the licenses that were in a folder at an instant, and who held them, in the order of their serial numbers,
 * those that are deleted by now last. A license that has not changed since is as it was. A page looks at 500 of the
 * tenant's licenses at most, so it may be short.
 */
export async function listFolderAsOf(
  { table, tenant }: TenantContext,
  { folder, at, cursor: asked, limit }: RequestOf<'list-folder-as-of'>,
) {
  const { tenantId, folders } = tenant;
  const folderId = folderAt(folders, folder);
  if (folderId === undefined) return unknownFolder(folder);
  const partitionsInOrder = [partitions.licensesOfTenant(tenantId), partitions.deletedLicenses(tenantId)];
  const start = readPlace(partitionsInOrder, asked);
  if (isRefusal(start)) return start;

  const licenses: ReturnType<typeof viewAsOf>[] = [];
  let { part, after } = start;
  let partition = partitionsInOrder[part];
  for (let looked = 0; partition !== undefined && looked < MOST_LICENSES && licenses.length < limit; ) {
    const size = Math.min(AT_ONCE, limit - licenses.length);
    const page = await table.list('by-tenant', { partition, after, limit: size });
    const present = await readLicenses(table, page.keys);
    const then = await mapInGroups(present, async (license) =>
      license.change.at <= at ? licenseChange(undefined, license) : readAsOf(table, tenantId, license.serialNumber, at),
    );
    const there = then.flatMap((change) => change ?? []).filter(({ after: facts }) => facts.folderId === folderId);
    licenses.push(
      ...there.filter(({ after: facts }) => facts.deletedAt === undefined).map((change) => viewAsOf(folders, change)),
    );
    looked += size;
    after = page.next;
    if (after === undefined) part += 1;
    partition = partitionsInOrder[part];
  }
  const next = partition === undefined ? undefined : encodeCursor(`as of ${partition}`, after ?? { pk: '', sk: '' });
  return defined({ folder, at, licenses, cursor: next });
}

/** Returns where a page begins: in one of the index's partitions, after a key. */
function readPlace(
  partitionsInOrder: readonly string[],
  asked: string | undefined,
): { readonly part: number; readonly after?: Key | undefined } | Refusal {
  if (asked === undefined) return { part: 0 };
  for (const [part, partition] of partitionsInOrder.entries()) {
    const after = decodeCursor(asked, `as of ${partition}`);
    if (isRefusal(after)) continue;
    if (after.pk === '') return { part };
    if (isWithin(after, 'by-tenant', partition)) return { part, after };
  }
  return invalidCursor();
}

function viewAsOf(folders: FolderTree, { serialNumber, type, access, modules, version, change, after }: LicenseChange) {
  return { serialNumber, type, access, modules, version, ...viewFacts(folders, after), lastChange: change };
}

/** Returns an entry with the present paths of its folders. */
export function viewEntry(folders: FolderTree, entry: HistoryEntry) {
  switch (entry.kind) {
    case 'license':
      return viewChange(folders, entry);
    case 'denied':
      return viewDenial(folders, entry);
    case 'webhook-off':
      return { kind: entry.kind, at: entry.at, since: entry.since, reason: entry.reason };
  }
}

function viewDenial(folders: FolderTree, entry: Extract<HistoryEntry, { readonly kind: 'denied' }>) {
  const { at, user, session, folderId, access, reason } = entry;
  return { kind: 'denied', at, user, session, folder: pathOf(folders, folderId) ?? folderId, access, reason };
}

function viewChange(folders: FolderTree, entry: LicenseChange) {
  const { serialNumber, type, access, modules, version, change, before, after } = entry;
  return {
    kind: 'license',
    ...change,
    serialNumber,
    type,
    access,
    modules,
    version,
    ...(before === undefined ? {} : { before: viewFacts(folders, before) }),
    after: viewFacts(folders, after),
  };
}

function viewFacts(folders: FolderTree, { folderId, ...facts }: LicenseFacts) {
  return { folder: pathOf(folders, folderId) ?? folderId, ...facts };
}
