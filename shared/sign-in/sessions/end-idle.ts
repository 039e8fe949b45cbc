import { equal, type Value } from '../../licensing/clause.ts';
import { idleDeadline, idleSessions, type UserCard } from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import type { Table } from '../../platform/ports/table.ts';
import { idleAttributes } from '../../store/items.ts';
import { userCardKey } from '../../store/keys.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedSessions, endSessions } from './end-sessions.ts';

/** Who ends idle sessions, in the history. */
const ACTOR = 'end-idle-sessions';

/**
 * Ends what is idle of a card's sessions by the idle time that counts now (R26). Where nothing is, the card stands in the
 * index from then on where its next session becomes idle. `listed`: its place in the index as it was read. `changed`:
 * the user was active meanwhile, and nothing was written.
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

/** The index tells of a deadline by another idle time than the present one, or of none that could be. */
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
