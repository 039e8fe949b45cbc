import type { Instant } from '../../licensing/time.ts';
import type { HookRequest } from './hook-request.ts';
import { isSignedWith } from './secrets.ts';

const TOLERANCE_SECONDS = 300;
const MOST_SIGNATURES = 16;

export type WebhookProof =
  | { readonly kind: 'proven'; readonly id: string }
  | { readonly kind: 'unproven'; readonly reason: string };

/**
 * Standard Webhooks 1.0, symmetric (`v1`). It uses node:crypto and not the package `standardwebhooks`, which takes the
 * time from the machine's clock instead of an argument. The tests compare the two. Secrets are base64, with or without
 * `whsec_`, and any of them may have signed.
 */
export function proveWebhook(
  { headers, body }: HookRequest,
  secrets: readonly string[] | undefined,
  now: Instant,
): WebhookProof {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  const signature = headers.get('webhook-signature');
  if (!id || !timestamp || !signature) return unproven('a webhook header is missing');
  if (!/^\d{1,12}$/.test(timestamp)) return unproven('webhook-timestamp is not a number of seconds');
  const age = Math.floor(Date.parse(now) / 1_000) - Number(timestamp);
  if (age > TOLERANCE_SECONDS) return unproven('webhook-timestamp is too old');
  if (age < -TOLERANCE_SECONDS) return unproven('webhook-timestamp is of the future');
  const signatures = signature
    .split(' ')
    .slice(0, MOST_SIGNATURES)
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => Buffer.from(entry.slice('v1,'.length), 'base64'));
  if (!isSignedWith((secrets ?? []).map(decodeKey), `${id}.${timestamp}.${body}`, signatures)) {
    return unproven('no signature of webhook-signature fits');
  }
  return { kind: 'proven', id };
}

function unproven(reason: string): WebhookProof {
  return { kind: 'unproven', reason };
}

function decodeKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
