import { readAuth0 } from './auth0.ts';
import { readCognito } from './cognito.ts';
import { readEntra } from './entra.ts';
import { empty, type HookOutcome, without } from './hook-outcome.ts';
import type { Delivery, HookContext, HookRequest, HookSettings } from './hook-request.ts';
import { readKeycloak } from './keycloak.ts';
import { readBackchannelLogout } from './oidc-backchannel.ts';
import { readOkta } from './okta.ts';
import type { Provider } from './providers.ts';
import { readSharedSignals } from './ssf.ts';
import { readStandardWebhook } from './standard-webhooks.ts';

type ReadHook = (
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
) => HookOutcome | Promise<HookOutcome>;

type Provided = {
  readonly read: ReadHook;
  readonly deliveries: readonly Delivery[];
  readonly methods: readonly string[];
};

const POST = ['POST'] as const;

const PROVIDED = {
  cognito: { read: readCognito, deliveries: ['lambda-invoke', 'eventbridge'], methods: POST },
  okta: { read: readOkta, deliveries: ['http'], methods: ['GET', 'POST'] },
  entra: { read: readEntra, deliveries: ['http'], methods: POST },
  auth0: { read: readAuth0, deliveries: ['http', 'eventbridge', 'action'], methods: POST },
  keycloak: { read: readKeycloak, deliveries: ['http'], methods: POST },
  'oidc-backchannel': { read: readBackchannelLogout, deliveries: ['http'], methods: POST },
  ssf: { read: readSharedSignals, deliveries: ['http'], methods: POST },
  'standard-webhooks': { read: readStandardWebhook, deliveries: ['http'], methods: POST },
} satisfies Record<Provider, Provided>;

export function delivers(provider: Provider, delivery: Delivery): boolean {
  const { deliveries }: Provided = PROVIDED[provider];
  return deliveries.includes(delivery);
}

/** The largest body that is looked at. */
export const MOST_BODY_BYTES = 256 * 1_024;

/**
 * What a call of an identity provider comes to: verified strictly, then translated leniently. Nothing is written, and the
 * only thing fetched are signing keys that are configured by address.
 */
export async function readHook(
  provider: Provider,
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  const { read, methods }: Provided = PROVIDED[provider];
  if (request.delivery === 'http' || request.delivery === 'action') {
    if (!methods.includes(request.method)) {
      return without('reject', 'the method is not allowed', empty(405, { allow: methods.join(', ') }));
    }
    if (Buffer.byteLength(request.body) > MOST_BODY_BYTES) {
      return without('reject', `the body is larger than ${MOST_BODY_BYTES} bytes`, empty(413));
    }
  }
  return read(request, settings, context);
}
