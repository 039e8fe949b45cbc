import { defined } from '../licensing/defined.ts';
import { folderAt } from '../licensing/folder-tree.ts';
import { isAllocatable } from '../licensing/license/license.ts';
import { endingDays, keptLicenses, leftWithout } from '../licensing/renewal/renewal-endings.ts';
import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import { findRenewal, readRows } from '../renewals/read-renewal.ts';
import { cursorOfRow, type RenewalRowView, rowOfCursor, versionOf, viewRow } from '../renewals/renewal-view.ts';
import { userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { invalidCursor } from './pages.ts';
import { type Refusal, unknownFolder } from './refusal.ts';
import { unknownRenewal } from './renewals.ts';

/** How many rows one page looks at, at most. */
const MOST_ROWS = 1_000;

type RowFilter = Omit<RequestOf<'list-renewal-rows'>, 'tenant' | 'actor' | 'command'>;

export type RenewalRowPage = {
  readonly renewalId: string;
  readonly rows: readonly RenewalRowView[];
  readonly cursor?: string;
};

/**
 * Lists a renewal's rows that match all given members, in the order of the plan. A page looks at 1,000 rows at most, so
 * it may be short when few match.
 */
export async function listRenewalRows(
  { table, tenant }: TenantContext,
  request: RowFilter,
): Promise<RenewalRowPage | Refusal> {
  const { renewalId, folder, limit } = request;
  const renewal = await findRenewal(table, tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  const start = startOf(request.cursor, renewal.rows);
  if (start === undefined) return invalidCursor();

  const folderId = folder === undefined ? undefined : folderAt(tenant.folders, folder);
  const isFiltered = folder !== undefined || request.outcome !== undefined || request.user !== undefined;
  // Without a filter, every row that is read is shown.
  const end = start + (isFiltered ? MOST_ROWS : limit);
  const found = (await readRows(table, renewal, { from: start, to: end })).filter(({ row }) =>
    isWanted(row, request, folderId),
  );
  const rows = found.slice(0, limit).map(viewRow);
  const next = found[limit]?.index ?? end;
  const isMore = next < renewal.rows;
  if (folder !== undefined && folderId === undefined && rows.length === 0 && start === 0 && !isMore) {
    return unknownFolder(folder);
  }
  return defined({ renewalId, rows, cursor: isMore ? cursorOfRow(next) : undefined });
}

function isWanted(row: RenewalRow, { outcome, user, folder }: RowFilter, folderId: string | undefined): boolean {
  const { user: planned, old } = row;
  return (
    (outcome === undefined || row.outcome === outcome) &&
    (user === undefined || [planned, old?.assignedTo, old?.currentUser].includes(user)) &&
    (folder === undefined || row.folder === folder || row.folderId === folderId)
  );
}

/** Returns the first row of a page, counted from 0. Returns undefined for a cursor that no page can have given. */
function startOf(cursor: string | undefined, rows: number): number | undefined {
  const start = cursor === undefined ? 0 : rowOfCursor(cursor);
  return start === undefined || (start > 0 && start >= rows) ? undefined : start;
}

/**
 * Returns what ends on which day, and who will be without a license from which day, a page of people at a time. Each
 * page reads all rows of the plan, and the user cards of its people.
 */
export async function listRenewalEndings(
  { table, tenant }: TenantContext,
  { renewalId, cursor, limit }: RequestOf<'list-renewal-endings'>,
) {
  const renewal = await findRenewal(table, tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  const rows = (await readRows(table, renewal)).map(({ row }) => row);
  const all = leftWithout(rows);
  const start = startOf(cursor, all.length);
  if (start === undefined) return invalidCursor();

  const some = all.slice(start, start + limit);
  const users = [...new Set(some.map(({ user }) => user))];
  const items = await table.getMany(users.map((user) => userCardKey(tenant.tenantId, user)));
  const cards = new Map(users.map((user, index) => [user, foundCard(items[index]).card]));
  // Nobody holds a license that logins allocate before a login takes it.
  const given = rows.filter((row) => renewal.mode === 'assign' || !isAllocatable(row.class));
  const byUser = Map.groupBy(given, ({ user }) => user);
  const people = some.map((one) => {
    const card = cards.get(one.user);
    const keeps = keptLicenses(one, card?.assigned ?? {}, byUser.get(one.user) ?? []);
    return defined({ ...one, name: card?.name, keeps });
  });
  const end = start + limit;
  return defined({
    renewalId,
    status: renewal.status,
    version: versionOf(renewal),
    days: endingDays(rows),
    people,
    cursor: end < all.length ? cursorOfRow(end) : undefined,
  });
}
