import { equal, type Value } from '../../licensing/clause.ts';
import { idleDeadline, idleSessions, type UserCard } from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import type { Item, Table } from '../../platform/ports/table.ts';
import { idleAttributes } from '../../store/items.ts';
import { userCardKey } from '../../store/keys.ts';
import { foundCard } from '../../store/read-user-card.ts';
import type { SessionDeps } from './deps.ts';
import { endSessions } from './end-sessions.ts';

/** The actor that the history names for ends of idle sessions. */
const ACTOR = 'end-idle-sessions';

/** How many sessions a sweep has ended, and how many licenses are free through it. */
export type Swept = { readonly ended: number; readonly freed: number };

export const NOTHING_SWEPT: Swept = { ended: 0, freed: 0 };

export type EndedIdle =
  | { readonly kind: 'swept'; readonly swept: Swept }
  /** The user was active in between, and nothing was written. */
  | { readonly kind: 'changed' };

/**
 * Ends the sessions that are idle by the present idle time (R26). If none is idle, moves the card in the index to the
 * deadline of its next session. `item` is the card as it was just read, with its place in the index. There may be no
 * card any more.
 */
export async function endIdle(
  deps: Pick<SessionDeps, 'table' | 'clock'>,
  settings: TenantSettings,
  item: Item | undefined,
): Promise<EndedIdle> {
  const { card } = foundCard(item);
  if (card === undefined) return { kind: 'swept', swept: NOTHING_SWEPT };
  const now = deps.clock.now();
  const sessions = idleSessions(card.sessions, settings.idleTimeout, now);
  if (sessions.length === 0) {
    const isCorrect = await correctDeadline(deps.table, settings, card, item?.['idleSort']);
    return isCorrect ? { kind: 'swept', swept: NOTHING_SWEPT } : { kind: 'changed' };
  }
  const change = { actor: ACTOR, cause: 'idle', at: now };
  const ended = await endSessions(deps, settings, card, { sessions, marks: [], at: now, by: 'idleness', change });
  if (ended === undefined) return { kind: 'changed' };
  return { kind: 'swept', swept: { ended: ended.ended, freed: ended.nowFree ? 1 : 0 } };
}

/**
 * Corrects a deadline in the index that comes from another idle time than the present one, or is not possible at all.
 * Returns whether it is correct now.
 */
async function correctDeadline(
  table: Table,
  settings: TenantSettings,
  card: UserCard,
  listed: Value | undefined,
): Promise<boolean> {
  const deadline = idleDeadline(card.sessions, settings.idleTimeout);
  if (deadline === undefined) return true;
  const attributes = idleAttributes(card, deadline);
  if (attributes.idleSort === listed) return true;
  const { done } = await table.write([
    {
      update: userCardKey(card.tenant, card.user),
      set: Object.entries(attributes),
      onlyIf: [equal('sessions', card.sessions)],
    },
  ]);
  return done;
}
