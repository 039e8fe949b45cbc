import type { Change } from '../../licensing/license/license.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import type { KeptSession, SessionOwner } from '../../licensing/login/session-end.ts';
import type { Tenant } from '../../licensing/tenant/tenant.ts';
import type { Day } from '../../licensing/time.ts';
import type { Write } from '../../platform/ports/table.ts';
import { untilAnswered } from '../../platform/retry.ts';
import { claim } from '../../store/claim.ts';
import { foundCard } from '../../store/read-user-card.ts';
import { decideLogin, isLate, type JudgedLogin, type Login } from './decide-login.ts';
import { takeBackIdle } from './end-idle-sessions.ts';
import type { Idempotency } from './idempotency.ts';
import { receiptFolder, receiptOf, unknownTenant } from './login-receipt.ts';
import { loginWrites } from './login-writes.ts';
import { passSession } from './pass-session.ts';
import { readKeptSession, readUnclearEnd } from './read-kept-session.ts';
import { type LoginDeps, type ReadRound, readRound } from './read-round.ts';
import { readSessionEnd } from './session-end-item.ts';

/** What an attempt judges: the card, and what is stored of the session and of the event. */
type LoginReads = {
  readonly round: ReadRound;
  /** As read together with the card. */
  readonly session?: KeptSession | undefined;
  /** The owner of the session as an earlier attempt read it. */
  readonly owner?: SessionOwner | undefined;
  readonly extraWrites: (receipt: Receipt) => readonly Write[];
};

/** Where an attempt begins. */
type Start = {
  /** If present, this is judged. Otherwise everything is read first. */
  readonly reads?: LoginReads;
  /** Whether licenses may be taken back from idle sessions. A login does so once. */
  readonly mayTakeBack: boolean;
};

type Reading<Earlier> =
  | { readonly kind: 'answered'; readonly answer: Earlier }
  | { readonly kind: 'read'; readonly reads: LoginReads };

type Attempt<Earlier> =
  | { readonly kind: 'answered'; readonly answer: Receipt | Earlier }
  /** A concurrent write won. */
  | { readonly kind: 'lost'; readonly next: Start };

/**
 * Logs a user in, or records an activity (R11–R26). It reads in one parallel round and writes in one transaction. What
 * follows the answer to the write: (1) claimed: return the receipt; (2) the card has changed: judge the returned card,
 * and read the vacancies again; (3) the license was taken, or the write was contended: pause, then read everything
 * again; (4) nothing is free: read a second time before the denial; (5) after two seconds: throw `TryAgain`, never deny
 * with "none free". With `once`, returns the answer of the first call, if there was one. With `keepsOwner`, the same
 * round reads whether a named session stays ended. Without it, that is read only if the session is not open and the
 * card leaves it open, which is rare.
 */
export async function logIn<Earlier = never>(
  deps: LoginDeps,
  login: Login,
  once?: Idempotency<Earlier, Receipt>,
): Promise<Receipt | Earlier> {
  let start: Start = { mayTakeBack: true };
  return untilAnswered<Receipt | Earlier>(deps, async (attempts) => {
    const attempt = await attemptLogin(deps, login, once, start, attempts);
    if (attempt.kind === 'answered') return attempt.answer;
    start = attempt.next;
    return undefined;
  });
}

async function attemptLogin<Earlier>(
  deps: LoginDeps,
  login: Login,
  once: Idempotency<Earlier, Receipt> | undefined,
  { reads: given, mayTakeBack }: Start,
  attempts: number,
): Promise<Attempt<Earlier>> {
  const reading: Reading<Earlier> =
    given === undefined ? await readAll(deps, login, once) : { kind: 'read', reads: given };
  if (reading.kind === 'answered') return reading;
  const { reads } = reading;
  const { tenant, today, marks } = reads.round;
  // The id is linked to another user's card: everything is judged, read and written as that user's.
  if (marks?.linkedTo !== undefined) {
    const linked = { ...login, user: marks.linkedTo, linkedId: login.user };
    return { kind: 'answered', answer: await logIn(deps, linked, once) };
  }
  if (tenant === undefined || today === undefined) return { kind: 'answered', answer: unknownTenant(login) };

  const change = { actor: login.actor, cause: login.kind, at: deps.clock.now() };
  const context = { deps, login, tenant, today, change };
  const endedAt = reads.session ? undefined : await readUnclearEnd(deps.table, reads.round, login);
  const kept = reads.session ?? { owner: reads.owner, endedAt };
  const first = await judge(context, reads.round, kept);
  const own = await takeFromFormerOwner(context, first);
  const judged = own.decision.foundNothing ? await lookAgain(context, own, mayTakeBack) : own;
  const next = { mayTakeBack: mayTakeBack && !own.decision.foundNothing };

  const written = await writeLogin(context, judged, reads.extraWrites, attempts);
  switch (written.kind) {
    case 'written':
      return { kind: 'answered', answer: written.receipt };
    case 'lost':
      return { kind: 'lost', next };
    case 'card-changed':
      return {
        kind: 'lost',
        next: { ...next, reads: { ...reads, round: written.round, session: undefined, owner: kept.owner } },
      };
  }
}

