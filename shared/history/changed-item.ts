import * as z from 'zod/mini';
import { sameValue } from '../licensing/clause.ts';
import { type HistoryEntry, licenseChange } from '../licensing/history/history.ts';
import { neededAccess } from '../licensing/login/user-card.ts';
import type { Item } from '../platform/ports/table.ts';
import { isUserCard, licenseOf, switchedOff, userCardOf } from '../store/items.ts';

const webhookState = z.object({ tenant: z.string(), off: z.exactOptional(switchedOff) });

/** One change of one item, from the table's stream. `after` is absent if the item was removed. */
export type ChangedItem = { readonly sequenceNumber: string; readonly before?: Item; readonly after?: Item };

/**
 * Returns the history entry of a change: a new version of a license, a denied login, or a webhook that was switched
 * off. Returns undefined for everything else. A removed item has no entry, since no rule removes a license (F51).
 * Throws for an item that cannot be read.
 */
export function entryOfChange({ before, after }: ChangedItem): HistoryEntry | undefined {
  if (after === undefined) return undefined;
  if (after.sk === 'LICENSE') {
    return licenseChange(before === undefined ? undefined : licenseOf(before), licenseOf(after));
  }
  if (after.sk === 'WEBHOOK') {
    const { tenant, off } = webhookState.parse(after);
    if (off === undefined || sameValue(before?.['off'], off)) return undefined;
    return { kind: 'webhook-off', tenant, ...off };
  }
  if (after.sk !== 'CARD') return undefined;
  const card = userCardOf(after);
  if (!isUserCard(card) || card.lastReceipt?.outcome !== 'denied') return undefined;
  const { tenant, user, folderId, lastReceipt } = card;
  const known = before === undefined ? undefined : userCardOf(before);
  if (known !== undefined && isUserCard(known) && sameValue(known.lastReceipt, lastReceipt)) return undefined;
  const { session, at, reason } = lastReceipt;
  if (reason === undefined) throw new Error('a receipt of a denial gives no reason');
  return { kind: 'denied', tenant, user, session, folderId, access: neededAccess(card), reason, at };
}
