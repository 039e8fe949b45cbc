import * as z from 'zod/mini';
import type { ExpiryDigest } from '../licensing/advice/expiry-digest.ts';
import { absent, any, atMost } from '../licensing/clause.ts';
import type { Change } from '../licensing/license/license.ts';
import type { Day } from '../licensing/time.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import { change } from './items.ts';
import { cleanupMarkKey } from './keys.ts';

/** The licenses that stay in zOld longer than the tenant allows, because a user still works on them (R39). */
export type StuckCleanup = {
  readonly licenses: number;
  readonly serialNumbers: readonly string[];
  readonly since: Day;
};

/** The day of a tenant's last daily cleanup (R43), and what to report about that day. */
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

/** Decodes the mark of a tenant's daily cleanup. Throws for an item of another form. */
export function cleanupMarkOf(item: Item): CleanupMark {
  return cleanupMark.parse(item);
}

/** Returns the write of the mark. It is refused when the cleanup of a later day is done already. */
export function cleanupMarkWrite(mark: CleanupMark): Write {
  return {
    put: { ...mark, ...cleanupMarkKey(mark.tenant) },
    onlyIf: [any(absent('pk'), atMost('cleanedOn', mark.cleanedOn))],
  };
}

/**
 * Returns the day of the tenant's last cleanup, or the empty text, which sorts before every day, when there was none.
 */
export async function lastCleanup(table: Table, tenantId: string): Promise<Day> {
  const item = await table.get(cleanupMarkKey(tenantId));
  return item === undefined ? '' : z.object({ cleanedOn: z.string() }).parse(item).cleanedOn;
}
