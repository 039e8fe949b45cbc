import * as z from 'zod/mini';
import { type HistoryEntry, type LicenseChange, timeOf } from '../licensing/history/history.ts';
import type { LicenseFacts } from '../licensing/license/license.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Item, Key } from '../platform/ports/table.ts';
import { change, classShape, denialReason, type Shape, stateShape, switchedOff, termShape } from './items.ts';
import { historyKey, tenantDayKey } from './keys.ts';

const facts = z.object({ ...termShape, ...stateShape } satisfies Shape<LicenseFacts>);

const licenseChange = z.object({
  kind: z.literal('license'),
  tenant: z.string(),
  serialNumber: z.string(),
  ...classShape,
  version: z.number(),
  change,
  before: z.exactOptional(facts),
  after: facts,
});

const denial = z.object({
  kind: z.literal('denied'),
  tenant: z.string(),
  user: z.string(),
  session: z.nullable(z.string()),
  folderId: z.string(),
  access: classShape.access,
  reason: denialReason,
  at: z.string(),
});

const webhookOff = z.object({ kind: z.literal('webhook-off'), tenant: z.string(), ...switchedOff.shape });

const entry = z.discriminatedUnion('kind', [licenseChange, denial, webhookOff]);
const pointer = z.object({ targetPk: z.string(), targetSk: z.string() });

/**
 * Returns the sort key of an entry in the lists of its day and of its people. It is ordered by time and the same
 * whenever the entry is written. It stays when the user is erased, so it must not reveal the user or the session.
 */
export async function entrySortKey(keyedHash: KeyedHash, one: HistoryEntry): Promise<string> {
  if (one.kind === 'license') return `${timeOf(one)}#license#${one.serialNumber}#${one.version}`;
  if (one.kind === 'webhook-off') return `${timeOf(one)}#webhook-off`;
  const who = await keyedHash('denied', one.tenant, one.user, one.session ?? '');
  return `${timeOf(one)}#denied#${who.slice(0, 8)}`;
}

/** Returns the key of the entry itself: a license's change is stored with its license, everything else with its day. */
export function entryKey(one: HistoryEntry, sortKey: string): Key {
  return one.kind === 'license'
    ? historyKey(one.tenant, one.serialNumber, one.version)
    : tenantDayKey(one.tenant, sortKey);
}

export function entryItem(one: HistoryEntry, key: Key): Item {
  return { ...one, ...key };
}

/** Decodes an entry of the history. Throws for an item of another form. */
export function historyEntryOf(item: Item): HistoryEntry {
  return entry.parse(item);
}

/** Decodes a license's change in the history. Throws for an item of another form. */
export function licenseChangeOf(item: Item): LicenseChange {
  return licenseChange.parse(item);
}

/** Returns an item of a list that points to the entry under another key. */
export function pointerItem(key: Key, target: Key): Item {
  return { ...key, targetPk: target.pk, targetSk: target.sk };
}

/** Returns the key of the entry that a list's item points to, or of the item itself if it is the entry. */
export function pointerTarget(item: Item): Key {
  if ('kind' in item) return { pk: item.pk, sk: item.sk };
  const { targetPk: pk, targetSk: sk } = pointer.parse(item);
  return { pk, sk };
}
