import { equal, type Value } from '../../licensing/clause.ts';
import { idleDeadline, idleSessions, type UserCard } from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import type { Table } from '../../platform/ports/table.ts';
import { idleAttributes } from '../../store/items.ts';
import { userCardKey } from '../../store/keys.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedSessions, endSessions } from './end-sessions.ts';

/** The actor that the history names for ends of idle sessions. */
const ACTOR = 'end-idle-sessions';

/**
 * Ends the card's sessions that are idle by the present idle time (R26). If none is idle, moves the card in the index
 * to the deadline of its next session. `listed` is its place in the index when it was read. Returns `changed` when the
 * user was active in between and nothing was written.
 */
export async function endIdle(
  deps: Pick<SessionDeps, 'table' | 'clock'>,
  settings: TenantSettings,
  card: UserCard,
  listed: Value | undefined,
): Promise<EndedSessions | 'none' | 'changed'> {
  const now = deps.clock.now();
  const sessions = idleSessions(card.sessions, settings.idleTimeout, now);
  if (sessions.length === 0) return (await correctDeadline(deps.table, settings, card, listed)) ? 'none' : 'changed';
  const change = { actor: ACTOR, cause: 'idle', at: now };
  return (
    (await endSessions(deps, settings, card, { sessions, marks: [], at: now, by: 'idleness', change })) ?? 'changed'
  );
}

/** The deadline in the index comes from another idle time than the present one, or is not possible at all. */
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
