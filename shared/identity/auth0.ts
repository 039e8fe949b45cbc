import * as z from 'zod/mini';
import type { Instant } from '../licensing/time.ts';
import { instant } from '../runtime/decoding.ts';
import { conclude, concludeBatch, type HookOutcome, STATUS_ONLY, without } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, NOT_JSON, parseJson } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import { type Element, FOREIGN, readElement, type SessionEventKind, sessionEvent, tenantOf } from './session-event.ts';
import { proveWebhook } from './signed-webhook.ts';

/**
 * Auth0: log streams (a fixed `Authorization`), the EventBridge partner bus, and the post-login Action, which calls us
 * with a signed webhook.
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

/** Array, object or lines, told apart by the body. A batch that ends in the middle of an element is to be sent again. */
function linesOf(body: string): readonly Line[] | 'cut off' {
  const whole = parseJson(body);
  if (whole !== undefined) return Array.isArray(whole.value) ? whole.value.map((value) => ({ value })) : [whole];
  const texts = body.split('\n').filter((text) => text.trim() !== '');
  if (texts.length === 0) return [{ bad: NOT_JSON }];
  const lines = texts.map((text): Line => parseJson(text) ?? { bad: NOT_JSON });
  const isOneDocument = lines[0] !== undefined && 'bad' in lines[0];
  return isCutOff(texts.at(-1) ?? '') || (isOneDocument && isCutOff(body)) ? 'cut off' : lines;
}

/** Whether the text opens something that it does not close. */
function isCutOff(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  let depth = 0;
  for (const [token, closing] of text.matchAll(/"(?:[^"\\]+|\\.)*("?)|[[\]{}]/gs)) {
    if (!token.startsWith('"')) depth += token === '[' || token === '{' ? 1 : -1;
    else if (closing !== '"') return true;
  }
  return depth > 0;
}

const KINDS = new Map<string, SessionEventKind>([
  ['s', 'login'],
  ['sertft', 'activity'],
  ['ssa', 'activity'],
  ['seacft', 'activity'],
  ['slo', 'logout'],
  ['universal_logout_succeeded', 'logout'],
]);

const logTenant = z.object({
  data: z.object({ type: z.string(), tenant_name: z.nullish(z.string()), hostname: z.nullish(z.string()) }),
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
  return readElement(logTenant, record, ({ data: { type, tenant_name, hostname } }) => {
    const named = tenant_name || hostname;
    const tenant = tenantOf(settings.tenants, named ? `auth0:${named}` : undefined);
    if (tenant === undefined) return FOREIGN;
    const kind = KINDS.get(type);
    if (kind === undefined) return { ignored: 'records that are no login, activity or logout' };
    return readElement(logRecord, record, ({ log_id, data: { date, user_id, details } }) => {
      const named = details?.session_id || details?.refresh_token?.session_id;
      // A universal logout is of the user, whatever else the record says.
      const session = type === 'universal_logout_succeeded' ? undefined : named;
      return sessionEvent({ tenant, user: user_id, session, kind, at: date, id: log_id }, now);
    });
  });
}

const busEvent = z.object({ 'detail-type': z.string(), detail: z.unknown() });

function readEventBridge(body: string, settings: HookSettings, now: Instant): HookOutcome {
  const parsed = parseJson(body);
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, STATUS_ONLY);
  const element = readElement(busEvent, parsed.value, ({ 'detail-type': type, detail }) =>
    type === 'Auth0 log' ? judgeLog(detail, settings, now) : { ignored: 'an event that is no Auth0 log' },
  );
  return conclude(element, STATUS_ONLY);
}

function readAction(request: HookRequest, settings: HookSettings, now: Instant): HookOutcome {
  const proof = proveWebhook(request, settings.secret, now);
  if ('unproven' in proof) return without('unauthorized', proof.unproven, STATUS_ONLY.unauthorized);
  const parsed = parseJson(request.body);
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, STATUS_ONLY);
  return conclude(judgeAction(parsed.value, proof.id, settings, now), STATUS_ONLY);
}

const actionTenant = z.object({ tenant: z.nullish(z.object({ id: z.nullish(z.string()) })) });

const action = z.object({
  user: z.object({ user_id: z.string() }),
  session: z.nullish(z.object({ id: z.nullish(z.string()) })),
  transaction: z.nullish(z.object({ protocol: z.nullish(z.string()) })),
});

function judgeAction(event: unknown, id: string, settings: HookSettings, now: Instant): Element {
  return readElement(actionTenant, event, ({ tenant: named }) => {
    const tenant = tenantOf(settings.tenants, named?.id ? `auth0:${named.id}` : undefined);
    if (tenant === undefined) return FOREIGN;
    return readElement(action, event, ({ user, session, transaction }) => {
      const kind = transaction?.protocol === 'oauth2-refresh-token' ? 'activity' : 'login';
      return sessionEvent({ tenant, user: user.user_id, session: session?.id, kind, at: now, id }, now);
    });
  });
}
