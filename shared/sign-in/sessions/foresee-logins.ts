import { entryOf } from '../../licensing/entries.ts';
import { ROOT } from '../../licensing/folder-tree.ts';
import { ALL_MODULES, type Change } from '../../licensing/license/license.ts';
import { neededAccess, seenSession, sessionKey, type UserCard } from '../../licensing/login/user-card.ts';
import { licenseLetGo, vacancyOfNote, withoutIdleSessions } from '../../licensing/login/without-sessions.ts';
import type { Tenant } from '../../licensing/tenant/tenant.ts';
import { termPhase } from '../../licensing/term.ts';
import { dayIn, type Instant } from '../../licensing/time.ts';
import type { Table } from '../../platform/ports/table.ts';
import { freeLicenses } from '../../store/free-licenses.ts';
import { idleShard, partitions, userCardKey } from '../../store/keys.ts';
import { walkKeys } from '../../store/paging.ts';
import { foundCard } from '../../store/read-user-card.ts';
import { decideLogin, type LoginDecision } from './decide-login.ts';
import { LOOKED_THROUGH_AT_LOGIN, TAKEN_BACK_AT_LOGIN } from './end-idle-sessions.ts';

/**
 * When the logins happen that are foreseen: now, or at a later instant when the sessions that are idle by then have
 * ended.
 */
export type Moment = { readonly at: Instant; readonly isLater: boolean };

export type Foreseen = {
  /** The card as it is before the login. */
  readonly card: UserCard;
  readonly decision: LoginDecision;
};

const CARDS_AT_ONCE = 100;

/**
 * Judges a login of each user, one after the other, each taking from what the others have left. The judgment is that of
 * a login, and nothing is written. It reads the free licenses that the users need. Now, a login that finds none first
 * takes back the licenses of idle sessions, as it would. For a later instant, it reads the cards of all sessions of the
 * tenant that are idle by then.
 */
export async function* foreseeLogins(
  table: Table,
  tenant: Tenant,
  { at, isLater }: Moment,
  cards: AsyncIterable<UserCard> | Iterable<UserCard>,
): AsyncGenerator<Foreseen> {
  const { tenantId, settings } = tenant;
  const { idleTimeout, timeZone } = settings;
  const today = dayIn(timeZone, at);
  const free = freeLicenses(table, tenantId, today);
  /** The cards with sessions that have changed, as they are by then. */
  const changed = new Map<string, UserCard>();

  /** Ends the idle sessions of a card. Returns whether a license is free that was in use. */
  const endIdle = (card: UserCard): boolean => {
    const after = withoutIdleSessions(card, idleTimeout, at);
    if (!isLater && after !== card) changed.set(card.user, after);
    return card.current !== undefined && after.current === undefined && letGo(card);
  };
  /** Frees the current license of a card. Returns whether it is nobody's now. */
  const letGo = (card: UserCard): boolean => {
    const note = licenseLetGo(card);
    if (note === undefined) return false;
    const vacancy = vacancyOfNote(note);
    if (vacancy !== undefined) free.add(vacancy);
    return termPhase(note, today) === 'valid';
  };
  const idle = idleCards(table, tenantId, at);
  const takeBack = async (): Promise<void> => {
    let freed = 0;
    for (let looked = 0; looked < LOOKED_THROUGH_AT_LOGIN && freed < TAKEN_BACK_AT_LOGIN; looked += 1) {
      const next = await idle.next();
      if (next.done) return;
      if (endIdle(changed.get(next.value.user) ?? next.value)) freed += 1;
    }
  };
  const judge = async (card: UserCard): Promise<LoginDecision> => {
    const access = neededAccess(card);
    const folderIds = [...new Set([card.folderId, ROOT])];
    const windows = await Promise.all(folderIds.map(async (id) => [id, await free.windowOf(id, access)] as const));
    const round = { tenant, today, card, access, windows: Object.fromEntries(windows) };
    return decideLogin(depsAt(table, tenant, at), round, loginOf(card.user, at), CHANGE(at));
  };

  if (isLater) for await (const card of idle) endIdle(card);
  for await (const given of cards) {
    let card = isLater ? withoutIdleSessions(given, idleTimeout, at) : (changed.get(given.user) ?? given);
    const isOpen = Object.keys(card.sessions).length > 0;
    let decision = await judge(card);
    if (decision.foundNothing && !isLater) {
      // The table may have another card, when the question is what if.
      if (isOpen) changed.set(card.user, card);
      await takeBack();
      card = changed.get(given.user) ?? card;
      decision = await judge(card);
    }
    const { outcome } = decision;
    if (outcome.kind === 'take') free.take(outcome.vacancy);
    // The sessions move to another license, so the former one is let go.
    if (outcome.kind === 'take' || outcome.kind === 'use') letGo(card);
    if (!isLater && isOpen) changed.set(card.user, afterLogin(decision, at));
    yield { card, decision };
  }
}

/** Returns the card after a login, with its session and its license. */
function afterLogin({ card, outcome }: LoginDecision, at: Instant): UserCard {
  const key = sessionKey(undefined);
  const seen = { ...card, sessions: { ...card.sessions, [key]: seenSession(card.sessions[key], at) } };
  switch (outcome.kind) {
    case 'deny':
      return card;
    case 'keep':
      return seen;
    case 'use': {
      const { serialNumber } = outcome;
      const note = entryOf(card.assigned, serialNumber);
      return note === undefined ? seen : { ...seen, current: { ...note, serialNumber } };
    }
    case 'take': {
      const { serialNumber, ...rest } = outcome.vacancy;
      const note = { ...rest, modules: ALL_MODULES };
      const assigned = note.type === 'dedicated' ? { ...card.assigned, [serialNumber]: note } : card.assigned;
      return { ...seen, assigned, current: { ...note, serialNumber } };
    }
  }
}

/** The login that is judged: of the user as a whole, without claims. */
export function loginOf(user: string, at: Instant) {
  return { user, kind: 'login', at, claims: {} } as const;
}

const CHANGE = (at: Instant): Change => ({ actor: 'explain', cause: 'explain', at });

/** The dependencies of a judgment at an instant. It takes the first of several free licenses, and remembers nothing. */
function depsAt(table: Table, tenant: Tenant, at: Instant) {
  const clock = { now: () => at, pause: async () => {} };
  const hints = { cardHints: new Map(), vacancyHints: new Map() };
  return { table, clock, random: () => 0, readTenant: async () => tenant, ...hints };
}

/** Yields the tenant's cards that have an idle session at an instant, in the order in which they became idle. */
async function* idleCards(table: Table, tenantId: string, at: Instant): AsyncGenerator<UserCard> {
  const range = { partition: partitions.idle(idleShard(tenantId)), to: at, limit: CARDS_AT_ONCE };
  const { pk: ofTenant } = userCardKey(tenantId, '');
  for await (const keys of walkKeys(table, 'by-idle-deadline', range)) {
    const items = await table.getMany(keys.filter(({ pk }) => pk.startsWith(ofTenant)));
    yield* items.flatMap((item) => foundCard(item).card ?? []);
  }
}
