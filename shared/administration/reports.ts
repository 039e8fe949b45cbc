import { readImport, readReport } from '../imports/read-report.ts';
import { isRunning, type RunningImport, runningView } from '../imports/report.ts';
import { reportText, runningText } from '../imports/report-text.ts';
import { withUploaders } from '../imports/uploader.ts';
import { invalidRequest } from '../platform/validation.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

/**
 * Returns the report of an import, or of the latest import of an upload, with a page of its licenses (R8). With `text`,
 * returns the page as text for people. Of a running import, returns how far it has come.
 */
export async function getImport(deps: TenantContext, request: RequestOf<'get-import'>) {
  const { table, tenant } = deps;
  const { key, importId, cursor, format } = request;
  const of = key === undefined ? (importId === undefined ? undefined : { importId }) : { key };
  if (of === undefined || (key !== undefined && importId !== undefined)) {
    return invalidRequest([{ place: 'key', text: 'name either an upload by `key` or an import by `importId`' }]);
  }
  const begun = importId === undefined ? undefined : await readImport(table, tenant.tenantId, importId);
  if (begun !== undefined && isRunning(begun)) return viewRunning(deps, begun, format);
  const report = await onePage(
    (position) => readReport(table, tenant.tenantId, of, position),
    cursor,
    refused(
      'unknown-import',
      `There is no finished import of "${key ?? importId}". The import of a new upload takes a moment.`,
    ),
  );
  if (format === 'json' || isRefusal(report)) return report;
  const further = report.cursor === undefined ? {} : { cursor: report.cursor };
  return { importId: report.importId, status: report.status, text: reportText(report), ...further };
}

async function viewRunning({ table, tenant }: TenantContext, begun: RunningImport, format: 'json' | 'text') {
  const [named = begun] = await withUploaders(table, tenant.tenantId, [begun]);
  const view = runningView(named);
  const { importId, status } = view;
  return format === 'json' ? view : { importId, status, text: runningText(view) };
}

/**
 * Reads one page of a report or a renewal. `read` returns undefined both for "not found" and for a bad cursor. Reading
 * the first page again distinguishes them.
 */
export async function onePage<Found extends object>(
  read: (cursor?: string) => Promise<Found | undefined>,
  cursor: string | undefined,
  unknown: Refusal,
): Promise<Found | Refusal> {
  const found = await read(cursor);
  if (found !== undefined) return found;
  if (cursor === undefined || (await read()) === undefined) return unknown;
  return invalidRequest([{ place: 'cursor', text: 'must be the cursor of the page before' }]);
}
