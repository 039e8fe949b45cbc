import * as z from 'zod/mini';
import type { ExpiryDigest } from '../licensing/advice/expiry-digest.ts';
import { absent, any, atMost } from '../licensing/clause.ts';
import type { Change } from '../licensing/license/license.ts';
import type { Day } from '../licensing/time.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import { change } from './items.ts';
import { cleanupMarkKey } from './keys.ts';

/** What stays in zOld longer than the tenant allows, because somebody still uses it (R39). */
export type StuckCleanup = {
  readonly licenses: number;
  readonly serialNumbers: readonly string[];
  readonly since: Day;
};

/** The day for which a tenant's daily cleanup was done last (R43), and what is to be told of that day. */
export type CleanupMark = {
  readonly tenant: string;
  readonly cleanedOn: Day;
  readonly stuck?: StuckCleanup;
  readonly expiring?: ExpiryDigest;
  readonly change: Change;
};

const notice = z.object({ licenses: z.number(), inUse: z.number(), serialNumbers: z.array(z.string()) });

const cleanupMark = z.object({
  tenant: z.string(),
  cleanedOn: z.string(),
  stuck: z.exactOptional(z.object({ licenses: z.number(), serialNumbers: z.array(z.string()), since: z.string() })),
  expiring: z.exactOptional(z.object({ 7: notice, 30: notice, 90: notice })),
  change,
});

export function cleanupMarkOf(item: Item): CleanupMark {
  return cleanupMark.parse(item);
}

/** Refused when the cleanup of a later day was done meanwhile. */
export function cleanupMarkWrite(mark: CleanupMark): Write {
  return {
    put: { ...mark, ...cleanupMarkKey(mark.tenant) },
    onlyIf: [any(absent('pk'), atMost('cleanedOn', mark.cleanedOn))],
  };
}

/** The day of the tenant's last cleanup, the first of all days when there was none. */
export async function lastCleanup(table: Table, tenant: string): Promise<Day> {
  const item = await table.get(cleanupMarkKey(tenant));
  return item === undefined ? '' : z.object({ cleanedOn: z.string() }).parse(item).cleanedOn;
}
