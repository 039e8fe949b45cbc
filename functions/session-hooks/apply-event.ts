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
import type { Asked, Idempotency } from '../../shared/sign-in/sessions/idempotency.ts';
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
  /** A hash of what identifies the event; absent where the id stands for a minute and not for an event. */
  readonly fingerprint?: string;
};

/**
 * The outcome of an event. A repeated event gets the same outcome as long as the license that it names is the user's
 * current one.
 */
export type Applied = { readonly receipt: Receipt } | { readonly ended: true } | { readonly conflict: true };

const ACTOR = 'session-hooks';

/**
 * Logs the user in, renews the session or ends it, as the event says, once (F33). Throws `TryAgain` when nothing could
 * be decided in time.
 */
export async function applyEvent(deps: LoginDeps, told: TenantEvent): Promise<Applied> {
  const given = { ...told, event: roundUpToEndOfSecond(told) };
  const { tenant, event, claims } = given;
  const { user, kind, at } = event;
  const named = event.session === null ? {} : { session: event.session };
  if (kind === 'logout') {
    if (user === null) return endByItsSession(deps, given);
    const leaver = event.leaver === undefined ? {} : { leaver: { note: event.leaver, source: given.provider } };
    const logout = { tenant: tenant.tenantId, user, ...named, ...leaver, at, actor: ACTOR, cause: 'logout' } as const;
    if (event.leaver === 'left' && tenant.settings.onLeave === 'release') {
      // The event counts as handled only after all of this, so an interrupted one is done when it comes again.
      const asked = await askedBefore(deps, given, async () => undefined);
      if ('told' in asked) return asked.told;
      await endSession(deps, tenant.settings, logout);
      await releaseLeaver(deps, tenant.settings, { tenant: tenant.tenantId, user, actor: ACTOR });
    }
    const answer = await endSession(deps, tenant.settings, logout, logoutOnce(deps, given));
    return 'nowFree' in answer ? { ended: true } : answer;
  }
  if (user === null) throw new TypeError('a login names its user');
  const called = defined({ name: event.name, ...claims });
  const login = {
    tenant: tenant.tenantId,
    user,
    ...named,
    kind,
    at,
    claims: called,
    actor: ACTOR,
    keepsOwner: true,
  } as const;
  const answer = await measuredLogIn(deps, login, loginOnce(deps, given, user));
  return 'outcome' in answer ? { receipt: answer } : answer;
}

/**
 * Tokens have whole seconds. A session that is named as ended has ended by the end of that second, even if it began in
 * it: no later session has its id.
 */
function roundUpToEndOfSecond({ provider, event }: TenantEvent): SessionEvent {
  const isOfToken = provider === 'oidc-backchannel' || provider === 'ssf';
  if (!isOfToken || event.kind !== 'logout' || event.session === null) return event;
  return { ...event, at: event.at.replace('.000Z', '.999Z') };
}

function loginOnce(deps: LoginDeps, given: TenantEvent, user: string): Idempotency<Applied, Receipt> {
  const { tenant, provider, event } = given;
  return {
    before: async (card) => {
      const asked = await askedBefore(deps, given, card);
      if ('told' in asked) return asked;
      return {
        beside: (receipt) => {
          const handled = asked.beside({ receipt });
          if (receipt.outcome === 'denied' || provider !== 'cognito') return handled;
          return [...handled, cognitoUserWrite(tenant.tenantId, user, event.at, tenant.settings.idleTimeout)];
        },
      };
    },
  };
}

function logoutOnce(deps: LoginDeps, given: TenantEvent): Idempotency<Applied> {
  return {
    before: async (card) => {
      const asked = await askedBefore(deps, given, card);
      return 'told' in asked ? asked : { beside: () => asked.beside({}) };
    },
  };
}

/** Ends a session that the provider names alone, of its known user. If no user is known, stores the end for a late login. */
async function endByItsSession(deps: LoginDeps, given: TenantEvent): Promise<Applied> {
  const { tenant, event } = given;
  const { session, at } = event;
  if (session === null) throw new TypeError('a logout names its user or its session');
  return untilAnswered<Applied>(deps, async () => {
    const [asked, owner] = await Promise.all([
      askedBefore(deps, given, async () => undefined),
      readSessionOwner(deps.table, tenant.tenantId, session),
    ]);
    if ('told' in asked) return asked.told;
    if (owner.user !== undefined) return applyEvent(deps, { ...given, event: { ...event, user: owner.user } });
    const end = endUnowned({ tenant: tenant.tenantId, session, at }, owner, tenant.settings.idleTimeout);
    const answer = await deps.table.write([end, ...asked.beside({})]);
    return answer.done ? { ended: true } : undefined;
  });
}

/**
 * Returns the earlier outcome of the event, or a function that stores its outcome of now. An earlier outcome that names
 * a license is repeated only while that is the user's current one; else the event is judged again and the new outcome
 * replaces the old.
 */
async function askedBefore(
  { table, clock }: LoginDeps,
  { tenant, provider, event, fingerprint }: TenantEvent,
  card: () => Promise<UserCard | undefined>,
): Promise<Asked<Applied, Pick<HandledEvent, 'receipt'>>> {
  if (fingerprint === undefined) return { beside: () => [] };
  const key = handledEventKey(tenant.tenantId, provider, event);
  const item = await table.get(key);
  const found = handledEventOf(item, clock.now());
  const handled = (over: typeof item): Asked<Applied, Pick<HandledEvent, 'receipt'>> => ({
    beside: (came) => [handledEventWrite(key, { fingerprint, ...came }, clock.now(), over)],
  });
  if (found === undefined) return handled(undefined);
  if (found.fingerprint !== fingerprint) return { told: { conflict: true } };
  if (found.receipt === undefined || event.user === null) return { told: { ended: true } };
  const { license } = found.receipt;
  const isTrue = license === undefined || license.serialNumber === (await card())?.current?.serialNumber;
  return isTrue ? { told: { receipt: { ...found.receipt, user: event.user, session: event.session } } } : handled(item);
}
