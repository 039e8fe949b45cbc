import { readAsOf, readLicenseHistory, readPersonHistory, readTenantHistory } from '../history/read-entries.ts';
import { dayAfter, startOfDay } from '../licensing/cleanup-time.ts';
import { type FolderTree, pathOf } from '../licensing/folder-tree.ts';
import type { HistoryEntry, LicenseChange } from '../licensing/history/history.ts';
import type { LicenseFacts } from '../licensing/license/license.ts';
import { dayIn } from '../licensing/time.ts';
import type { RequestOf } from './administer-request.ts';
import { unknownLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { decodeCursor, encodeCursor, invalidCursor } from './pages.ts';
import { isRefusal } from './refusal.ts';

/** Lists all changes of a license in order, from its import on, also of a deleted license (R46). */
export async function listLicenseHistory({ table, tenant }: TenantContext, request: RequestOf<'list-license-history'>) {
  const { serialNumber, limit } = request;
  const list = `history of license ${serialNumber}`;
  const after = readStart(request, list, { from: '1', to: '~' });
  if (isRefusal(after)) return after;
  const start = after.place === undefined ? {} : { after: Number.parseInt(after.place, 10) };
  const { entries, next } = await readLicenseHistory(table, tenant.tenantId, serialNumber, { ...start, limit });
  if (entries.length === 0 && after.place === undefined) return unknownLicense(serialNumber);
  return { entries: entries.map((entry) => viewEntry(tenant.folders, entry)), ...cursor(list, next) };
}

/**
 * Lists the events that concern a user or were caused by the user, the latest first. For an unknown user, the list is
 * empty.
 */
export async function listUserHistory({ table, tenant }: TenantContext, request: RequestOf<'list-user-history'>) {
  const { user, limit } = request;
  const list = `history of user ${user}`;
  const after = readStart(request, list, { from: '0', to: '~' });
  if (isRefusal(after)) return after;
  const start = after.place === undefined ? {} : { before: after.place };
  const { entries, next } = await readPersonHistory(table, tenant.tenantId, user, { ...start, limit });
  return { entries: entries.map((entry) => viewEntry(tenant.folders, entry)), ...cursor(list, next) };
}

/** Lists the events of one of the tenant's days in order. By default, of today. */
export async function listTenantHistory(
  { table, clock, tenant }: TenantContext,
  request: RequestOf<'list-tenant-history'>,
) {
  const { timeZone } = tenant.settings;
  const { day = dayIn(timeZone, clock.now()), limit } = request;
  const list = `history of ${day}`;
  const range = { from: startOfDay(timeZone, day), to: startOfDay(timeZone, dayAfter(day)) };
  const after = readStart(request, list, range);
  if (isRefusal(after)) return after;
  const start = after.place === undefined ? {} : { after: after.place };
  const { entries, next } = await readTenantHistory(table, tenant.tenantId, { ...range, ...start, limit });
  return { day, entries: entries.map((entry) => viewEntry(tenant.folders, entry)), ...cursor(list, next) };
}

/** Returns who held a license at an instant and where it was. `known` is false if the license did not exist yet. */
export async function getLicenseAsOf({ table, tenant }: TenantContext, request: RequestOf<'get-license-as-of'>) {
  const { serialNumber, at } = request;
  const entry = await readAsOf(table, tenant.tenantId, serialNumber, at);
  if (entry === undefined) return { serialNumber, at, known: false };
  const { type, access, modules, version, change } = entry;
  const facts = viewFacts(tenant.folders, entry.after);
  return { serialNumber, at, known: true, type, access, modules, version, ...facts, lastChange: change };
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

export function cursor(list: string, next: string | number | undefined): { readonly cursor?: string } {
  return next === undefined ? {} : { cursor: encodeCursor(list, { pk: '', sk: String(next) }) };
}

/** Returns where a page begins. Refuses a cursor that this list cannot have given. */
export function readStart(
  request: { readonly cursor?: string },
  list: string,
  { from, to }: { readonly from: string; readonly to: string },
) {
  if (request.cursor === undefined) return {};
  const position = decodeCursor(request.cursor, list);
  if (isRefusal(position)) return position;
  return position.sk >= from && position.sk < to ? { place: position.sk } : invalidCursor();
}
