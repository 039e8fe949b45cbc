import { sameValue } from '../../licensing/clause.ts';
import { defined } from '../../licensing/defined.ts';
import { entryOf } from '../../licensing/entries.ts';
import { activityNotedEvery } from '../../licensing/idle-time.ts';
import { ALL_MODULES, type Change } from '../../licensing/license/license.ts';
import { transition } from '../../licensing/license/lifecycle.ts';
import { syncCardWithLicense } from '../../licensing/login/card-notes.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import { endOfLate, type KeptSession } from '../../licensing/login/session-end.ts';
import {
  crowdedOut,
  marksWhileOpen,
  seenSession,
  sessionKey,
  type UserCard,
  without,
} from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import { type Day, dayIn, plus } from '../../licensing/time.ts';
import type { Table, Write } from '../../platform/ports/table.ts';
import { takeVacancy, useAssigned } from '../../store/claim.ts';
import { readLicense } from '../../store/read-license.ts';
import { licenseWrites } from '../../store/write-license.ts';
import { loginClauses, newUserCard, userCardWrite } from '../../store/write-user-card.ts';
import { isLate, type JudgedLogin, type Login, type LoginDecision, type LoginOutcome } from './decide-login.ts';
import type { LoginDeps } from './read-round.ts';
import { endKnownSession, forgottenEnd, readSessionEnd } from './session-end-item.ts';
import { ownSession, readSessionOwner } from './session-owner.ts';

/** The writes of a login. `others` are those of the licenses and the session. */
export type LoginWrites =
  | { readonly kind: 'changed-card'; readonly card: Write; readonly others: readonly Write[] }
  /** The card shows the event already, or the event came too late for a user without a card. */
  | { readonly kind: 'same-card'; readonly others: readonly Write[] }
  | Stale;

/** The license that the user gives back has changed since it was read. */
type Stale = { readonly kind: 'stale' };

export async function loginWrites(
  deps: LoginDeps,
  login: Login,
  { decision, kept, round }: JudgedLogin,
  receipt: Receipt,
  change: Change,
): Promise<LoginWrites> {
  const changed = await changeCard(deps, decision, login, { lastReceipt: receipt, change });
  if (changed.kind === 'stale') return changed;
  const ofSession = [...ownerWrites(decision, login, kept), ...(await lateEndWrites(deps, decision, login, kept))];
  if (changed.kind === 'same-card') return { kind: 'same-card', others: ofSession };
  const { before, tenant } = decision;
  const { idleTimeout } = tenant.settings;
  const card =
    before === undefined
      ? newUserCard(changed.card, round.marks, idleTimeout)
      : userCardWrite(
          before,
          changed.card,
          idleTimeout,
          loginClauses(before, changed.card, login.session, idleTimeout),
        );
  return { kind: 'changed-card', card, others: [...changed.ofLicenses, ...ofSession] };
}

type ChangedCard =
  | { readonly kind: 'changed-card'; readonly card: UserCard; readonly ofLicenses: readonly Write[] }
  | { readonly kind: 'same-card' }
  | Stale;

/** Returns the card after the login, and the writes of the licenses that the login takes and gives back. */
async function changeCard(
  deps: LoginDeps,
  decision: LoginDecision,
  login: Login,
  noted: Pick<UserCard, 'lastReceipt' | 'change'>,
): Promise<ChangedCard> {
  const { outcome, card, before, tenant } = decision;
  const seen = withSession(card, login);
  switch (outcome.kind) {
    case 'deny':
      if (before === undefined && isLate(decision)) return { kind: 'same-card' };
      return { kind: 'changed-card', card: { ...card, ...noted }, ofLicenses: [] };
    case 'keep':
      if (isCovered(card, login, tenant.settings) && sameValue(before, card)) return { kind: 'same-card' };
      return { kind: 'changed-card', card: login.kind === 'login' ? { ...seen, ...noted } : seen, ofLicenses: [] };
    case 'use':
    case 'take':
      return changeLicense(deps, decision, outcome, { ...seen, ...noted });
  }
}

