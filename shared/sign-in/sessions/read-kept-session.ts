import { type KeptSession, mayHaveEnded } from '../../licensing/login/session-end.ts';
import type { Instant } from '../../licensing/time.ts';
import type { Table } from '../../platform/ports/table.ts';
import type { FoundCard } from '../../store/read-user-card.ts';
import type { Login } from './decide-login.ts';
import { readSessionEnd } from './session-end-item.ts';
import { readSessionOwner } from './session-owner.ts';

const NO_MARKS = { ended: {} };

/** Reads what is stored of the login's session beside the card. */
export async function readKeptSession(table: Table, login: Login): Promise<KeptSession> {
  const [owner, endedAt] = await Promise.all([
    readSessionOwner(table, login.tenant, login.session),
    readLastEnd(table, login),
  ]);
  return { owner, endedAt };
}

/** Reads when the named session was ended, only if the card does not show whether it was. */
export async function readUnclearEnd(
  table: Table,
  { card, marks }: FoundCard,
  login: Login,
): Promise<Instant | undefined> {
  return mayHaveEnded(card ?? marks ?? NO_MARKS, login) ? readLastEnd(table, login) : undefined;
}

/** Reads when the session ended last, by whichever of the user's ids. */
async function readLastEnd(table: Table, login: Login): Promise<Instant | undefined> {
  const { linkedId } = login;
  const ends = await Promise.all([
    readSessionEnd(table, login),
    linkedId === undefined ? undefined : readSessionEnd(table, { ...login, user: linkedId }),
  ]);
  return ends
    .flatMap((end) => end ?? [])
    .toSorted()
    .at(-1);
}
