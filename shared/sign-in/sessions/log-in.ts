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
  /** Whether it is kept whose the session is: some providers name the session alone when it ends. */
  readonly keepsOwner?: true;
  /** The linked id by which the user came. Its sessions that ended before the link stay ended. */
  readonly linkedId?: string;
};

/** What a login has read: the card, and the items about its session and its event. */
type Reads = ReadRound & {
  /** As it was read with the card; and where the card is a later one, whose the session was. */
  readonly session?: KeptSession | undefined;
  readonly owner?: SessionOwner | undefined;
  readonly beside?: ((answer: Receipt) => readonly Write[]) | undefined;
};

/**
 * A login, or an activity, of a user (R11–R26): reads in one parallel round, writes in one transaction.
 *
 * | the write's answer | then |
 * |---|---|
 * | claimed | the receipt |
 * | card changed | judge the card that came back, reading vacancies anew |
 * | taken, contended | after a pause read everything again, from the first step on |
 * | (none free) | look a second time, then say so |
 * | two seconds are over | `TryAgain`, never "none free" |
 *
 * With `once` it answers what was told before, where it was. Whether a named session stays ended is read in the same round
 * with `keepsOwner`; else only where the session is not open and the card does not say enough of it, which is rare.
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
      // "None free" is said only after a second look: the first may have missed a license that was moved between two of
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

/** When the named session was ended, where the card leaves that open. */
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

/** What is kept beside the card of the named session that is open now: whose it is, and no earlier end. */
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
 * A session of which we hear only after its end is known from then on, and stays ended: its logout named what nobody knew,
 * or was of the user as a whole.
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

/** The card after the login and the writes beside it; undefined when the old license changed while it was let go. */
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
  // The day on which it is written, not that on which it was read: the day may end in between (F29).
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

/** The license that the sessions ran on, when they move on to another (R12): let go in the same transaction. */
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

/** Whether the card already shows this login or activity: an event that came twice, or one shortly after the last. */
function isCovered(card: UserCard, { session, kind, at }: Login, { idleTimeout }: TenantSettings): boolean {
  const open = card.sessions[sessionKey(session)];
  if (open === undefined) return false;
  return at <= (kind === 'activity' ? plus(open.lastSeen, activityNotedEvery(idleTimeout)) : open.lastSeen);
}
