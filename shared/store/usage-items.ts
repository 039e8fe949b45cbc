import * as z from 'zod/mini';
import type { Denials, LackingUsers, PoolUsage, Usage } from '../licensing/history/usage.ts';
import { ACCESS, DENIAL_REASONS } from '../licensing/vocabulary.ts';
import type { Item, Key, Table } from '../platform/ports/table.ts';
import { classShape, type Shape } from './items.ts';
import { walkPartition } from './paging.ts';

/** How many pools, and as many denials, one item holds, so that it stays below 400 KB. */
const PART = 400;

const access = z.enum(ACCESS);
const counts = z.record(z.string(), z.number());

const keptUsage = z.object({
  /** How many items the period has. Absent in an item of an earlier version, which knew no owned licenses. */
  parts: z.exactOptional(z.number()),
  denied: counts,
  deniedUsers: z._default(counts, {}),
  pools: z.array(
    z.object({
      ...classShape,
      folderId: z.string(),
      peak: z.number(),
      inUse: z.number(),
      mostOwned: z._default(z.number(), 0),
      owned: z._default(z.number(), 0),
    } satisfies Shape<PoolUsage>),
  ),
  denials: z._default(
    z.array(
      z.object({
        folderId: z.string(),
        access,
        reason: z.enum(DENIAL_REASONS),
        count: z.number(),
        users: z.number(),
      } satisfies Shape<Denials>),
    ),
    [],
  ),
  lacking: z._default(
    z.array(z.object({ folderId: z.string(), access, users: z.number() } satisfies Shape<LackingUsers>)),
    [],
  ),
});

/** Returns the items of a period. The first one names their number and is written last, when the others are there. */
export function usageItems(keyOfPart: (part: number) => Key, usage: Usage, ttl?: number): readonly Item[] {
  const { pools, denied, deniedUsers, denials, lacking } = usage;
  const parts = Math.max(1, ...[pools, denials, lacking].map(({ length }) => Math.ceil(length / PART)));
  const items = Array.from({ length: parts }, (_, part): Item => {
    const [from, to] = [part * PART, (part + 1) * PART];
    return {
      ...keyOfPart(part),
      parts,
      denied,
      deniedUsers,
      pools: pools.slice(from, to),
      denials: denials.slice(from, to),
      lacking: lacking.slice(from, to),
      ...(ttl === undefined ? {} : { ttl }),
    };
  });
  return items.toReversed();
}

/**
 * Reads the kept usage of a range of days or hours, by the day or the instant at which the hour began. What an earlier
 * version kept is left out.
 */
export async function readKeptUsage(
  table: Table,
  { pk, from, to }: { readonly pk: string; readonly from: string; readonly to: string },
): Promise<ReadonlyMap<string, Usage>> {
  const kept = new Map<string, Usage & { readonly parts: number }>();
  for await (const items of walkPartition(table, { pk, from, to: `${to}~` })) {
    for (const item of items) {
      const { parts, ...usage } = keptUsage.parse(item);
      const [period = '', part = '0'] = item.sk.split('#');
      const known = kept.get(period);
      if (parts !== undefined && known === undefined) kept.set(period, { ...usage, parts });
      else if (known !== undefined && Number(part) < known.parts) kept.set(period, joined(known, usage));
    }
  }
  return kept;
}

function joined<Known extends Usage>(known: Known, more: Usage): Known {
  return {
    ...known,
    pools: [...known.pools, ...more.pools],
    denials: [...known.denials, ...more.denials],
    lacking: [...known.lacking, ...more.lacking],
  };
}
