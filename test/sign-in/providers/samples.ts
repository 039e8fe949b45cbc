import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';

/** The sample payloads of `test/fixtures/idp`, as the requests that a provider would send. */

export type Sample = {
  readonly file: string;
  readonly delivery: string;
  readonly category: string;
  readonly expect: {
    readonly outcome: string;
    readonly events?: readonly ExpectedEvent[];
    readonly rejected?: number;
  };
  readonly http?: {
    readonly method: string;
    readonly path?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly form?: { readonly logout_token: string };
    readonly body?: string;
  };
};

/** Null where the provider gives none, and where another value of the event stands in for it. */
export type ExpectedEvent = {
  readonly tenant: string | null;
  readonly user: string | null;
  readonly session: string | null;
  readonly kind: string;
  readonly at: string | null;
  readonly id: string | null;
};

export type Question = {
  provider: string;
  delivery: string;
  now: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body: string;
  settings: Record<string, unknown>;
};

export const NOW = '2026-03-02T16:03:00.000Z';
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const KEYCLOAK_SECRET = 'A3jt6D8lz';

const ENTRA_TENANT = '7f2d9c41-3b6e-4d0a-8c55-1e9a0b7c6d21';
const ENTRA_API = 'c0ffee00-1a2b-4c3d-8e9f-a0b1c2d3e4f5';

export function fixture(file: string): string {
  return readFileSync(new URL(`../../fixtures/idp/${file}`, import.meta.url), 'utf8');
}

export const jwks = JSON.parse(fixture('keys/jwks.json')) as { keys: Record<string, unknown>[] };

/** All but those that another part answers: provisioning, pulled logs, and samples of responses. */
export const samples = (JSON.parse(fixture('manifest.json')) as Sample[]).filter(
  ({ file, delivery }) =>
    !file.startsWith('scim/') && ['http', 'lambda-invoke', 'eventbridge', 'action'].includes(delivery),
);

export function settingsOf(provider: string): Record<string, unknown> {
  switch (provider) {
    case 'cognito':
      return { tenants: ['cognito:eu-north-1_Lp4QzT7aB'] };
    case 'okta':
      return { tenants: ['okta:acme-example.okta.com'], authorization: 'okta-hook-shared-secret' };
    case 'entra':
      return {
        tenants: [`entra:${ENTRA_TENANT}`],
        jwks,
        issuer: [`https://login.microsoftonline.com/${ENTRA_TENANT}/v2.0`, `https://sts.windows.net/${ENTRA_TENANT}/`],
        audience: [ENTRA_API, `api://auth.acme.example/${ENTRA_API}`],
        clientState: 'secretClientValue',
      };
    case 'auth0':
      return {
        tenants: ['auth0:acme-example', 'auth0:acme-example.eu.auth0.com'],
        authorization: 'auth0-stream-token',
        secret: WEBHOOK_SECRET,
      };
    case 'keycloak':
      return { tenants: ['keycloak:5e6d0c2b-8f1a-4d37-9b22-6c4e0a1f7d58'], secret: KEYCLOAK_SECRET };
    case 'oidc-backchannel':
      return {
        jwks,
        issuer: ['https://idp.example.com/123456789/', 'https://acme-example.eu.auth0.com/'],
        audience: ['esm-web', 'TuhNLv7ulXD3RfyLlSMbOvszzwJJFPpO'],
      };
    case 'ssf':
      return {
        jwks,
        issuer: 'https://idp.example.com/123456789/',
        audience: 'https://sp.example.com/caep',
        authorization: 'Bearer ssf-stream-token',
      };
    default:
      return { tenants: ['standard-webhooks:acme'], secret: WEBHOOK_SECRET };
  }
}

export function questionOf(sample: Sample): Question {
  const provider = sample.file.split('/')[0] ?? '';
  const { delivery, http } = sample;
  const now = nowOf(sample);
  const base = { provider, delivery, now, settings: settingsOf(provider), body: bodyOf(sample) };
  if (delivery === 'lambda-invoke' || delivery === 'eventbridge') return base;
  const path = `/hooks/acme/${provider}`;
  if (delivery === 'action') {
    return { ...base, method: 'POST', path, headers: signedHeaders('msg_action_1', now, base.body) };
  }
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => [name, filledIn(value, base.body)]);
  return { ...base, method: http?.method ?? 'POST', path, headers: Object.fromEntries(headers) };
}

/** A bearer token goes with an issuance; the sample is the token. */
export function bearerQuestion(file: string): Question {
  return {
    provider: 'entra',
    delivery: 'http',
    now: NOW,
    method: 'POST',
    path: '/hooks/acme/entra',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${fixture(file).trim()}` },
    body: fixture('entra/token-issuance-start.json'),
    settings: settingsOf('entra'),
  };
}

export function signedHeaders(id: string, at: string, body: string, secret = WEBHOOK_SECRET): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(Date.parse(at) / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
  };
}

export function keycloakSignature(body: string, secret = KEYCLOAK_SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function nowOf({ expect }: Sample): string {
  return (expect.events ?? []).reduce((latest, { at }) => (at !== null && at > latest ? at : latest), NOW);
}

function bodyOf({ file, http }: Sample): string {
  const jwt = () => fixture(file.replace('.claims.json', '.jwt')).trim();
  if (file.endsWith('.jwt') || http?.form !== undefined) return new URLSearchParams({ logout_token: jwt() }).toString();
  return http?.body === '{{jwt}}' ? jwt() : fixture(file);
}

function filledIn(value: string, body: string): string {
  return value
    .replace('{{hmac-sha256-hex(body, secret)}}', () => keycloakSignature(body))
    .replace(/\{\{(.+\.jwt)\}\}/, (_, file: string) => fixture(file).trim());
}
