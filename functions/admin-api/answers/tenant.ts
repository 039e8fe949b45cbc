import * as z from 'zod/mini';
import { poolThreshold } from '../../../shared/administration/tenant-settings.ts';
import { webhookSettings } from '../../../shared/events/webhook.ts';
import type { SwitchedOff } from '../../../shared/licensing/history/history.ts';
import { codesOf } from '../../../shared/licensing/sentences.ts';
import { CLAIMS_COUNT, ENVIRONMENTS, ON_LEAVE } from '../../../shared/licensing/vocabulary.ts';
import { EVENT_TYPES } from '../../../shared/platform/ports/service-event.ts';
import { hookConfiguration } from '../../../shared/sign-in/hooks/hook.ts';
import { HOOK_ACCEPTED } from '../../../shared/sign-in/hooks/hook-health.ts';
import { PROVIDERS } from '../../../shared/sign-in/providers/providers.ts';
import type { Shape } from '../../../shared/store/items.ts';
import { count, instant, optional, text } from './values.ts';

export const tenant = z.strictObject({
  tenant: text,
  settings: z.strictObject({
    customers: z.array(text),
    timeZone: text,
    environment: z.enum(ENVIRONMENTS),
    idleTimeout: text,
    cleanupHour: count,
    setAsideWarningDays: count,
    refuseWithoutLicense: z.boolean(),
    claims: z.enum(CLAIMS_COUNT),
    onLeave: z.enum(ON_LEAVE),
    folderClaims: z.strictObject({ folders: z.record(text, text), moveExisting: z.boolean() }),
    publicKeys: z.record(text, text),
    poolThresholds: z.exactOptional(z.array(poolThreshold)),
    providerScopes: z.exactOptional(z.array(text)),
  }),
  version: count,
});

export const hook = z.strictObject({
  provider: z.enum(PROVIDERS),
  path: text,
  settings: hookConfiguration,
  version: count,
});
export const hooks = z.strictObject({ hooks: z.array(hook) });

/** Times are exact to the minute, because not each call is stored. */
export const hookHealth = z.strictObject({
  provider: z.enum(PROVIDERS),
  /** The last call that was proven and read. */
  lastCall: optional(z.strictObject({ at: instant, outcome: z.enum(HOOK_ACCEPTED) })),
  lastRefusal: optional(z.strictObject({ at: instant, code: z.enum(codesOf('hookRefusal')), why: text })),
});

/** `since`: when the first delivery failed, after which none succeeded. `reason`: the outcome of the last one. */
export const switchedOff = z.strictObject({ at: instant, since: instant, reason: text } satisfies Shape<SwitchedOff>);
export const webhook = z.strictObject({
  settings: webhookSettings,
  state: z.enum(['on', 'off']),
  off: optional(switchedOff),
  version: count,
});

export const webhookTest = z.strictObject({ eventId: text, requestedAt: instant });
/** Times are exact to the minute, because not each delivery is stored; those of a test are exact. */
export const webhookHealth = z.strictObject({
  state: z.enum(['on', 'off']),
  lastDelivery: optional(z.strictObject({ at: instant, type: z.enum(EVENT_TYPES) })),
  lastRefusal: optional(
    z.strictObject({
      at: instant,
      type: z.enum(EVENT_TYPES),
      code: z.enum(codesOf('deliveryRefusal')),
      status: optional(count),
      why: text,
    }),
  ),
  lastTest: optional(webhookTest),
});

export const audit = z.strictObject({
  licenses: count,
  userCards: count,
  vacancies: count,
  violations: z.array(z.looseObject({ invariant: text, text })),
  notConfirmed: optional(count),
});