/** Moves the user's sessions to another license. `card` is the card after the login, still with the former license. */
async function changeLicense(
  { table, clock }: LoginDeps,
  { tenant, today, card: judged }: LoginDecision,
  outcome: Extract<LoginOutcome, { readonly kind: 'use' | 'take' }>,
  card: UserCard,
): Promise<ChangedCard> {
  const { user, change } = card;
  const former = await giveBackCurrent(table, today, card);
  if (former.kind === 'stale') return former;
  const after = former.card;
  // The day of the write counts, not that of the read: midnight may be in between (F29).
  const at = clock.now();
  const begin = { tenant: tenant.tenantId, user, at, today: dayIn(tenant.settings.timeZone, at), change };
  switch (outcome.kind) {
    case 'use': {
      const { serialNumber } = outcome;
      const note = entryOf(judged.assigned, serialNumber);
      if (note === undefined) return { kind: 'stale' };
      const ofLicenses = [...useAssigned({ ...begin, serialNumber }), ...former.writes];
      return { kind: 'changed-card', card: { ...after, current: { ...note, serialNumber } }, ofLicenses };
    }
    case 'take': {
      const { type, access, folderId, serialNumber, validFrom, expiresOn } = outcome.vacancy;
      const note = defined({ type, access, modules: ALL_MODULES, validFrom, folderId, expiresOn });
      const assigned = type === 'dedicated' ? { ...after.assigned, [serialNumber]: note } : after.assigned;
      const ofLicenses = [...takeVacancy(outcome.vacancy, { ...begin, serialNumber }), ...former.writes];
      return { kind: 'changed-card', card: { ...after, assigned, current: { ...note, serialNumber } }, ofLicenses };
    }
  }
}

/**
 * Returns the writes that give back the user's current license in the same transaction, when the sessions move to
 * another one (R12).
 */
async function giveBackCurrent(
  table: Table,
  today: Day,
  card: UserCard,
): Promise<{ readonly kind: 'given-back'; readonly card: UserCard; readonly writes: readonly Write[] } | Stale> {
  if (card.current === undefined) return { kind: 'given-back', card, writes: [] };
  const license = await readLicense(table, card.tenant, card.current.serialNumber);
  if (license === undefined) return { kind: 'stale' };
  const left = transition(license, { event: 'let-go' }, card.change);
  if ('refused' in left || license.currentUser !== card.user) return { kind: 'stale' };
  const writes = licenseWrites(license, left.license, today);
  return { kind: 'given-back', card: syncCardWithLicense(card, left.license), writes };
}

/** Returns the writes that store the owner of a named session that is open now, and remove an earlier end of it. */
function ownerWrites({ outcome, card, tenant }: LoginDecision, login: Login, kept: KeptSession): readonly Write[] {
  const { session, user } = login;
  const open = withSession(card, login).sessions[sessionKey(session)];
  if (session === undefined || open === undefined || outcome.kind === 'deny') return [];
  const named = { tenant: tenant.tenantId, user, session };
  const { idleTimeout } = tenant.settings;
  const owning = kept.owner === undefined ? [] : [ownSession(named, user, open, kept.owner, idleTimeout)];
  return [...owning, ...forgottenEnd(named, open, kept.endedAt)];
}

/**
 * Returns the writes that keep a session ended which is reported only after its end: its logout named an unknown
 * session, or was one of the user as a whole.
 */
async function lateEndWrites(
  deps: LoginDeps,
  { outcome, card }: LoginDecision,
  login: Login,
  { owner }: KeptSession,
): Promise<readonly Write[]> {
  const { tenant, user, session } = login;
  if (session === undefined || outcome.kind !== 'deny' || outcome.reason !== 'session-ended') return [];
  const end = endOfLate(card, login, owner ?? (await readSessionOwner(deps.table, tenant, session)));
  if (end === undefined) return [];
  const named = { tenant, user, session };
  return endKnownSession(named, end, await readSessionEnd(deps.table, named));
}

function withSession(card: UserCard, { session, at, origin }: Login): UserCard {
  const key = sessionKey(session);
  const sessions = { ...card.sessions, [key]: seenSession(card.sessions[key], at, origin) };
  return {
    ...card,
    sessions: without(sessions, crowdedOut(sessions, key)),
    ended: marksWhileOpen(card.ended, key),
  };
}

/**
 * Returns whether the card already shows this login or activity, because the event came twice or shortly after the
 * last.
 */
function isCovered(card: UserCard, { session, kind, at }: Login, { idleTimeout }: TenantSettings): boolean {
  const open = card.sessions[sessionKey(session)];
  if (open === undefined) return false;
  return at <= (kind === 'activity' ? plus(open.lastSeen, activityNotedEvery(idleTimeout)) : open.lastSeen);
}
