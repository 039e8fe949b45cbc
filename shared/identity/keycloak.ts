import * as z from 'zod/mini';
import type { Instant } from '../licensing/time.ts';
import { conclude, type HookOutcome, STATUS_ONLY, without } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, NOT_JSON, parseJson } from './hook-request.ts';
import { isSignedWith } from './secrets.ts';
import {
  derivedId,
  type Element,
  epochMilliseconds,
  FOREIGN,
  readElement,
  type SessionEventKind,
  sessionEvent,
  tenantOf,
} from './session-event.ts';

/**
 * Keycloak with the extension keycloak-events: its webhooks (`access.LOGIN`) and its plain listener (`LOGIN`, without an
 * id), both signed with HMAC-SHA256 of the body. There is no timestamp in it; the ids make a replay harmless.
 */
export function readKeycloak(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  const signature = request.headers.get('x-keycloak-signature') ?? '';
  const keys = (settings.secret ?? []).map((secret) => Buffer.from(secret, 'utf8'));
  if (!/^[0-9a-f]{64}$/i.test(signature) || !isSignedWith(keys, request.body, [Buffer.from(signature, 'hex')])) {
    return without('unauthorized', 'X-Keycloak-Signature is missing or does not fit', STATUS_ONLY.unauthorized);
  }
  const parsed = parseJson(request.body);
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, STATUS_ONLY);
  return conclude(judgeEvent(parsed.value, settings, now), STATUS_ONLY);
}

const KINDS = new Map<string, SessionEventKind>([
  ['LOGIN', 'login'],
  ['REFRESH_TOKEN', 'activity'],
  ['CODE_TO_TOKEN', 'activity'],
  ['LOGOUT', 'logout'],
  ['USER_SESSION_DELETED', 'logout'],
]);

const head = z.object({
  realmId: z.nullish(z.string()),
  type: z.nullish(z.string()),
  operationType: z.nullish(z.string()),
});

const id = z.nullish(z.string());

const event = z.object({
  id,
  time: epochMilliseconds,
  userId: id,
  sessionId: id,
  authDetails: z.nullish(z.object({ userId: id, sessionId: id })),
  details: z.nullish(z.object({ code_id: id })),
});

function judgeEvent(body: unknown, settings: HookSettings, now: Instant): Element {
  return readElement(head, body, ({ realmId, type, operationType }) => {
    const tenant = tenantOf(settings.tenants, realmId ? `keycloak:${realmId}` : undefined);
    if (tenant === undefined) return FOREIGN;
    // The plain listener's admin events have an operation and no type.
    if (!type) return operationType ? { ignored: 'an admin event' } : { bad: 'type is missing' };
    const kind = KINDS.get(type.replace(/^access\./, ''));
    if (kind === undefined) return { ignored: 'an event that is no login, activity or logout' };
    return readElement(event, body, ({ id, time, userId, sessionId, authDetails, details }) => {
      const user = authDetails?.userId || userId;
      const session = authDetails?.sessionId || sessionId || details?.code_id;
      const eventId = id || derivedId(realmId, type, user, session, time);
      return sessionEvent({ tenant, user, session, kind, at: time, id: eventId }, now);
    });
  });
}
