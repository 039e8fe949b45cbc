import * as z from 'zod/mini';
import { readTenantHistory } from '../history/read-entries.ts';
import { dayAfter, startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import { type Day, dayIn, type Instant } from '../licensing/time.ts';
import { invalidRequest } from '../platform/validation.ts';
import type { RequestOf } from './administer-request.ts';
import { csvOf } from './csv.ts';
import type { TenantContext } from './deps.ts';
import { viewEntry } from './history.ts';
import { listLicenses } from './list-licenses.ts';
import { decodeCursor, encodeCursor, invalidCursor } from './pages.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { listRenewalRows } from './renewal-rows.ts';
import { listUserCards } from './user-cards.ts';

/*
 * Exports come in pages, like lists, so the largest export needs no more memory than one page. The pages of one export,
 * joined in order, are one file. Only the first page of a CSV has a header.
 */

type Format = 'csv' | 'json-lines';
export type ExportPage = {
  readonly format: Format;
  readonly rows: number;
  /** The number of this part of the file, counted from 1. */
  readonly part: number;
  readonly text: string;
  readonly cursor?: string;
};

const LICENSE = [
  'serialNumber',
  'type',
  'access',
  'modules',
  'validFrom',
  'expiresOn',
  'folder',
  'assignedTo',
  'currentUser',
  'since',
  'state',
  'version',
  'assignedToName',
  'currentUserName',
];
const USER_CARD = [
  'user',
  'name',
  'folder',
  'access',
  'level',
  'licenseInformation',
  'leaver.note',
  'leaver.at',
  'leaver.source',
  'version',
  'lastSeen',
];
const FACTS = [
  'folder',
  'assignedTo',
  'currentUser',
  'validFrom',
  'expiresOn',
  'releasing',
  'heldBackFor',
  'setAsideOn',
  'deletedAt',
];
const HISTORY = [
  'at',
  'kind',
  'actor',
  'cause',
  'serialNumber',
  'type',
  'access',
  'modules',
  'version',
  'user',
  'session',
  'folder',
  'reason',
  ...['before', 'after'].flatMap((when) => FACTS.map((fact) => `${when}.${fact}`)),
];

const RENEWAL = [
  ...['row', 'outcome', 'old', 'new', 'class.type', 'class.access', 'class.modules', 'folder'],
  ...['user', 'validFrom', 'expiresOn', 'state', 'assignedTo', 'currentUser', 'since', 'setAsideOn'],
  ...['newValidFrom', 'newExpiresOn', 'daysWithoutLicense', 'doubt'],
  ...['oldLicense', 'newLicense', 'why', 'switchedAt', 'deletedAt', 'undoneAt'],
];

export async function exportLicenses(deps: TenantContext, asked: RequestOf<'export-licenses'>) {
  const { part, request } = partOf(asked);
  const page = await listLicenses(deps, { ...request, command: 'list-licenses' });
  return isRefusal(page) ? page : writePage({ ...request, part }, LICENSE, page.licenses, page.cursor);
}

export async function exportUserCards(deps: TenantContext, asked: RequestOf<'export-user-cards'>) {
  const { part, request } = partOf(asked);
  const page = await listUserCards(deps, { ...request, command: 'list-user-cards' });
  return isRefusal(page) ? page : writePage({ ...request, part }, USER_CARD, page.userCards, page.cursor);
}

/** Splits the cursor of an export, such as `2.eyJs…`, into the number of the part and the list's own cursor. */
function partOf<Request extends { readonly cursor?: string }>(request: Request) {
  const [, number, cursor] = /^(\d{1,6})\.(.+)$/su.exec(request.cursor ?? '') ?? [];
  return cursor === undefined ? { part: 1, request } : { part: Number(number), request: { ...request, cursor } };
}

/** Exports all rows of a renewal in order: the snapshot, the plan, and what became of each row (R33). */
export async function exportRenewal(deps: TenantContext, asked: RequestOf<'export-renewal'>) {
  const { part, request } = partOf(asked);
  const page = await listRenewalRows(deps, request);
  return isRefusal(page) ? page : writePage({ ...request, part }, RENEWAL, page.rows, page.cursor);
}

/** How many days without entries one page skips at most. */
const MOST_DAYS = 31;

/** Exports the history of some of the tenant's days in order (R46). A page has entries of one day. */
export async function exportHistory(deps: TenantContext, asked: RequestOf<'export-history'>) {
  const { part, request } = partOf(asked);
  const { table, clock, tenant } = deps;
  const { timeZone } = tenant.settings;
  const today = dayIn(timeZone, clock.now());
  const { from, to = today, limit } = request;
  if (from > to) return invalidRequest([{ place: 'from', text: 'must not be after `to`' }]);
  const start = readPosition(request, from, timeZone);
  if (isRefusal(start)) return start;
  let { day, after } = start;
  const last = [to, today].toSorted()[0] ?? today;
  for (let days = 0; days < MOST_DAYS && day <= last; days += 1) {
    const range = { ...instantsOf(timeZone, day), limit };
    const { entries, next } = await readTenantHistory(table, tenant.tenantId, defined({ ...range, after }));
    const following = next === undefined ? { day: dayAfter(day) } : { day, after: next };
    if (entries.length > 0) {
      const rows = entries.map((entry) => viewEntry(tenant.folders, entry));
      return writePage({ ...request, part }, HISTORY, rows, following.day > last ? undefined : cursorAt(following));
    }
    ({ day, after } = { after: undefined, ...following });
  }
  return writePage({ ...request, part }, HISTORY, [], day > last ? undefined : cursorAt({ day }));
}

const LIST = 'export of history';

/** Where the next part of an export of the history begins: at a day, or after one of its entries. */
type HistoryPosition = { readonly day: Day; readonly after?: string | undefined };

function cursorAt({ day, after = '' }: HistoryPosition): string {
  return encodeCursor(LIST, { pk: day, sk: after });
}

function instantsOf(timeZone: string, day: Day): { readonly from: Instant; readonly to: Instant } {
  return { from: startOfDay(timeZone, day), to: startOfDay(timeZone, dayAfter(day)) };
}

/** Returns where a part begins. Refuses a cursor with a day or an entry that this export cannot have given. */
function readPosition(
  { cursor, to }: RequestOf<'export-history'>,
  from: Day,
  timeZone: string,
): HistoryPosition | Refusal {
  if (cursor === undefined) return { day: from };
  const position = decodeCursor(cursor, LIST);
  if (isRefusal(position)) return position;
  const { pk: day, sk: after } = position;
  const isInRange = z.safeParse(z.iso.date(), day).success && day >= from && (to === undefined || day <= to);
  if (!isInRange) return invalidCursor();
  if (after === '') return { day };
  const range = instantsOf(timeZone, day);
  return after >= range.from && after < range.to ? { day, after } : invalidCursor();
}

function writePage(
  { format, cursor: asked, part }: { readonly format: Format; readonly cursor?: string; readonly part: number },
  columns: readonly string[],
  rows: readonly object[],
  next: string | undefined,
): ExportPage {
  const text =
    format === 'csv'
      ? csvOf(
          columns,
          rows.map((row) => ({ ...row })),
          asked === undefined,
        )
      : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return defined({ format, rows: rows.length, part, text, cursor: next && `${part + 1}.${next}` });
}
