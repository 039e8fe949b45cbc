import * as z from 'zod/mini';
import type { IndexRange, Key, Table } from '../platform/ports/table.ts';
import { type IndexName, TABLE } from '../platform/ports/table-definition.ts';
import { hasUnusableText } from '../platform/usable-text.ts';
import { invalidRequest } from '../platform/validation.ts';
import { isRefusal, type Refusal } from './refusal.ts';

/**
 * How many keys, and how often, one page reads at most, so that a page costs the same in a small and a large tenant.
 */
const MOST_KEYS = 1_000;
const MOST_READS = 20;

/**
 * The most bytes of a part of a position. The table accepts no longer sort key, and no longer partition key is made.
 */
const MOST_BYTES = 1_024;

const place = z.string().check(z.refine((text) => Buffer.byteLength(text) <= MOST_BYTES));

/** Where the next page of a list begins: the name of the list, and the last key that was looked at. */
const position = z.object({
  list: z.string(),
  after: z.catchall(z.object({ pk: place, sk: place }), place),
});

export type PageRequest = { readonly limit: number; readonly cursor?: string };

export type Page<Entry> = { readonly entries: readonly Entry[]; readonly cursor?: string };

/**
 * Reads one page of a list. An index gives the keys, and `read` reads their items and leaves out those that do not
 * match. So it reads on until the page is full or the index ends. When few items match, the page ends early, with a
 * cursor.
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
  const start = request.cursor === undefined ? undefined : decodeCursor(request.cursor, list);
  if (start !== undefined && isRefusal(start)) return start;
  if (start !== undefined && !isWithin(start, index, partition, range)) return invalidCursor();

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
      return { entries, cursor: encodeCursor(list, after) };
    }
  }
}

export function encodeCursor(list: string, after: Key): string {
  return Buffer.from(JSON.stringify({ list, after })).toString('base64url');
}

/** Returns whether a position lies in the range. The table rejects a query that begins outside of its range. */
export function isWithin(
  start: Position,
  index: IndexName,
  partition: string,
  { from = '', to }: Pick<IndexRange, 'from' | 'to'> = {},
): boolean {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  const sort = start[sortKey];
  const names: readonly string[] = [TABLE.partitionKey, TABLE.sortKey, partitionKey, sortKey];
  if (Object.keys(start).some((name) => !names.includes(name) || start[name] === '')) return false;
  return start[partitionKey] === partition && sort !== undefined && sort >= from && (to === undefined || sort <= to);
}

type Position = Key & { readonly [name: string]: string };

export function decodeCursor(cursor: string, list: string): Position | Refusal {
  const given = parseJson(Buffer.from(cursor, 'base64url').toString());
  const reading = z.safeParse(position, given);
  // A position with a text that the table does not accept cannot come from a page.
  if (reading.success && reading.data.list === list && !hasUnusableText(given)) return reading.data.after;
  return invalidCursor();
}

/** Returns the cursor of a list whose places are texts or numbers. Returns no cursor after the last page. */
export function cursorAt(list: string, place: string | number | undefined): { readonly cursor?: string } {
  return place === undefined ? {} : { cursor: encodeCursor(list, { pk: '', sk: String(place) }) };
}

/** Returns the place at which a page begins. Refuses a cursor that this list cannot have given. */
export function readStart(
  { cursor }: { readonly cursor?: string },
  list: string,
  isPlace: (place: string) => boolean,
): { readonly place?: string } | Refusal {
  if (cursor === undefined) return {};
  const position = decodeCursor(cursor, list);
  if (isRefusal(position)) return position;
  return isPlace(position.sk) ? { place: position.sk } : invalidCursor();
}

export function invalidCursor(): Refusal {
  const text = 'must be the cursor of the page before, of the same list in the same order';
  return invalidRequest([{ place: 'cursor', text }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
