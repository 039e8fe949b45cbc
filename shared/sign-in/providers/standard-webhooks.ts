import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import { conclude, type HookOutcome, noEvents, STATUS_ONLY } from './hook-outcome.ts';
import type { HookContext, HookRequest, HookSettings } from './hook-request.ts';
import {
  type Element,
  FOREIGN,
  ignored,
  readJson,
  readPart,
  type SessionEventKind,
  selectTenant,
  sessionEvent,
} from './session-event.ts';
import { notCounted } from './sign-ins-that-count.ts';
import { proveWebhook } from './signed-webhook.ts';

/** The service's own webhook, for every system without a known one: Standard Webhooks 1.0. */
export function readStandardWebhook(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  const proof = proveWebhook(request, settings.secret, now);
  if (proof.kind === 'unproven') return noEvents('unauthorized', proof.reason, STATUS_ONLY.unauthorized);
  const body = readJson(request.body);
  if (body.kind === 'bad') return conclude(body, STATUS_ONLY);
  return conclude(judge(body.value, proof.id, settings, now), STATUS_ONLY);
}

const KINDS = new Map<string, SessionEventKind>([
  ['session.login', 'login'],
  ['session.activity', 'activity'],
  ['session.logout', 'logout'],
]);

const head = z.object({ type: z.string() });

const anything = z.optional(z.unknown());

const eventClient = z.object({
  data: z.object({
    tenant: z.nullish(z.string()),
    clientId: anything,
    claims: z.catch(z.nullish(z.object({ name: anything })), undefined),
  }),
});

const eventBody = z.object({
  timestamp: z.nullish(instant),
  data: z.object({ user: z.nullish(z.string()), session: z.nullish(z.string()) }),
});

function judge(body: unknown, id: string, settings: HookSettings, now: Instant): Element {
  const named = readPart(head, body);
  if (named.kind === 'bad') return named;
  const kind = KINDS.get(named.value.type);
  if (kind === undefined) return ignored('an event of another type');

  const client = readPart(eventClient, body);
  if (client.kind === 'bad') return client;
  const { tenant, clientId, claims } = client.value.data;
  const tenantId = selectTenant(settings.tenants, tenant ? `standard-webhooks:${tenant}` : undefined);
  if (tenantId === undefined) return FOREIGN;
  const uncounted = notCounted(kind, [clientId], settings);
  if (uncounted !== undefined) return uncounted;

  const event = readPart(eventBody, body);
  if (event.kind === 'bad') return event;
  const { timestamp, data } = event.value;
  const { user, session } = data;
  const told = { names: [claims?.name], applications: [clientId] };
  return sessionEvent({ tenant: tenantId, user, session, kind, at: timestamp ?? now, id, ...told }, now);
}
