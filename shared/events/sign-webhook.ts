import { createHmac } from 'node:crypto';
import type { Instant } from '../licensing/time.ts';
import type { ServiceEvent } from '../platform/ports/service-event.ts';

/** Returns a webhook's body and headers by Standard Webhooks 1.0. `secrets` are base64, with or without `whsec_`. */
export function signWebhook(event: ServiceEvent, secrets: readonly string[], now: Instant) {
  const { id, type, tenant, at, data } = event;
  const body = JSON.stringify({ type, timestamp: at, data: { tenant, ...data } });
  const timestamp = String(Math.floor(Date.parse(now) / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.trim().replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'esm-license-service',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
  return { body, headers };
}
