import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import { busSenderOf, NOT_OF_THE_BUS } from './bus-sender.ts';
import { conclude, concludeBatch, type HookOutcome, noEvents, STATUS_ONLY } from './hook-outcome.ts';
import type { HookContext, HookRequest, HookSettings } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import {
  type Element,
  FOREIGN,
  ignored,
  type Part,
  readJson,
  readPart,
  type SessionEvent,
  type SessionEventKind,
  selectTenant,
  sessionEvent,
} from './session-event.ts';
import { notCounted, OF_A_MACHINE } from './sign-ins-that-count.ts';
import { proveWebhook } from './signed-webhook.ts';

/**
 * Auth0: log streams (a fixed `Authorization`), the EventBridge partner bus, and the post-login Action, which sends a
 * signed webhook.
 */
export function readAuth0(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  if (request.delivery === 'eventbridge') return readEventBridge(request.body, settings, now);
  const isSigned = request.delivery === 'action' || request.headers.has('webhook-signature');
  return isSigned ? readAction(request, settings, now) : readLogStream(request, settings, now);
}

function readLogStream(request: HookRequest, settings: HookSettings, now: Instant): HookOutcome {
  if (!isOneOf(request.headers.get('authorization'), settings.authorization)) {
    return noEvents('unauthorized', 'the Authorization header does not fit', STATUS_ONLY.unauthorized);
  }
  const batch = readBatch(request.body);
  if (batch.kind === 'cut-off') return noEvents('retry', 'the batch is cut off', STATUS_ONLY.retry);
  const elements = batch.records.map((one): Element => (one.kind === 'bad' ? one : judgeLog(one.value, settings, now)));
  return concludeBatch(elements, STATUS_ONLY);
}

type Batch = { readonly kind: 'whole'; readonly records: readonly Part<unknown>[] } | { readonly kind: 'cut-off' };

/**
 * Reads an array, an object or lines, depending on the body. A batch that ends in the middle of an element is to be
 * sent again.
 */
function readBatch(body: string): Batch {
  const whole = readJson(body);
  if (whole.kind === 'read') {
    return { kind: 'whole', records: [whole.value].flat().map((value) => ({ kind: 'read', value })) };
  }
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const records = lines.map(readJson);
  const isOneDocument = records[0]?.kind === 'bad';
  if (isCutOff(lines.at(-1) ?? '') || (isOneDocument && isCutOff(body))) return { kind: 'cut-off' };
  return { kind: 'whole', records: records.length === 0 ? [whole] : records };
}

/** Returns whether the text opens a bracket or a quote that it does not close. */
function isCutOff(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  let depth = 0;
  for (const [token, closing] of text.matchAll(/"(?:[^"\\]+|\\.)*("?)|[[\]{}]/gs)) {
    if (!token.startsWith('"')) depth += token === '[' || token === '{' ? 1 : -1;
    else if (closing !== '"') return true;
  }
  return depth > 0;
}

/** `ofUser` means that the record is about the user as a whole, whatever else it says. */
type LogRule = { readonly kind: SessionEventKind; readonly ofUser?: true; readonly leaver?: SessionEvent['leaver'] };

/** No type of record reports a blocked user, and a guessed or leaked password does not end a session. */
const LOGS = new Map<string, LogRule>([
  ['s', { kind: 'login' }],
  ['sertft', { kind: 'activity' }],
  ['ssa', { kind: 'activity' }],
  ['seacft', { kind: 'activity' }],
  ['slo', { kind: 'logout' }],
  ['universal_logout_succeeded', { kind: 'logout', ofUser: true }],
  ['sdu', { kind: 'logout', ofUser: true, leaver: 'left' }],
]);

/** A token for client credentials. */
const MACHINE_TYPE = 'seccft';

const anything = z.optional(z.unknown());

const logHead = z.object({
  data: z.object({
    type: z.string(),
    tenant_name: z.nullish(z.string()),
    hostname: z.nullish(z.string()),
    client_id: anything,
    user_id: anything,
    user_name: anything,
  }),
});

const sessionId = z.nullish(z.string());

const logDetails = z.object({
  log_id: z.string(),
  data: z.object({
    date: instant,
    user_id: z.nullish(z.string()),
    details: z.nullish(
      z.object({ session_id: sessionId, refresh_token: z.nullish(z.object({ session_id: sessionId })) }),
    ),
  }),
});

