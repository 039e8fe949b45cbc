import { defined } from '../../shared/licensing/defined.ts';
import type { Claims } from '../../shared/licensing/login/card-from-claims.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import type { UserCard } from '../../shared/licensing/login/user-card.ts';
import type { Tenant } from '../../shared/licensing/tenant/tenant.ts';
import { untilAnswered } from '../../shared/platform/retry.ts';
import {
  type HandledEvent,
  handledEventKey,
  handledEventOf,
  handledEventWrite,
} from '../../shared/sign-in/hooks/handled-event.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import type { SessionEvent } from '../../shared/sign-in/providers/session-event.ts';
import { endSession } from '../../shared/sign-in/sessions/end-session.ts';
import type { EarlierCall, Idempotency } from '../../shared/sign-in/sessions/idempotency.ts';
import { measuredLogIn } from '../../shared/sign-in/sessions/measured-log-in.ts';
import type { LoginDeps } from '../../shared/sign-in/sessions/read-round.ts';
import { releaseLeaver } from '../../shared/sign-in/sessions/release-leaver.ts';
import { cognitoUserWrite, endUnowned, readSessionOwner } from '../../shared/sign-in/sessions/session-owner.ts';

/** A proven event of a tenant. */
export type TenantEvent = {
  readonly tenant: Tenant;
  readonly provider: Provider;
  readonly event: SessionEvent;
  readonly claims: Claims;
  /** Absent if the event's id identifies only a minute. */
  readonly fingerprint?: string;
};

/**
 * The outcome of an event. It is the same each time the event comes, as long as the license that it names is the user's
 * current one. `conflict` means that the id belongs to another event.
 */
export type AppliedEvent =
  | { readonly kind: 'logged-in'; readonly receipt: Receipt }
  | { readonly kind: 'ended' }
  | { readonly kind: 'conflict' };

const ACTOR = 'session-hooks';

/**
 * Logs the user in, or renews or ends their session. A repeated event is applied only once (F33). Throws `TryAgain`
 * when nothing could be decided in time.
 */
export async function applyEvent(deps: LoginDeps, reported: TenantEvent): Promise<AppliedEvent> {
  const given = { ...reported, event: roundUpToEndOfSecond(reported) };
  const { tenant, event, claims } = given;
  const { user, kind, at } = event;
  const named = event.session === null ? {} : { session: event.session };
  if (kind === 'logout') {
    if (user === null) return endNamedSession(deps, given);
    const leaver = event.leaver === undefined ? {} : { leaver: { note: event.leaver, source: given.provider } };
    const logout = { tenant: tenant.tenantId, user, ...named, ...leaver, at, actor: ACTOR, cause: 'logout' } as const;
    if (event.leaver === 'left' && tenant.settings.onLeave === 'release') {
      // All of this is done before the event counts as handled, so that a retried event completes an interrupted one.
      const earlier = await lookUpEvent(deps, given, async () => undefined);
      if (earlier.kind === 'answered') return earlier.answer;
      await endSession(deps, tenant.settings, logout);
      await releaseLeaver(deps, tenant.settings, { tenant: tenant.tenantId, user, actor: ACTOR });
    }
    const answer = await endSession(deps, tenant.settings, logout, logoutOnce(deps, given));
    return 'nowFree' in answer ? { kind: 'ended' } : answer;
  }
  if (user === null) throw new TypeError('a login names its user');
  const login = {
    tenant: tenant.tenantId,
    user,
    ...named,
    kind,
    at,
    claims: defined({ name: event.name, ...claims }),
    actor: ACTOR,
    origin: defined({ provider: given.provider, application: event.application }),
    keepsOwner: true,
  } as const;
  const answer = await measuredLogIn(deps, login, loginOnce(deps, given, user));
  return 'outcome' in answer ? { kind: 'logged-in', receipt: answer } : answer;
}

/**
 * Rounds the time of a session's end in a token up to the end of its second, because tokens have whole seconds. A
 * session that began in the same second has ended too, because no later session has its id.
 */
