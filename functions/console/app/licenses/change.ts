import { api, intent, newIntent, read } from '../api/client.ts';
import type { paths } from '../described/api.ts';
import type { LedgerLine } from '../shell/activity.ts';

type Body = NonNullable<
  paths['/tenants/{tenant}/license-changes']['post']['requestBody']
>['content']['application/json'];
type Answer = paths['/tenants/{tenant}/license-changes']['post']['responses'][200]['content']['application/json'];

export type Change = NonNullable<Body['change']>;
export type Result = Answer['results'][number];

/** The licenses that a change is meant for: some, each in the version that was seen if it was, or all that match. */
export type Target =
  | { readonly licenses: readonly { readonly serialNumber: string; readonly expectedVersion?: number }[] }
  | { readonly filter: NonNullable<Body['filter']> };

const MOST_AT_ONCE = 1_000;

export type Preview = {
  readonly count: number;
  readonly done: number;
  readonly refused: readonly { readonly code: string; readonly count: number }[];
  readonly countedAll: boolean;
  /** The first of them. */
  readonly results: readonly Result[];
};

/** Asks what a change would do. Nothing changes. */
export async function previewChange(tenant: string, change: Change, target: Target): Promise<Preview> {
  const previews: Preview[] = [];
  for (const part of partsOf(target)) {
    const answer = await send(tenant, { change, ...part, preview: true }, newIntent());
    const totals = 'count' in answer ? answer : { count: 0, done: 0, refused: [] };
    previews.push({
      ...totals,
      countedAll: !('countedAll' in answer) || answer.countedAll !== false,
      results: answer.results,
    });
  }
  return previews.reduce(joined);
}

function joined(one: Preview, other: Preview): Preview {
  const codes = new Map(one.refused.map(({ code, count }) => [code, count]));
  for (const { code, count } of other.refused) codes.set(code, count + (codes.get(code) ?? 0));
  return {
    count: one.count + other.count,
    done: one.done + other.done,
    refused: [...codes].map(([code, count]) => ({ code, count })),
    countedAll: one.countedAll && other.countedAll,
    results: [...one.results, ...other.results],
  };
}

/**
 * Makes a change, a page at a time, and reports how many licenses have their result. Each page has a key of its own that
 * follows from the key of the intent.
 */
export async function makeChange(
  tenant: string,
  { change, target, key }: { readonly change: Change; readonly target: Target; readonly key: string },
  onProgress: (count: number) => void,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [place, part] of partsOf(target).entries()) {
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page++) {
      const body = { change, ...part, ...(cursor !== undefined && { cursor }) };
      const answer: Answer = await send(tenant, body, `${key}.${place}.${page}`);
      results.push(...answer.results);
      onProgress(results.length);
      cursor = answer.cursor;
    }
  }
  return results;
}

/**
 * Undoes exactly what the change of a key did. A license that somebody has changed since is refused. The keys follow from
 * that of the change, so that it is undone once.
 */
export async function undoChange(
  tenant: string,
  results: readonly Result[],
  key: string,
): Promise<readonly LedgerLine[]> {
  const changes = results.flatMap((result) =>
    result.done && result.undo !== undefined
      ? [{ serialNumber: result.serialNumber, expectedVersion: result.version, change: result.undo }]
      : [],
  );
  const lines: LedgerLine[] = [];
  for (const [place, some] of chunks(changes).entries()) {
    const { results: undone } = await send(tenant, { changes: [...some] }, `${key}.undo.${place}`);
    lines.push(...undone.map(toLedgerLine));
  }
  return lines;
}

export const canUndo = (results: readonly Result[]) =>
  results.some((result) => result.done && result.undo !== undefined);

export function toLedgerLine(result: Result): LedgerLine {
  const { serialNumber: name } = result;
  return result.done ? { name } : { name, refusal: { code: result.error.code, members: result.error } };
}

function partsOf(target: Target): Pick<Body, 'licenses' | 'filter' | 'everything'>[] {
  if ('licenses' in target) return chunks(target.licenses).map((licenses) => ({ licenses: [...licenses] }));
  const isEverything = Object.keys(target.filter).length === 0;
  return [{ filter: target.filter, ...(isEverything && { everything: true }) }];
}

function chunks<Entry>(all: readonly Entry[]): (readonly Entry[])[] {
  const count = Math.ceil(all.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, place) => all.slice(place * MOST_AT_ONCE, (place + 1) * MOST_AT_ONCE));
}

function send(tenant: string, body: Body, key: string): Promise<Answer> {
  return read(
    api.POST('/tenants/{tenant}/license-changes', { params: { path: { tenant }, header: intent(key) }, body }),
  );
}
