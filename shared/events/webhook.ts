import * as z from 'zod/mini';
import type { SwitchedOff } from '../licensing/history/history.ts';
import type { Change } from '../licensing/license/license.ts';
import { NOT_A_REFERENCE, secretReference } from '../platform/ports/secret-reference.ts';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../platform/ports/service-event.ts';
import type { Item } from '../platform/ports/table.ts';
import { isWebhookAddress, NOT_AN_ADDRESS } from '../platform/public-address.ts';
import { oneOrMore } from '../sign-in/providers/hook-request.ts';
import { change, switchedOff } from '../store/items.ts';
import { webhookKey } from '../store/keys.ts';

/** The settings of the webhook to which a tenant's events are delivered. */
export type WebhookSettings = {
  readonly url: string;
  /** References to the secrets that sign it. There are several during a rotation. */
  readonly secret: readonly string[];
  /** If absent, all types. */
  readonly types?: readonly WebhookEventType[];
};

export type Webhook = WebhookSettings & {
  readonly tenant: string;
  /** Saving the settings switches the webhook on again. */
  readonly off?: SwitchedOff;
  readonly version: number;
  readonly change: Change;
};

/** Also accepts an address of this machine, which only the local stack allows (`putWebhook`). */
const mayBeWebhook = (url: string) => isWebhookAddress(url, { mayBeLocal: true });

/** The settings as a command gives them. A misspelled name is a fault. */
export const webhookSettings = z.strictObject({
  url: z.string().check(z.refine(mayBeWebhook, NOT_AN_ADDRESS)),
  secret: oneOrMore(secretReference, NOT_A_REFERENCE),
  types: z.exactOptional(
    z.array(z.enum(WEBHOOK_EVENT_TYPES)).check(z.minLength(1, 'must name at least one type of event')),
  ),
});

const webhook = z.object({
  tenant: z.string(),
  url: z.string(),
  secret: z.array(z.string()),
  types: z.exactOptional(z.array(z.enum(WEBHOOK_EVENT_TYPES))),
  off: z.exactOptional(switchedOff),
  version: z.number(),
  change,
});

export function webhookItem(value: Webhook): Item {
  return { ...value, ...webhookKey(value.tenant) };
}

export function webhookOf(item: Item): Webhook {
  return webhook.parse(item);
}
