import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import { busSenderOf, NOT_OF_THE_BUS } from './bus-sender.ts';
import { conclude, concludeBatch, type HookOutcome, STATUS_ONLY, without } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, NOT_JSON, parseJson } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import {
  type Element,
  FOREIGN,
  readElement,
  type SessionEvent,
  type SessionEventKind,
  sessionEvent,
  tenantOf,
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
    return without('unauthorized', 'the Authorization header does not fit', STATUS_ONLY.unauthorized);
  }
  const lines = linesOf(request.body);
  if (lines === 'cut off') return without('retry', 'the batch is cut off', STATUS_ONLY.retry);
  const elements = lines.map((line): Element => ('bad' in line ? line : judgeLog(line.value, settings, now)));
  return concludeBatch(elements, STATUS_ONLY);
}

type Line = { readonly value: unknown } | { readonly bad: string };

/**
 * Reads an array, an object or lines, depending on the body. A batch that ends in the middle of an element is to be
 * sent again.
 */
function linesOf(body: string): readonly Line[] | 'cut off' {
  const whole = parseJson(body);
  if (whole !== undefined) return Array.isArray(whole.value) ? whole.value.map((value) => ({ value })) : [whole];
  const texts = body.split('\n').filter((text) => text.trim() !== '');
  if (texts.length === 0) return [{ bad: NOT_JSON }];
  const lines = texts.map((text): Line => parseJson(text) ?? { bad: NOT_JSON });
  const isOneDocument = lines[0] !== undefined && 'bad' in lines[0];
  return isCutOff(texts.at(-1) ?? '') || (isOneDocument && isCutOff(body)) ? 'cut off' : lines;
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
type Row = { readonly kind: SessionEventKind; readonly ofUser?: true; readonly leaver?: SessionEvent['leaver'] };

/** No type of record reports a blocked user, and a guessed or leaked password does not end a session. */
const ROWS = new Map<string, Row>([
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

const logRecord = z.object({
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
  return readElement(logHead, record, ({ data: { type, tenant_name, hostname, client_id, ...head } }) => {
    const named = tenant_name || hostname;
    const tenantId = tenantOf(settings.tenants, named ? `auth0:${named}` : undefined);
    if (tenantId === undefined) return FOREIGN;
    if (type === MACHINE_TYPE) return OF_A_MACHINE;
    const row = ROWS.get(type);
    if (row === undefined) return { ignored: 'records that are no login, activity or logout' };
    const { kind, leaver } = row;
    if (kind !== 'logout' && isMachine(head.user_id)) return OF_A_MACHINE;
    const ignored = notCounted(kind, [client_id], settings);
    if (ignored !== undefined) return ignored;
    return readElement(logRecord, record, ({ log_id, data: { date, user_id, details } }) => {
      const named = details?.session_id || details?.refresh_token?.session_id;
      const session = row.ofUser ? undefined : named;
      const names = [head.user_name];
      return sessionEvent({ tenant: tenantId, user: user_id, session, kind, at: date, id: log_id, names, leaver }, now);
    });
  });
}

/** Records of machines have an empty user. The id of a machine is that of its client. */
function isMachine(user: unknown): boolean {
  return user === '' || (typeof user === 'string' && user.endsWith('@clients'));
}

const busEvent = z.object({ detail: z.unknown() });

function readEventBridge(body: string, settings: HookSettings, now: Instant): HookOutcome {
  const parsed = parseJson(body);
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, STATUS_ONLY);
  if (busSenderOf(parsed.value) !== 'auth0') return conclude({ foreign: NOT_OF_THE_BUS }, STATUS_ONLY);
  const element = readElement(busEvent, parsed.value, ({ detail }) => judgeLog(detail, settings, now));
  return conclude(element, STATUS_ONLY);
}

function readAction(request: HookRequest, settings: HookSettings, now: Instant): HookOutcome {
  const proof = proveWebhook(request, settings.secret, now);
  if ('unproven' in proof) return without('unauthorized', proof.unproven, STATUS_ONLY.unauthorized);
  const parsed = parseJson(request.body);
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, STATUS_ONLY);
  return conclude(judgeAction(parsed.value, proof.id, settings, now), STATUS_ONLY);
}

const actionHead = z.object({
  tenant: z.nullish(z.object({ id: z.nullish(z.string()) })),
  client: z.nullish(z.object({ client_id: anything })),
  user: anything,
});

const action = z.object({
  user: z.object({ user_id: z.string(), name: anything }),
  session: z.nullish(z.object({ id: sessionId })),
  refresh_token: z.nullish(z.object({ session_id: sessionId })),
  transaction: z.nullish(z.object({ protocol: z.nullish(z.string()) })),
});

function judgeAction(event: unknown, id: string, settings: HookSettings, now: Instant): Element {
  return readElement(actionHead, event, ({ tenant: named, client, user: person }) => {
    const tenantId = tenantOf(settings.tenants, named?.id ? `auth0:${named.id}` : undefined);
    if (tenantId === undefined) return FOREIGN;
    if ((person ?? undefined) === undefined) return OF_A_MACHINE;
    return readElement(action, event, ({ user, session, refresh_token, transaction }) => {
      if (isMachine(user.user_id)) return OF_A_MACHINE;
      const kind = transaction?.protocol === 'oauth2-refresh-token' ? 'activity' : 'login';
      const ignored = notCounted(kind, [client?.client_id], settings);
      if (ignored !== undefined) return ignored;
      // A refresh does not name the session. Its refresh token has the id.
      const ofSession = session?.id || refresh_token?.session_id;
      const named = { user: user.user_id, session: ofSession, names: [user.name] };
      return sessionEvent({ tenant: tenantId, ...named, kind, at: now, id }, now);
    });
  });
}
