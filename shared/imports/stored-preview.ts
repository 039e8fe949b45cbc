import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { DAY, epochSeconds, type Instant, plus } from '../licensing/time.ts';
import { IMPORT_OUTCOMES, type ImportOutcome, REPORT_STATUSES } from '../licensing/vocabulary.ts';
import type { Clock } from '../platform/clock.ts';
import { mapConcurrently } from '../platform/map-concurrently.ts';
import type { Item, Table } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';
import { classShape, termShape } from '../store/items.ts';
import { previewKey, previewPageKey } from '../store/keys.ts';
import type { Preview, PreviewedLicense } from './preview.ts';
import { cursorOfPage, FIRST_PAGE, pageIndexOf, pageOfCursor } from './read-report.ts';
import { countsShape, faultShape } from './report.ts';

/** How many licenses one item holds. Even with the longest values they are far below the largest item. */
const PAGE_SIZE = 100;

/** How many items are written at once. */
const PAGES_AT_ONCE = 4;

/** How many pages one answer has. */
const PAGES_PER_ANSWER = 10;

/** How long a preview is kept. The licenses have long changed by then. */
const KEPT_FOR = DAY;

const head = z.object({
  previewId: z.string(),
  previewedAt: z.string(),
  expiresAt: z.string(),
  status: z.enum(REPORT_STATUSES),
  counts: countsShape,
  faults: z.array(faultShape),
  issued: z.exactOptional(z.string()),
  folder: z.exactOptional(z.string()),
  sameAs: z.exactOptional(z.string()),
  ignored: z.array(z.string()),
});

/** A preview without its licenses. The codes and counts come first. */
export type PreviewHead = z.infer<typeof head>;

const side = { ...classShape, ...termShape, issued: z.string() };

const previewed = z.object({
  serialNumber: z.string(),
  outcome: z.enum(IMPORT_OUTCOMES),
  detail: z.exactOptional(z.string()),
  file: z.object(side),
  present: z.exactOptional(
    z.object({ ...side, folder: z.string(), deletedAt: z.exactOptional(z.string()), version: z.number() }),
  ),
});

const page = z.object({ text: z.string() });

/**
 * Stores a preview, and returns its head. The head is written last, so a preview that can be found is complete. It
 * writes one item for each 100 licenses, and one more.
 */
export async function storePreview(
  deps: { readonly table: Table; readonly clock: Clock; readonly random: Random },
  tenantId: string,
  previewId: string,
  { licenses, ...rest }: Preview,
): Promise<PreviewHead> {
  const previewedAt = deps.clock.now();
  const expiresAt = plus(previewedAt, KEPT_FOR);
  const ttl = epochSeconds(expiresAt);
  const store = (item: Item) =>
    untilAnswered(deps, async () => ((await deps.table.write([{ put: item }])).done ? item : undefined));
  await mapConcurrently(Math.ceil(licenses.length / PAGE_SIZE), PAGES_AT_ONCE, async (index) => {
    const rows = licenses.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE);
    await store({ ...previewPageKey(tenantId, previewId, index), text: packed(rows), ttl });
  });
  const found = head.parse({ previewId, previewedAt, expiresAt, ...rest });
  await store({ ...found, ...previewKey(tenantId, previewId), ttl });
  return found;
}

export type PreviewPage = PreviewHead & { readonly licenses: readonly PreviewedLicense[]; readonly cursor?: string };

/**
 * Reads a preview with a page of its licenses, or of those with one outcome. Returns undefined for an unknown preview,
 * for one that has expired, and for a cursor of another list. It reads 11 items at most.
 */
export async function readPreview(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  tenantId: string,
  previewId: string,
  { outcome, cursor }: { readonly outcome?: ImportOutcome; readonly cursor?: string | undefined },
): Promise<PreviewPage | undefined> {
  const start = cursor === undefined ? FIRST_PAGE : pageOfCursor(cursor);
  const item = await table.get(previewKey(tenantId, previewId));
  if (start === undefined || item === undefined) return undefined;
  const found = head.parse(item);
  if (isOver(found, clock.now())) return undefined;
  const { pk, sk: from } = previewPageKey(tenantId, previewId, start);
  const { sk: to } = previewPageKey(tenantId, previewId, start + PAGES_PER_ANSWER - 1);
  const { items, more } = await table.query({ pk, from, to });
  const rows = items.flatMap(unpacked);
  const licenses = outcome === undefined ? rows : rows.filter((row) => row.outcome === outcome);
  // One answer of the table holds a megabyte, so it may end before the last page.
  const last = items.at(-1);
  if (last === undefined || !(more || items.length === PAGES_PER_ANSWER)) return { ...found, licenses };
  return { ...found, licenses, cursor: cursorOfPage(pageIndexOf(last) + 1) };
}

/** DynamoDB's TTL is lazy, so the time is compared here. */
function isOver({ expiresAt }: PreviewHead, now: Instant): boolean {
  return now >= expiresAt;
}

/** Returns licenses as a text that costs a tenth to store. */
function packed(rows: readonly PreviewedLicense[]): string {
  return gzipSync(JSON.stringify(rows)).toString('base64');
}

function unpacked(item: Item): readonly PreviewedLicense[] {
  const text = gunzipSync(Buffer.from(page.parse(item).text, 'base64')).toString();
  return z.array(previewed).parse(JSON.parse(text));
}