function judgeLog(record: unknown, settings: HookSettings, now: Instant): Element {
  const head = readPart(logHead, record);
  if (head.kind === 'bad') return head;
  const { type, tenant_name, hostname, client_id, user_id: person, user_name } = head.value.data;
  const named = tenant_name || hostname;
  const tenantId = selectTenant(settings.tenants, named ? `auth0:${named}` : undefined);
  if (tenantId === undefined) return FOREIGN;
  if (type === MACHINE_TYPE) return OF_A_MACHINE;
  const rule = LOGS.get(type);
  if (rule === undefined) return ignored('records that are no login, activity or logout');
  const { kind, ofUser, leaver } = rule;
  if (kind !== 'logout' && isMachine(person)) return OF_A_MACHINE;
  const uncounted = notCounted(kind, [client_id], settings);
  if (uncounted !== undefined) return uncounted;

  const log = readPart(logDetails, record);
  if (log.kind === 'bad') return log;
  const { log_id: id, data } = log.value;
  const { date: at, user_id: user, details } = data;
  const session = ofUser ? undefined : details?.session_id || details?.refresh_token?.session_id;
  return sessionEvent(
    { tenant: tenantId, user, session, kind, at, id, names: [user_name], applications: [client_id], leaver },
    now,
  );
}

/** Records of machines have an empty user. The id of a machine is that of its client. */
function isMachine(user: unknown): boolean {
  return user === '' || (typeof user === 'string' && user.endsWith('@clients'));
}

const busEvent = z.object({ detail: z.unknown() });

function readEventBridge(text: string, settings: HookSettings, now: Instant): HookOutcome {
  const body = readJson(text);
  if (body.kind === 'bad') return conclude(body, STATUS_ONLY);
  if (busSenderOf(body.value) !== 'auth0') return conclude(NOT_OF_THE_BUS, STATUS_ONLY);
  const event = readPart(busEvent, body.value);
  return conclude(event.kind === 'bad' ? event : judgeLog(event.value.detail, settings, now), STATUS_ONLY);
}

function readAction(request: HookRequest, settings: HookSettings, now: Instant): HookOutcome {
  const proof = proveWebhook(request, settings.secret, now);
  if (proof.kind === 'unproven') return noEvents('unauthorized', proof.reason, STATUS_ONLY.unauthorized);
  const body = readJson(request.body);
  if (body.kind === 'bad') return conclude(body, STATUS_ONLY);
  return conclude(judgeAction(body.value, proof.id, settings, now), STATUS_ONLY);
}

const actionHead = z.object({
  tenant: z.nullish(z.object({ id: z.nullish(z.string()) })),
  client: z.nullish(z.object({ client_id: anything })),
  user: anything,
});

const actionBody = z.object({
  user: z.object({ user_id: z.string(), name: anything }),
  session: z.nullish(z.object({ id: sessionId })),
  refresh_token: z.nullish(z.object({ session_id: sessionId })),
  transaction: z.nullish(z.object({ protocol: z.nullish(z.string()) })),
});

function judgeAction(event: unknown, id: string, settings: HookSettings, now: Instant): Element {
  const head = readPart(actionHead, event);
  if (head.kind === 'bad') return head;
  const { tenant, client, user: person } = head.value;
  const tenantId = selectTenant(settings.tenants, tenant?.id ? `auth0:${tenant.id}` : undefined);
  if (tenantId === undefined) return FOREIGN;
  if ((person ?? undefined) === undefined) return OF_A_MACHINE;

  const action = readPart(actionBody, event);
  if (action.kind === 'bad') return action;
  const { user, session, refresh_token, transaction } = action.value;
  if (isMachine(user.user_id)) return OF_A_MACHINE;
  const kind = transaction?.protocol === 'oauth2-refresh-token' ? 'activity' : 'login';
  const uncounted = notCounted(kind, [client?.client_id], settings);
  if (uncounted !== undefined) return uncounted;
  // A refresh does not name the session. Its refresh token has the id.
  const named = { user: user.user_id, session: session?.id || refresh_token?.session_id, names: [user.name] };
  return sessionEvent({ tenant: tenantId, ...named, applications: [client?.client_id], kind, at: now, id }, now);
}
