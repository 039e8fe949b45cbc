import * as z from 'zod/mini';
import type { LicenseOutcome } from '../licensing/license/import-plan.ts';
import type { Item, Table } from '../platform/ports/table.ts';
import { importKey, importPageKey, uploadKey } from '../store/keys.ts';
import { walkPartition } from '../store/paging.ts';
import {
  type FinishedImport,
  type ImportReport,
  importOf,
  isRunning,
  outcomesOf,
  type Page,
  pageOf,
  type StoredImport,
  summaryOf,
} from './report.ts';
import { withUploaders } from './uploader.ts';

/** How many pages one answer has: not quite a thousand licenses. */
const PAGES_PER_ANSWER = 20;

export const FIRST_PAGE = 0;
const LAST_PAGE = 999_999;

const pointer = z.object({ importId: z.string(), order: z.string() });

/** The latest import of an upload, and its order among the imports of that upload. */
export type LatestImport = z.infer<typeof pointer>;

export async function readImport(table: Table, tenantId: string, importId: string): Promise<StoredImport | undefined> {
  const item = await table.get(importKey(tenantId, importId));
  return item === undefined ? undefined : importOf(item);
}

export async function readLatestImport(table: Table, tenantId: string, key: string): Promise<LatestImport | undefined> {
  const item = await table.get(uploadKey(tenantId, key));
  return item === undefined ? undefined : pointer.parse(item);
}

const content = z.object({ importId: z.string() });

/** Returns the first import of the bytes that an item is about. */
export function firstImportOf(item: Item | undefined): string | undefined {
  return item === undefined ? undefined : content.parse(item).importId;
}

/** Reads all written pages of an import, by their index. */
export async function readPages(
  table: Table,
  tenantId: string,
  importId: string,
): Promise<readonly (Page | undefined)[]> {
  const pages: (Page | undefined)[] = [];
  const { pk, sk: from } = importPageKey(tenantId, importId, FIRST_PAGE);
  const { sk: to } = importPageKey(tenantId, importId, LAST_PAGE);
  for await (const items of walkPartition(table, { pk, from, to })) {
    for (const item of items) pages[pageIndexOf(item)] = pageOf(item);
  }
  return pages;
}

/** Reads the whole report, for the object beside the upload. Returns undefined while the import is running. */
export async function readWholeReport(
  table: Table,
  tenantId: string,
  importId: string,
): Promise<ImportReport | undefined> {
  const head = await readImport(table, tenantId, importId);
  if (head === undefined || isRunning(head)) return undefined;
  const pages = await readPages(table, tenantId, importId);
  return report(
    await withUploader(table, tenantId, head),
    pages.flatMap((page) => (page === undefined ? [] : outcomesOf(page))),
  );
}

export type ReportPage = ImportReport & { readonly cursor?: string };

/**
 * Reads an import's report with one page of its licenses, by the import's id or by its upload's key. `cursor` leads to
 * the next page. Returns undefined for an unknown import, for one that is still running, and for a cursor of another
 * list.
 */
export async function readReport(
  table: Table,
  tenantId: string,
  of: { readonly importId: string } | { readonly key: string },
  cursor?: string,
): Promise<ReportPage | undefined> {
  const importId = 'importId' in of ? of.importId : (await readLatestImport(table, tenantId, of.key))?.importId;
  const start = cursor === undefined ? FIRST_PAGE : pageOfCursor(cursor);
  if (importId === undefined || start === undefined) return undefined;
  const head = await readImport(table, tenantId, importId);
  if (head === undefined || isRunning(head)) return undefined;

  const { pk, sk: from } = importPageKey(tenantId, importId, start);
  const { sk: to } = importPageKey(tenantId, importId, start + PAGES_PER_ANSWER - 1);
  const { items, more } = await table.query({ pk, from, to });
  const page = report(
    await withUploader(table, tenantId, head),
    items.flatMap((item) => outcomesOf(pageOf(item))),
  );
  // One answer of the table holds a megabyte, so it may end before the last page.
  const last = items.at(-1);
  if (last === undefined || !(more || items.length === PAGES_PER_ANSWER)) return page;
  return { ...page, cursor: cursorOfPage(pageIndexOf(last) + 1) };
}

async function withUploader(table: Table, tenantId: string, head: FinishedImport): Promise<FinishedImport> {
  const [named = head] = await withUploaders(table, tenantId, [head]);
  return named;
}

function report(head: FinishedImport, licenses: readonly LicenseOutcome[]) {
  const { ignored, faults, ...first } = summaryOf(head);
  return { ...first, licenses, ignored, faults };
}

export function pageIndexOf({ sk }: Item): number {
  return Number(sk.split('#')[1]);
}

export function cursorOfPage(page: number): string {
  return Buffer.from(`page ${page}`).toString('base64url');
}

export function pageOfCursor(cursor: string): number | undefined {
  const [, digits] = /^page (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
