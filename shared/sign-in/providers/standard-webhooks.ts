import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import { conclude, type HookOutcome, STATUS_ONLY, without } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, NOT_JSON, parseJson } from './hook-request.ts';
import { type Element, FOREIGN, readElement, type SessionEventKind, sessionEvent, tenantOf } from './session-event.ts';
import { notCounted } from './sign-ins-that-count.ts';
import { proveWebhook } from './signed-webhook.ts';

/** The service's own webhook, for every system without a known one: Standard Webhooks 1.0. */
export function readStandardWebhook(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  const proof = proveWebhook(request, settings.secret, now);
  if ('unproven' in proof) return without('unauthorized', proof.unproven, STATUS_ONLY.unauthorized);
  const parsed = parseJson(request.body);
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, STATUS_ONLY);
  return conclude(judge(parsed.value, proof.id, settings, now), STATUS_ONLY);
}

const KINDS = new Map<string, SessionEventKind>([
  ['session.login', 'login'],
  ['session.activity', 'activity'],
  ['session.logout', 'logout'],
]);

const head = z.object({ type: z.string() });

const anything = z.optional(z.unknown());

const eventHead = z.object({
  data: z.object({
    tenant: z.nullish(z.string()),
    clientId: anything,
    claims: z.catch(z.nullish(z.object({ name: anything })), undefined),
  }),
});

const event = z.object({
  timestamp: z.nullish(instant),
  data: z.object({ user: z.nullish(z.string()), session: z.nullish(z.string()) }),
});

function judge(body: unknown, id: string, settings: HookSettings, now: Instant): Element {
  return readElement(head, body, ({ type }) => {
    const kind = KINDS.get(type);
    if (kind === undefined) return { ignored: 'an event of another type' };
    return readElement(eventHead, body, ({ data }) => {
      const tenantId = tenantOf(settings.tenants, data.tenant ? `standard-webhooks:${data.tenant}` : undefined);
      if (tenantId === undefined) return FOREIGN;
      const ignored = notCounted(kind, [data.clientId], settings);
      if (ignored !== undefined) return ignored;
      return readElement(event, body, ({ timestamp, data: { user, session } }) =>
        sessionEvent(
          { tenant: tenantId, user, session, kind, at: timestamp ?? now, id, names: [data.claims?.name] },
          now,
        ),
      );
    });
  });
}
