import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { type Answers, conclude, empty, type HookOutcome, type HookResponse, json, noEvents } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, queryOf } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import {
  bad,
  derivedId,
  type Element,
  FOREIGN,
  foreign,
  ignored,
  minuteOf,
  readJson,
  readPart,
  selectTenant,
  sessionEvent,
} from './session-event.ts';
import { notCounted, OF_A_MACHINE } from './sign-ins-that-count.ts';
import { proveToken, type TokenRules } from './signed-token.ts';

/**
 * Microsoft Entra ID: the TokenIssuanceStart custom extension, proven by its bearer token, and Graph change
 * notifications, proven by the text that was chosen when subscribing.
 */
export async function readEntra(
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  const validationToken = queryOf(request).get('validationToken');
  if (validationToken !== null) {
    const response = { status: 200, headers: { 'content-type': 'text/plain' }, body: validationToken };
    return noEvents('protocol', 'the validation of a Graph subscription', response);
  }
  const body = readJson(request.body);
  const notifications = z.safeParse(graphNotifications, body.kind === 'bad' ? undefined : body.value);
  if (notifications.success) return conclude(judgeGraph(notifications.data.value, settings), GRAPH_ANSWERS);

  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer === undefined) return noEvents('unauthorized', 'no bearer token', ANSWERS.unauthorized);
  const proof = await proveToken(bearer, settings, BEARER, context);
  if (proof.kind === 'unavailable') return noEvents('retry', proof.reason, ANSWERS.retry);
  if (proof.kind === 'unproven') return noEvents('unauthorized', proof.reason, ANSWERS.unauthorized);
  const claims = z.safeParse(bearerClaims, proof.claims);
  if (!claims.success || !isAuthenticationEventsService(claims.data, settings)) {
    return noEvents('unauthorized', 'the caller is not the authentication events service', ANSWERS.unauthorized);
  }
  if (body.kind === 'bad') return conclude(body, ANSWERS);
  return conclude(judgeIssuance(body.value, claims.data.tid, settings, context.now), ANSWERS);
}

/**
 * A token is issued with exactly one action. Claims that are null, no action, or another body fail the user's login.
 */
export function provideClaims(claims: Readonly<Record<string, string | readonly string[]>>): HookResponse {
  return json(200, {
    data: {
      '@odata.type': 'microsoft.graph.onTokenIssuanceStartResponseData',
      actions: [{ '@odata.type': 'microsoft.graph.tokenIssuanceStart.provideClaimsForToken', claims }],
    },
  });
}

/**
 * A call that is not from Entra is refused. Any other answer lets the user log in, and the application asks for the
 * license.
 */
const LET_THROUGH = provideClaims({ esm_license: 'pending' });

const ANSWERS: Answers = {
  events: LET_THROUGH,
  ignore: LET_THROUGH,
  reject: LET_THROUGH,
  unauthorized: empty(401),
  retry: LET_THROUGH,
};

const BEARER: TokenRules = {
  types: ['jwt', 'at+jwt'],
  mayLackType: true,
  requiresExpiry: true,
  oldest: 0,
  requires: ['tid'],
};

const AUTHENTICATION_EVENTS_SERVICE = '99045fe1-7639-4a75-9d4a-577b6ca3810f';

const bearerClaims = z.object({
  tid: z.string(),
  ver: z.nullish(z.string()),
  azp: z.nullish(z.string()),
  appid: z.nullish(z.string()),
});

function isAuthenticationEventsService(claims: z.infer<typeof bearerClaims>, { appId }: HookSettings): boolean {
  const caller = claims.ver === '1.0' ? claims.appid : claims.azp;
  return caller === (appId ?? AUTHENTICATION_EVENTS_SERVICE);
}

const issuanceTenant = z.object({ data: z.object({ tenantId: z.nullish(z.string()) }) });

const issuanceType = z.object({ type: z.string() });

const anything = z.optional(z.unknown());
const servicePrincipal = z.nullish(z.object({ id: anything, appId: anything }));

const issuanceContext = z.object({
  data: z.object({
    authenticationContext: z.object({
      clientServicePrincipal: servicePrincipal,
      resourceServicePrincipal: servicePrincipal,
      user: z.object({ id: z.string(), displayName: anything }),
    }),
  }),
});

function judgeIssuance(body: unknown, tokenTenant: string, settings: HookSettings, now: Instant): Element {
  const named = readPart(issuanceTenant, body);
  if (named.kind === 'bad') return named;
  const { tenantId } = named.value.data;
  const tenant = selectTenant(settings.tenants, tenantId ? `entra:${tenantId}` : undefined);
  if (tenant === undefined) return FOREIGN;
  if (tenant !== `entra:${tokenTenant}`) return foreign('the token is of another tenant than the event');

  const head = readPart(issuanceType, body);
  if (head.kind === 'bad') return head;
  if (head.value.type !== 'microsoft.graph.authenticationEvent.tokenIssuanceStart') {
    return bad('another type of extension calls this address');
  }

  const context = readPart(issuanceContext, body);
  if (context.kind === 'bad') return context;
  const { authenticationContext } = context.value.data;
  const { user, clientServicePrincipal: client, resourceServicePrincipal: resource } = authenticationContext;
  if (user.id === client?.id) return OF_A_MACHINE;
  const uncounted = notCounted('login', [resource?.appId, resource?.id, client?.appId, client?.id], settings);
  if (uncounted !== undefined) return uncounted;
  // The correlation id does not identify the event: the client chooses it, and may send one id with all of its
  // requests.
  const id = derivedId(tenant, user.id, 'login', minuteOf(now));
  const told = { names: [user.displayName], applications: [client?.appId, resource?.appId] };
  return sessionEvent({ tenant, user: user.id, kind: 'login', at: now, id, ...told }, now);
}

const graphNotifications = z.object({ value: z.array(z.unknown()) });

const graphNotification = z.object({ clientState: z.string(), tenantId: z.nullish(z.string()) });

const GRAPH_ANSWERS: Answers = {
  events: empty(202),
  ignore: empty(202),
  reject: empty(400),
  unauthorized: empty(401),
  retry: empty(503),
};

/** A change of the directory is never a session event. Each notification of the list must be proven. */
function judgeGraph(notifications: readonly unknown[], { clientState, tenants }: HookSettings): Element {
  const areProven =
    notifications.length > 0 &&
    notifications.every((notification) => {
      const reading = z.safeParse(graphNotification, notification);
      return reading.success && isOneOf(reading.data.clientState, clientState);
    });
  if (!areProven) return foreign('the clientState does not fit');
  const areOurs = notifications.every((notification) => {
    const { tenantId } = z.parse(graphNotification, notification);
    return selectTenant(tenants, tenantId ? `entra:${tenantId}` : undefined) !== undefined;
  });
  return areOurs ? ignored('a change of the directory') : FOREIGN;
}