function roundUpToEndOfSecond({ provider, event }: TenantEvent): SessionEvent {
  const isOfToken = provider === 'oidc-backchannel' || provider === 'ssf';
  if (!isOfToken || event.kind !== 'logout' || event.session === null) return event;
  return { ...event, at: event.at.replace('.000Z', '.999Z') };
}

function loginOnce(deps: LoginDeps, given: TenantEvent, user: string): Idempotency<AppliedEvent, Receipt> {
  const { tenant, provider, event } = given;
  return {
    lookUp: async (card) => {
      const earlier = await lookUpEvent(deps, given, card);
      if (earlier.kind === 'answered') return earlier;
      const extraWrites = (receipt: Receipt) => {
        const handled = earlier.extraWrites({ receipt });
        if (receipt.outcome === 'denied' || provider !== 'cognito') return handled;
        return [...handled, cognitoUserWrite(tenant.tenantId, user, event.at, tenant.settings.idleTimeout)];
      };
      return { kind: 'new', extraWrites };
    },
  };
}

function logoutOnce(deps: LoginDeps, given: TenantEvent): Idempotency<AppliedEvent> {
  return {
    lookUp: async (card) => {
      const earlier = await lookUpEvent(deps, given, card);
      return earlier.kind === 'answered' ? earlier : { kind: 'new', extraWrites: () => earlier.extraWrites({}) };
    },
  };
}

/**
 * Ends a session that the provider names without its user. If the user is unknown, stores the end for a late login of
 * the session.
 */
async function endNamedSession(deps: LoginDeps, given: TenantEvent): Promise<AppliedEvent> {
  const { tenant, event } = given;
  const { session, at } = event;
  if (session === null) throw new TypeError('a logout names its user or its session');
  return untilAnswered<AppliedEvent>(deps, async () => {
    const [earlier, owner] = await Promise.all([
      lookUpEvent(deps, given, async () => undefined),
      readSessionOwner(deps.table, tenant.tenantId, session),
    ]);
    if (earlier.kind === 'answered') return earlier.answer;
    if (owner.user !== undefined) return applyEvent(deps, { ...given, event: { ...event, user: owner.user } });
    const end = endUnowned({ tenant: tenant.tenantId, session, at }, owner, tenant.settings.idleTimeout);
    const answer = await deps.table.write([end, ...earlier.extraWrites({})]);
    return answer.done ? { kind: 'ended' } : undefined;
  });
}

type EarlierEvent = EarlierCall<AppliedEvent, Pick<HandledEvent, 'receipt'>>;

/**
 * Returns the outcome of an earlier delivery of the event, or the writes that store the outcome of this one. An outcome
 * that names a license is repeated only as long as that license is the user's current one. After that the event is
 * judged again, and the new outcome replaces the stored one.
 */
async function lookUpEvent(
  { table, clock }: LoginDeps,
  { tenant, provider, event, fingerprint }: TenantEvent,
  card: () => Promise<UserCard | undefined>,
): Promise<EarlierEvent> {
  if (fingerprint === undefined) return { kind: 'new', extraWrites: () => [] };
  const key = handledEventKey(tenant.tenantId, provider, event);
  const item = await table.get(key);
  const found = handledEventOf(item, clock.now());
  const judgeNow = (over: typeof item): EarlierEvent => ({
    kind: 'new',
    extraWrites: (outcome) => [handledEventWrite(key, { fingerprint, ...outcome }, clock.now(), over)],
  });
  if (found === undefined) return judgeNow(undefined);
  if (found.fingerprint !== fingerprint) return answered({ kind: 'conflict' });
  if (found.receipt === undefined || event.user === null) return answered({ kind: 'ended' });
  const { license } = found.receipt;
  const isTrue = license === undefined || license.serialNumber === (await card())?.current?.serialNumber;
  if (!isTrue) return judgeNow(item);
  return answered({ kind: 'logged-in', receipt: { ...found.receipt, user: event.user, session: event.session } });
}

function answered(answer: AppliedEvent): EarlierEvent {
  return { kind: 'answered', answer };
}
