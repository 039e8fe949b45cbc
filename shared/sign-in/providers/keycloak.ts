import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { conclude, type HookOutcome, noEvents, STATUS_ONLY } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, parseJson } from './hook-request.ts';
import { isSignedWith } from './secrets.ts';
import {
  bad,
  derivedId,
  type Element,
  epochMilliseconds,
  FOREIGN,
  ignored,
  readJson,
  readPart,
  type SessionEvent,
  type SessionEventKind,
  selectTenant,
  sessionEvent,
} from './session-event.ts';
import { notCounted, OF_A_MACHINE } from './sign-ins-that-count.ts';

/**
 * Keycloak with the extension keycloak-events: its webhooks (`access.LOGIN`), and its plain listener (`LOGIN`, without
 * an id). Both are signed with HMAC-SHA256 over the body. There is no signed timestamp, but the ids make a replay
 * harmless.
 */
export function readKeycloak(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  const signature = request.headers.get('x-keycloak-signature') ?? '';
  const keys = (settings.secret ?? []).map((secret) => Buffer.from(secret, 'utf8'));
  if (!/^[0-9a-f]{64}$/i.test(signature) || !isSignedWith(keys, request.body, [Buffer.from(signature, 'hex')])) {
    return noEvents('unauthorized', 'X-Keycloak-Signature is missing or does not fit', STATUS_ONLY.unauthorized);
  }
  const body = readJson(request.body);
  if (body.kind === 'bad') return conclude(body, STATUS_ONLY);
  return conclude(judgeEvent(body.value, settings, now), STATUS_ONLY);
}

type UserEventRule = { readonly kind: SessionEventKind; readonly leaver?: SessionEvent['leaver'] };

/** Lockouts are not among them: somebody has guessed passwords, but the user has neither left nor been disabled. */
const USER_EVENTS = new Map<string, UserEventRule>([
  ['LOGIN', { kind: 'login' }],
  ['REFRESH_TOKEN', { kind: 'activity' }],
  ['CODE_TO_TOKEN', { kind: 'activity' }],
  ['LOGOUT', { kind: 'logout' }],
  ['USER_SESSION_DELETED', { kind: 'logout' }],
  ['DELETE_ACCOUNT', { kind: 'logout', leaver: 'left' }],
]);

const head = z.object({
  realmId: z.nullish(z.string()),
  type: z.nullish(z.string()),
  operationType: z.nullish(z.string()),
  resourceType: z.nullish(z.string()),
});

function judgeEvent(body: unknown, settings: HookSettings, now: Instant): Element {
  const reading = readPart(head, body);
  if (reading.kind === 'bad') return reading;
  const { realmId, type, operationType, resourceType } = reading.value;
  const tenantId = selectTenant(settings.tenants, realmId ? `keycloak:${realmId}` : undefined);
  if (tenantId === undefined) return FOREIGN;
  // The admin events of the plain listener have an operation and a resource, but no type.
  if (!type && !operationType) return bad('type is missing');
  const operation = type ? /^admin\.(.+)$/.exec(type)?.[1] : `${resourceType}-${operationType}`;
  return operation === undefined
    ? judgeUserEvent(body, { type: type?.replace(/^access\./, '') ?? '', tenant: tenantId }, settings, now)
    : judgeAdminEvent(body, { operation, tenant: tenantId }, now);
}

const id = z.nullish(z.string());
const anything = z.optional(z.unknown());

const userEventClient = z.object({
  clientId: anything,
  authDetails: z.nullish(z.object({ clientId: anything, username: anything })),
  details: z.nullish(z.object({ username: anything, grant_type: anything })),
});

const userEvent = z.object({
  id,
  time: epochMilliseconds,
  userId: id,
  sessionId: id,
  authDetails: z.nullish(z.object({ userId: id, sessionId: id })),
  details: z.nullish(z.object({ code_id: id })),
});

type UserEvent = { readonly type: string; readonly tenant: string };

function judgeUserEvent(body: unknown, { type, tenant }: UserEvent, settings: HookSettings, now: Instant): Element {
  if (type === 'CLIENT_LOGIN') return OF_A_MACHINE;
  const rule = USER_EVENTS.get(type);
  if (rule === undefined) return ignored('an event that is no login, activity or logout');
  const { kind, leaver } = rule;

  const head = readPart(userEventClient, body);
  if (head.kind === 'bad') return head;
  const { clientId, authDetails: caller, details: login } = head.value;
  const names = [caller?.username, login?.username];
  if (kind !== 'logout' && (names.some(isServiceAccount) || login?.grant_type === 'client_credentials')) {
    return OF_A_MACHINE;
  }
  const applications = [caller?.clientId || clientId];
  const uncounted = notCounted(kind, applications, settings);
  if (uncounted !== undefined) return uncounted;

  const event = readPart(userEvent, body);
  if (event.kind === 'bad') return event;
  const { id, time, userId, sessionId, authDetails, details } = event.value;
  const user = authDetails?.userId || userId;
  const named = authDetails?.sessionId || sessionId || details?.code_id;
  const session = leaver === undefined ? named : undefined;
  const eventId = id || derivedId(tenant, user, named, type, time);
  return sessionEvent({ tenant, user, session, kind, at: time, id: eventId, names, applications, leaver }, now);
}

function isServiceAccount(username: unknown): boolean {
  return typeof username === 'string' && username.startsWith('service-account-');
}

const adminEventBody = z.object({
  id,
  time: epochMilliseconds,
  resourcePath: z.string(),
  representation: anything,
  error: anything,
});

type AdminEvent = { readonly operation: string; readonly tenant: string };

/**
 * An administrator has deleted or disabled the user whom the path names. The record's own user is the administrator.
 */
function judgeAdminEvent(body: unknown, { operation, tenant }: AdminEvent, now: Instant): Element {
  if (operation !== 'USER-DELETE' && operation !== 'USER-UPDATE') return OTHER_ADMIN_EVENT;
  const event = readPart(adminEventBody, body);
  if (event.kind === 'bad') return event;
  const { id, time, resourcePath, representation, error } = event.value;
  if (error) return ignored('an admin event that failed');
  const user = /^users\/([^/]+)$/.exec(resourcePath)?.[1];
  if (user === undefined) return OTHER_ADMIN_EVENT;
  if (operation === 'USER-UPDATE' && !saysDisabled(representation)) return OTHER_ADMIN_EVENT;
  const leaver = operation === 'USER-DELETE' ? 'left' : 'disabled';
  const eventId = id || derivedId(tenant, user, operation, time);
  return sessionEvent({ tenant, user, kind: 'logout', at: time, id: eventId, leaver }, now);
}

const OTHER_ADMIN_EVENT = ignored('an admin event that neither deletes nor disables a user');

const disabled = z.object({ enabled: z.literal(false) });

/** The user as JSON text. Present only if the realm's admin events include it. */
function saysDisabled(representation: unknown): boolean {
  const user = typeof representation === 'string' ? parseJson(representation)?.value : representation;
  return z.safeParse(disabled, user).success;
}
