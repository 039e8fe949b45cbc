import { defined } from '../licensing/defined.ts';
import { dayIn } from '../licensing/time.ts';
import { invalidRequest } from '../platform/validation.ts';
import type { RequestOf } from './administer-request.ts';
import { csvOf } from './csv.ts';
import type { TenantContext } from './deps.ts';
import { viewEntry } from './history.ts';
import { readHistoryRange } from './history-range.ts';
import { listLicenses } from './list-licenses.ts';
import { isRefusal } from './refusal.ts';
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

/** Exports the history of some of the tenant's days in order (R46). */
export async function exportHistory(deps: TenantContext, asked: RequestOf<'export-history'>) {
  const { part, request } = partOf(asked);
  const { clock, tenant } = deps;
  const { from, to = dayIn(tenant.settings.timeZone, clock.now()) } = request;
  if (from > to) return invalidRequest([{ place: 'from', text: 'must not be after `to`' }]);
  const page = await readHistoryRange(deps, { ...request, to });
  if (isRefusal(page)) return page;
  const rows = page.entries.map((entry) => viewEntry(tenant.folders, entry));
  return writePage({ ...request, part }, HISTORY, rows, page.cursor);
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
