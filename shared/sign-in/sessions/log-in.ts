import { sameValue } from '../../licensing/clause.ts';
import { defined } from '../../licensing/defined.ts';
import { entryOf } from '../../licensing/entries.ts';
import { activityNotedEvery } from '../../licensing/idle-time.ts';
import { ALL_MODULES, type Change } from '../../licensing/license/license.ts';
import { transition } from '../../licensing/license/lifecycle.ts';
import type { Claims } from '../../licensing/login/card-from-claims.ts';
import { syncCardWithLicense } from '../../licensing/login/card-notes.ts';
import type { LoginRequest } from '../../licensing/login/judge-login.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import { endOfLate, type KeptSession, mayHaveEnded, type SessionOwner } from '../../licensing/login/session-end.ts';
import {
  crowdedOut,
  marksWhileOpen,
  seenSession,
  sessionKey,
  type UserCard,
  without,
} from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import { dayIn, type Instant, plus } from '../../licensing/time.ts';
import type { Table, Write } from '../../platform/ports/table.ts';
import { untilAnswered } from '../../platform/retry.ts';
import { claim, takeVacancy, useAssigned } from '../../store/claim.ts';
import { readLicense } from '../../store/read-license.ts';
import { foundCard } from '../../store/read-user-card.ts';
import { licenseWrites } from '../../store/write-license.ts';
import { loginClauses, newUserCard, userCardWrite } from '../../store/write-user-card.ts';
import { type Decision, decideLogin } from './decide-login.ts';
import { takeBackIdle } from './end-idle-sessions.ts';
import type { Idempotency } from './idempotency.ts';
import { receiptFolder, receiptOf, unknownTenant } from './login-receipt.ts';
import { passSession } from './pass-session.ts';
import { type LoginDeps, type ReadRound, readRound } from './read-round.ts';
import { endKnownSession, forgottenEnd, readSessionEnd } from './session-end-item.ts';
import { ownSession, readSessionOwner } from './session-owner.ts';

export type Login = LoginRequest & {
  readonly tenant: string;
  readonly claims: Claims;
  readonly actor: string;
  /** Whether to store who owns the session. Some providers name only the session when it ends. */
  readonly keepsOwner?: true;
  /** The linked id by which the user came. Its sessions that ended before the link stay ended. */
  readonly linkedId?: string;
};

/** What a login has read: the card, and the items of its session and its event. */
type Reads = ReadRound & {
  /** As read together with the card. `owner` is the owner that was read before, when the card was read again. */
  readonly session?: KeptSession | undefined;
  readonly owner?: SessionOwner | undefined;
  readonly beside?: ((answer: Receipt) => readonly Write[]) | undefined;
};

/**
 * Logs a user in, or records an activity (R11–R26). It reads in one parallel round and writes in one transaction. What
 * follows the answer to the write: (1) claimed: return the receipt; (2) the card has changed: judge the returned card,
 * and read the vacancies again; (3) the license was taken, or the write was contended: pause, then read everything
 * again; (4) nothing is free: read a second time before the denial; (5) after two seconds: throw `TryAgain`, never deny
 * with "none free". With `once`, returns the answer of the first call, if there was one. With `keepsOwner`, the same
 * round reads whether a named session stays ended. Without it, that is read only if the session is not open and the
 * card leaves it open, which is rare.
 */
