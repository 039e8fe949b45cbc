import {
  type HandledEvent,
  handledEventKey,
  handledEventOf,
  handledEventWrite,
} from '../../shared/hooks/handled-event.ts';
import {
  cognitoUserWrite,
  endUnowned,
  ownSession,
  type SessionOwner,
  sessionOwnerOf,
} from '../../shared/hooks/session-owner.ts';
import type { Provider } from '../../shared/identity/providers.ts';
import type { SessionEvent } from '../../shared/identity/session-event.ts';
import type { Claims } from '../../shared/licensing/card-from-claims.ts';
import type { Receipt } from '../../shared/licensing/receipt.ts';
import type { Tenant } from '../../shared/licensing/tenant.ts';
import { untilAnswered } from '../../shared/runtime/retry.ts';
import { endSession } from '../../shared/sessions/end-session.ts';
import { measuredLogIn } from '../../shared/sessions/measured-log-in.ts';
import type { Once } from '../../shared/sessions/once.ts';
import type { LoginDeps } from '../../shared/sessions/read-round.ts';
import { releaseLeaver } from '../../shared/sessions/release-leaver.ts';
import { sessionOwnerKey } from '../../shared/store/keys.ts';
import type { Write } from '../../shared/store/table.ts';

/** A proven event of a tenant. */
export type TenantEvent = {
  readonly tenant: Tenant;
  readonly provider: Provider;
  readonly event: SessionEvent;
  readonly claims: Claims;
  /** Of what must be the same for the event to be the same; absent where the id is of a minute and not of an event. */
  readonly fingerprint?: string;
};

/** What an event came to; the same each time it comes. */
export type Applied = { readonly receipt: Receipt } | { readonly ended: true } | { readonly conflict: true };

const ACTOR = 'session-hooks';

/** Logs in, renews or ends what the event tells of, once (F33). Throws `TryAgain` when nothing could be decided in time. */
export async function applyEvent(deps: LoginDeps, told: TenantEvent): Promise<Applied> {
  const given = { ...told, event: byTheEndOfItsSecond(told) };
  const { tenant, event, claims } = given;
  const { user, kind, at } = event;
  const named = event.session === null ? {} : { session: event.session };
  if (kind === 'logout') {
    if (user === null) return endByItsSession(deps, given);
    const leaver = event.leaver === undefined ? {} : { leaver: { note: event.leaver, source: given.provider } };
    const logout = { tenant: tenant.tenant, user, ...named, ...leaver, at, actor: ACTOR, cause: 'logout' } as const;
    if (event.leaver === 'left' && tenant.settings.onLeave === 'release') {
      // All before the event counts as handled: what is interrupted is done when it comes again.
      const told = await toldBefore(deps, given);
      if (told !== undefined) return told;
      await endSession(deps, tenant.settings, logout);
      await releaseLeaver(deps, tenant.settings, { tenant: tenant.tenant, user, actor: ACTOR });
    }
    const answer = await endSession(deps, tenant.settings, logout, logoutOnce(deps, given));
    return 'nowFree' in answer ? { ended: true } : answer;
  }
  if (user === null) throw new TypeError('a login names its user');
  const called = { ...(event.name === undefined ? {} : { name: event.name }), ...claims };
  const login = { tenant: tenant.tenant, user, ...named, kind, at, claims: called, actor: ACTOR };
  const answer = await measuredLogIn(deps, login, loginOnce(deps, given, user));
  return 'outcome' in answer ? { receipt: answer } : answer;
}

/**
 * Tokens tell whole seconds. A session that is named as ended has ended by the end of that second, also when it began in
 * it: its id is no later session's.
 */
function byTheEndOfItsSecond({ provider, event }: TenantEvent): SessionEvent {
  const isOfToken = provider === 'oidc-backchannel' || provider === 'ssf';
  if (!isOfToken || event.kind !== 'logout' || event.session === null) return event;
  return { ...event, at: event.at.replace('.000Z', '.999Z') };
}

function loginOnce(deps: LoginDeps, given: TenantEvent, user: string): Once<Applied, Receipt> {
  const { session, at } = given.event;
  return {
    before: async () => {
      const [told, owner] = await Promise.all([toldBefore(deps, given), ownerOf(deps, given)]);
      if (told !== undefined || owner.endedAt === undefined || owner.endedAt < at) return told;
      return { receipt: { outcome: 'denied', reason: 'session-ended', steps: [], attempts: 1, user, session, at } };
    },
    beside: (receipt) => {
      const done = handled(deps, given, { receipt });
      return receipt.outcome === 'denied' ? done : [...done, ...owning(given, user)];
    },
  };
}

/** What a later logout will ask for: whose the session is, and of a user of Cognito, which tenant's. */
function owning({ tenant, provider, event: { session, at } }: TenantEvent, user: string): readonly Write[] {
  const { idleTimeout } = tenant.settings;
  const owner = session === null ? [] : [ownSession({ tenant: tenant.tenant, session, at }, user, idleTimeout)];
  return provider === 'cognito' ? [...owner, cognitoUserWrite(tenant.tenant, user, at, idleTimeout)] : owner;
}

function logoutOnce(deps: LoginDeps, given: TenantEvent): Once<Applied> {
  return { before: () => toldBefore(deps, given), beside: () => handled(deps, given, {}) };
}

/** A logout that names the session alone: of its owner, or, while nobody knows whose it is, of whoever will come late. */
async function endByItsSession(deps: LoginDeps, given: TenantEvent): Promise<Applied> {
  const { tenant, event } = given;
  const { session, at } = event;
  if (session === null) throw new TypeError('a logout names its user or its session');
  return untilAnswered<Applied>(deps, async () => {
    const [told, owner] = await Promise.all([toldBefore(deps, given), ownerOf(deps, given)]);
    if (told !== undefined) return told;
    if (owner.user !== undefined) return applyEvent(deps, { ...given, event: { ...event, user: owner.user } });
    const end = endUnowned({ tenant: tenant.tenant, session, at }, owner, tenant.settings.idleTimeout);
    const answer = await deps.table.write([end, ...handled(deps, given, {})]);
    return answer.done ? { ended: true } : undefined;
  });
}

async function toldBefore(
  { table, clock }: LoginDeps,
  { tenant, provider, event, fingerprint }: TenantEvent,
): Promise<Applied | undefined> {
  if (fingerprint === undefined) return undefined;
  const item = await table.get(handledEventKey(tenant.tenant, provider, event));
  const found = handledEventOf(item, clock.now());
  if (found === undefined) return undefined;
  if (found.fingerprint !== fingerprint) return { conflict: true };
  if (found.receipt === undefined || event.user === null) return { ended: true };
  return { receipt: { ...found.receipt, user: event.user, session: event.session } };
}

async function ownerOf({ table }: LoginDeps, { tenant, event }: TenantEvent): Promise<SessionOwner> {
  return event.session === null ? {} : sessionOwnerOf(await table.get(sessionOwnerKey(tenant.tenant, event.session)));
}

function handled(
  { clock }: LoginDeps,
  { tenant, provider, event, fingerprint }: TenantEvent,
  came: Pick<HandledEvent, 'receipt'>,
): readonly Write[] {
  if (fingerprint === undefined) return [];
  return [handledEventWrite(handledEventKey(tenant.tenant, provider, event), { fingerprint, ...came }, clock.now())];
}
