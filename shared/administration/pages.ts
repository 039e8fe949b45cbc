import * as z from 'zod/mini';
import type { IndexRange, Key, Table } from '../platform/ports/table.ts';
import { type IndexName, TABLE } from '../platform/ports/table-definition.ts';
import { hasUnusableText } from '../platform/usable-text.ts';
import { invalidRequest } from '../platform/validation.ts';
import { isRefusal, type Refusal } from './refusal.ts';

/** What is read for one page, so that a page costs the same in a small and in a large tenant. */
const MOST_KEYS = 5_000;
const MOST_READS = 100;

/** Where a list goes on: what it is a list of, and the last that was looked at. */
const position = z.object({
  list: z.string(),
  after: z.catchall(z.object({ pk: z.string(), sk: z.string() }), z.string()),
});

export type PageRequest = { readonly limit: number; readonly cursor?: string };

export type Page<Entry> = { readonly entries: readonly Entry[]; readonly cursor?: string };

/**
 * One page of an index. `read` reads the items of some keys and leaves out what does not fit, so a page reads on until
 * it is full or the index ends; where little fits it ends early, short or empty, and its cursor goes on from there.
 */
export async function readPage<Entry>(
  table: Table,
  index: IndexName,
  partition: string,
  request: PageRequest,
  read: (keys: readonly Key[]) => Promise<readonly Entry[]>,
  range: Pick<IndexRange, 'from' | 'to' | 'descending'> = {},
): Promise<Page<Entry> | Refusal> {
  const list = `${index} ${partition}`;
  const start = request.cursor === undefined ? undefined : positionOf(request.cursor, list);
  if (start !== undefined && isRefusal(start)) return start;
  if (start !== undefined && !isWithin(start, index, partition, range)) return notACursor();

  const entries: Entry[] = [];
  let after: Key | undefined = start;
  let seen = 0;
  for (let reads = 1; ; reads += 1) {
    const page = await table.list(index, { partition, ...range, limit: request.limit - entries.length, after });
    entries.push(...(await read(page.keys)));
    after = page.next;
    seen += page.keys.length;
    if (after === undefined) return { entries };
    if (entries.length === request.limit || seen >= MOST_KEYS || reads === MOST_READS) {
      return { entries, cursor: cursorOf(list, after) };
    }
  }
}

export function cursorOf(list: string, after: Key): string {
  return Buffer.from(JSON.stringify({ list, after })).toString('base64url');
}

/** The table refuses a page that begins outside of what is asked for. */
function isWithin(
  start: Position,
  index: IndexName,
  partition: string,
  { from = '', to }: Pick<IndexRange, 'from' | 'to'>,
): boolean {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  const sort = start[sortKey];
  const names: readonly string[] = [TABLE.partitionKey, TABLE.sortKey, partitionKey, sortKey];
  if (Object.keys(start).some((name) => !names.includes(name) || start[name] === '')) return false;
  return start[partitionKey] === partition && sort !== undefined && sort >= from && (to === undefined || sort <= to);
}

type Position = Key & { readonly [name: string]: string };

export function positionOf(cursor: string, list: string): Position | Refusal {
  const given = jsonOf(Buffer.from(cursor, 'base64url').toString());
  const reading = z.safeParse(position, given);
  // What the table could not even be asked for is no place that a page ended at.
  if (reading.success && reading.data.list === list && !hasUnusableText(given)) return reading.data.after;
  return notACursor();
}

export function notACursor(): Refusal {
  const text = 'must be the cursor of the page before, of the same list in the same order';
  return invalidRequest([{ place: 'cursor', text }]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