export async function logIn<Told = never>(
  deps: LoginDeps,
  login: Login,
  once?: Idempotency<Told, Receipt>,
): Promise<Receipt | Told> {
  let reads: Reads | undefined;
  let mayTakeBack = true;
  return untilAnswered<Receipt | Told>(deps, async (attempts) => {
    if (reads === undefined) {
      const reading = readRound(deps, login);
      const [read, session, asked] = await Promise.all([
        reading,
        login.keepsOwner ? readSession(deps, login) : undefined,
        once?.before(() => reading.then(({ card }) => card)),
      ]);
      if (asked !== undefined && 'told' in asked) return asked.told;
      reads = { ...read, session, beside: asked?.beside };
    }
    // The id is linked to another user's card: everything is judged, read and written as that user's.
    const { linkedTo } = reads.marks ?? {};
    if (linkedTo !== undefined) return logIn(deps, { ...login, user: linkedTo, linkedId: login.user }, once);
    const { tenant, today, beside } = reads;
    if (tenant === undefined || today === undefined) return unknownTenant(login);

    const change: Change = { actor: login.actor, cause: login.kind, at: deps.clock.now() };
    let kept = reads.session ?? { owner: reads.owner, endedAt: await endOf(deps, reads, login) };
    const { owner } = kept;
    const decide = async (round: ReadRound) => decideLogin(deps, { ...round, tenant, today }, login, change, kept);
    let decision = await decide(reads);
    if (owner?.user !== undefined && owner.user !== login.user && !isLate(decision)) {
      const passed = await passSession(deps, tenant.settings, login, owner.user);
      if (passed === 'ended') reads = await readRound(deps, login);
      else if (passed !== 'not open') kept = { endedAt: kept.endedAt, passedOnAt: passed.began };
      else kept = { ...kept, othersEndedAt: await readSessionEnd(deps.table, { ...login, user: owner.user }) };
      decision = await decide(reads);
    }
    if (decision.foundNothing) {
      if (mayTakeBack) await takeBackIdle(deps, login.tenant, tenant.settings);
      mayTakeBack = false;
      // A login is denied only after a second read. The first may have missed a license that was moved between two of
      // its reads, or that another login has just taken back.
      reads = await readRound(deps, login);
      decision = await decide(reads);
    }
    const { marks } = reads;
    reads = undefined;

    const { folders } = (await deps.readTenant(login.tenant, receiptFolder(decision))) ?? tenant;
    const receipt = receiptOf(decision, folders, login, attempts);
    const writes = await writesOf(deps, decision, login, receipt, change);
    const ended = await endOfLateOne(deps, decision, login, kept);
    const others = [...keeping(decision, login, kept), ...ended, ...(beside?.(receipt) ?? [])];
    if (writes === 'nothing to write') return (await deps.table.write(others)).done ? receipt : undefined;
    if (writes === undefined) return undefined;
    const card =
      decision.before === undefined
        ? newUserCard(writes.card, marks, tenant.settings.idleTimeout)
        : userCardWrite(
            decision.before,
            writes.card,
            tenant.settings.idleTimeout,
            loginClauses(decision.before, writes.card, login.session, tenant.settings.idleTimeout),
          );
    const answer = await claim(deps.table, card, [...writes.others, ...others]);
    if ('claimed' in answer) return receipt;
    if ('cardChanged' in answer) {
      const found = foundCard(answer.cardChanged);
      reads = { tenant, today, windows: {}, access: decision.card.access, ...found, owner, beside };
    }
    return undefined;
  });
}

const NO_MARKS = { ended: {} };

/** Returns when the named session was ended, if the card does not say so. */
async function endOf({ table }: LoginDeps, { card, marks }: ReadRound, login: Login): Promise<Instant | undefined> {
  return mayHaveEnded(card ?? marks ?? NO_MARKS, login) ? readEnd(table, login) : undefined;
}

async function readSession({ table }: LoginDeps, login: Login): Promise<KeptSession> {
  const [owner, endedAt] = await Promise.all([
    readSessionOwner(table, login.tenant, login.session),
    readEnd(table, login),
  ]);
  return { owner, endedAt };
}