/** Reads everything in one round. Returns the answer of an earlier call, if there was one. */
async function readAll<Earlier>(
  deps: LoginDeps,
  login: Login,
  once: Idempotency<Earlier, Receipt> | undefined,
): Promise<Reading<Earlier>> {
  const reading = readRound(deps, login);
  const [round, session, earlierCall] = await Promise.all([
    reading,
    login.keepsOwner ? readKeptSession(deps.table, login) : undefined,
    once?.lookUp(() => reading.then(({ card }) => card)),
  ]);
  if (earlierCall?.kind === 'answered') return earlierCall;
  return { kind: 'read', reads: { round, session, extraWrites: earlierCall?.extraWrites ?? (() => []) } };
}

type LoginContext = {
  readonly deps: LoginDeps;
  readonly login: Login;
  readonly tenant: Tenant;
  readonly today: Day;
  readonly change: Change;
};

async function judge(
  { deps, login, tenant, today, change }: LoginContext,
  round: ReadRound,
  kept: KeptSession,
): Promise<JudgedLogin> {
  return { round, kept, decision: await decideLogin(deps, { ...round, tenant, today }, login, change, kept) };
}

/** Handles a session id that came with another user before: ends that user's session, then judges the login again. */
async function takeFromFormerOwner(context: LoginContext, judged: JudgedLogin): Promise<JudgedLogin> {
  const { deps, login, tenant } = context;
  const { round, kept, decision } = judged;
  const { owner } = kept;
  if (owner?.user === undefined || owner.user === login.user || isLate(decision)) return judged;
  const passed = await passSession(deps, tenant.settings, login, owner.user);
  switch (passed.kind) {
    case 'ended':
      return judge(context, await readRound(deps, login), kept);
    case 'began-later':
      return judge(context, round, { endedAt: kept.endedAt, passedOnAt: passed.began });
    case 'not-open': {
      const othersEndedAt = await readSessionEnd(deps.table, { ...login, user: owner.user });
      return judge(context, round, { ...kept, othersEndedAt });
    }
  }
}

/**
 * Reads and judges again after nothing was free, because a login is denied only after a second read. The first may have
 * missed a license that was moved between two of its reads, or that another login has just taken back.
 */
async function lookAgain(context: LoginContext, { kept }: JudgedLogin, mayTakeBack: boolean): Promise<JudgedLogin> {
  const { deps, login, tenant } = context;
  if (mayTakeBack) await takeBackIdle(deps, login.tenant, tenant.settings);
  return judge(context, await readRound(deps, login), kept);
}

type Written =
  | { readonly kind: 'written'; readonly receipt: Receipt }
  /** The license or the session changed since it was read, or the outcome of the write is unknown. */
  | { readonly kind: 'lost' }
  /** The card changed since it was read. `round` has the present card, and no vacancies. */
  | { readonly kind: 'card-changed'; readonly round: ReadRound };

async function writeLogin(
  { deps, login, tenant, today, change }: LoginContext,
  judged: JudgedLogin,
  extraWrites: LoginReads['extraWrites'],
  attempts: number,
): Promise<Written> {
  const { decision } = judged;
  const { folders } = (await deps.readTenant(login.tenant, receiptFolder(decision))) ?? tenant;
  const receipt = receiptOf(decision, folders, login, attempts);
  const writes = await loginWrites(deps, login, judged, receipt, change);
  if (writes.kind === 'stale') return { kind: 'lost' };
  const others = [...writes.others, ...extraWrites(receipt)];
  if (writes.kind === 'same-card') {
    return (await deps.table.write(others)).done ? { kind: 'written', receipt } : { kind: 'lost' };
  }
  const answer = await claim(deps.table, writes.card, others);
  if ('claimed' in answer) return { kind: 'written', receipt };
  if (!('cardChanged' in answer)) return { kind: 'lost' };
  const { access } = decision.card;
  return { kind: 'card-changed', round: { tenant, today, windows: {}, access, ...foundCard(answer.cardChanged) } };
}
