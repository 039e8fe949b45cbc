import { readAuth0 } from './auth0.ts';
import { readCognito } from './cognito.ts';
import { readEntra } from './entra.ts';
import { empty, type HookOutcome, noEvents } from './hook-outcome.ts';
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
  /** The deliveries that each provider may use, and the proof for each. */
  readonly proofs: Readonly<Partial<Record<Delivery, string>>>;
  readonly methods: readonly string[];
};

const POST = ['POST'] as const;

const AUTHORIZATION = 'the value of the Authorization header';
const TOKEN = 'a token of the issuer, signed with one of its keys';
const SIGNED_WEBHOOK = "the body's signature as a Standard Webhook";
const BUS = "the event's source and type, which nobody else can put on the bus";

/** A call without an entry here is refused before anything in it is read. */
const PROVIDED = {
  cognito: {
    read: readCognito,
    proofs: { 'lambda-invoke': "the function's policy, which lets nobody but user pools call", eventbridge: BUS },
    methods: POST,
  },
  okta: { read: readOkta, proofs: { http: AUTHORIZATION }, methods: ['GET', 'POST'] },
  entra: { read: readEntra, proofs: { http: `${TOKEN}; of Graph the clientState` }, methods: POST },
  auth0: {
    read: readAuth0,
    proofs: { http: AUTHORIZATION, action: SIGNED_WEBHOOK, eventbridge: BUS },
    methods: POST,
  },
  keycloak: { read: readKeycloak, proofs: { http: 'the signature of the body' }, methods: POST },
  'oidc-backchannel': { read: readBackchannelLogout, proofs: { http: TOKEN }, methods: POST },
  ssf: {
    read: readSharedSignals,
    proofs: { http: `${TOKEN}, and the Authorization header if it is set` },
    methods: POST,
  },
  'standard-webhooks': { read: readStandardWebhook, proofs: { http: SIGNED_WEBHOOK }, methods: POST },
} satisfies Record<Provider, Provided>;

export function delivers(provider: Provider, delivery: Delivery): boolean {
  const { proofs }: Provided = PROVIDED[provider];
  return proofs[delivery] !== undefined;
}

/** The most bytes of a body. */
export const MOST_BODY_BYTES = 256 * 1_024;

/**
 * Reads a call of an identity provider: verifies it strictly, then translates it leniently. Writes nothing. Fetches
 * only signing keys that are configured by address.
 */
export async function readHook(
  provider: Provider,
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  if (!delivers(provider, request.delivery)) {
    return noEvents('unauthorized', 'nothing proves a call of this provider by this delivery', empty(401));
  }
  const { read, methods }: Provided = PROVIDED[provider];
  if (request.delivery === 'http' || request.delivery === 'action') {
    if (!methods.includes(request.method)) {
      return noEvents('reject', 'the method is not allowed', empty(405, { allow: methods.join(', ') }));
    }
    if (Buffer.byteLength(request.body) > MOST_BODY_BYTES) {
      return noEvents('reject', `the body is larger than ${MOST_BODY_BYTES} bytes`, empty(413));
    }
  }
  return read(request, settings, context);
}