/** Returns when the session ended last, by whichever of the user's ids. */
async function readEnd(table: Table, login: Login): Promise<Instant | undefined> {
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

function isLate({ outcome }: Decision): boolean {
  return 'deny' in outcome && (outcome.deny === 'session-ended' || outcome.deny === 'too-old');
}

/** Returns the writes that store the owner of a named session that is open now, and remove an earlier end of it. */
function keeping({ outcome, card, tenant }: Decision, login: Login, kept: KeptSession): readonly Write[] {
  const { session, user } = login;
  const open = withSession(card, login).sessions[sessionKey(session)];
  if (session === undefined || open === undefined || 'deny' in outcome) return [];
  const named = { tenant: tenant.tenantId, user, session };
  const { idleTimeout } = tenant.settings;
  const owning = kept.owner === undefined ? [] : [ownSession(named, user, open, kept.owner, idleTimeout)];
  return [...owning, ...forgottenEnd(named, open, kept.endedAt)];
}

/**
 * Returns the writes that keep a session ended which is reported only after its end: its logout named an unknown
 * session, or was one of the user as a whole.
 */
async function endOfLateOne(
  deps: LoginDeps,
  { outcome, card }: Decision,
  login: Login,
  { owner }: KeptSession,
): Promise<readonly Write[]> {
  const { tenant, user, session } = login;
  if (session === undefined || !('deny' in outcome) || outcome.deny !== 'session-ended') return [];
  const end = endOfLate(card, login, owner ?? (await readSessionOwner(deps.table, tenant, session)));
  if (end === undefined) return [];
  const named = { tenant, user, session };
  return endKnownSession(named, end, await readSessionEnd(deps.table, named));
}

/**
 * Returns the card after the login, and the further writes. Returns undefined when the old license has changed since it
 * was read.
 */
async function writesOf(
  deps: LoginDeps,
  decision: Decision,
  login: Login,
  receipt: Receipt,
  change: Change,
): Promise<{ readonly card: UserCard; readonly others: readonly Write[] } | 'nothing to write' | undefined> {
  const { outcome, card } = decision;
  if ('deny' in outcome) {
    if (decision.before === undefined && isLate(decision)) return 'nothing to write';
    return { card: { ...card, lastReceipt: receipt, change }, others: [] };
  }

  const seen = withSession(card, login);
  if ('keep' in outcome) {
    const { settings } = decision.tenant;
    if (isCovered(card, login, settings) && sameValue(decision.before, card)) return 'nothing to write';
    return { card: login.kind === 'login' ? { ...seen, lastReceipt: receipt, change } : seen, others: [] };
  }

  const letGo = await lettingGo(deps, decision, seen, change);
  if (letGo === undefined) return undefined;
  const after = { ...letGo.card, lastReceipt: receipt, change };
  const { user } = login;
  const { tenant } = decision;
  // The day of the write counts, not that of the read: midnight may be in between (F29).
  const at = deps.clock.now();
  const begin = { tenant: tenant.tenantId, user, at, today: dayIn(tenant.settings.timeZone, at), change };

  if ('use' in outcome) {
    const serialNumber = outcome.use;
    const note = entryOf(card.assigned, serialNumber);
    if (note === undefined) return undefined;
    const others = [...useAssigned({ ...begin, serialNumber }), ...letGo.writes];
    return { card: { ...after, current: { ...note, serialNumber } }, others };
  }

  const { type, access, folderId, serialNumber, validFrom, expiresOn } = outcome.take;
  const note = defined({
    type,
    access,
    modules: ALL_MODULES,
    validFrom,
    folderId,
    expiresOn,
  });
  const assigned = type === 'dedicated' ? { ...after.assigned, [serialNumber]: note } : after.assigned;
  const others = [...takeVacancy(outcome.take, { ...begin, serialNumber }), ...letGo.writes];
  return { card: { ...after, assigned, current: { ...note, serialNumber } }, others };
}

/**
 * Returns the writes that give back the old license in the same transaction, when the sessions move to another one
 * (R12).
 */
async function lettingGo(
  { table }: LoginDeps,
  { today }: Decision,
  card: UserCard,
  change: Change,
): Promise<{ readonly card: UserCard; readonly writes: readonly Write[] } | undefined> {
  if (card.current === undefined) return { card, writes: [] };
  const license = await readLicense(table, card.tenant, card.current.serialNumber);
  if (license === undefined) return undefined;
  const left = transition(license, { event: 'let-go' }, change);
  if ('refused' in left || license.currentUser !== card.user) return undefined;
  return { card: syncCardWithLicense(card, left.license), writes: licenseWrites(license, left.license, today) };
}

function withSession(card: UserCard, { session, at }: Login): UserCard {
  const key = sessionKey(session);
  const sessions = { ...card.sessions, [key]: seenSession(card.sessions[key], at) };
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
