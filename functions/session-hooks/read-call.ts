import * as z from 'zod/mini';
import { defined } from '../../shared/licensing/defined.ts';
import { tenantId } from '../../shared/platform/validation.ts';
import { busSenderOf, isBusEvent } from '../../shared/sign-in/providers/bus-sender.ts';
import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import { PROVIDERS, type Provider } from '../../shared/sign-in/providers/providers.ts';
import { MOST_BODY_BYTES } from '../../shared/sign-in/providers/read-hook.ts';

/** A call of this function, and where to find the hook that it is for. */
export type HookCall =
  | {
      readonly by: 'http';
      /** From the path. Absent when what the path names cannot be a tenant or a provider. */
      readonly tenant?: string;
      readonly provider?: Provider;
      readonly request: HookRequest;
    }
  /** A trigger of Cognito, or an event of EventBridge. The provider's own tenant, `scope`, leads to the tenant. */
  | {
      readonly by: 'invocation';
      readonly provider: Provider;
      readonly scope?: string;
      /** The user of a sign-out that names no pool. */
      readonly cognitoUser?: string;
      readonly request: HookRequest;
    };

export type TooLarge = { readonly by: 'too-large' };

const httpEvent = z.object({
  rawPath: z.string(),
  rawQueryString: z._default(z.string(), ''),
  headers: z._default(z.record(z.string(), z.string()), {}),
  pathParameters: z._default(z.record(z.string(), z.string()), {}),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  body: z._default(z.string(), ''),
  isBase64Encoded: z._default(z.boolean(), false),
});

const pool = z.object({ userPoolId: z.nullish(z.string()), sub: z.nullish(z.string()) });

const cloudTrailRecord = z.object({
  detail: z.object({ additionalEventData: z.nullish(pool), requestParameters: z.nullish(pool) }),
});

const logRecord = z.object({
  detail: z.object({ data: z.object({ tenant_name: z.nullish(z.string()), hostname: z.nullish(z.string()) }) }),
});

/** API Gateway sends this with each call. EventBridge and Cognito never do. */
const throughTheApi = z.object({ requestContext: z.unknown() });

/**
 * Finds out who calls: HTTP, EventBridge or Cognito. Every other event counts as Cognito's, which has to go back. A
 * caller by HTTP chooses the body, the headers and the path, so none of these makes its call one of the others.
 */
export function readCall(event: unknown): HookCall | TooLarge {
  const http = z.safeParse(httpEvent, event);
  if (http.success) return readHttp(http.data);
  if (z.safeParse(throughTheApi, event).success) return { by: 'http', request: requestOf('http', '') };
  const body = JSON.stringify(event) ?? '';
  return isBusEvent(event) ? busEvent(event, body) : trigger(event, body);
}

/** No hook is looked for if the sender proves nothing. */
function busEvent(event: unknown, body: string): HookCall {
  const request = requestOf('eventbridge', body);
  const provider = busSenderOf(event);
  if (provider === undefined) return { by: 'invocation', provider: 'cognito', request };
  if (provider === 'auth0') {
    const record = z.safeParse(logRecord, event).data?.detail.data;
    return { by: 'invocation', provider, ...scopeOf(provider, record?.tenant_name || record?.hostname), request };
  }
  const detail = z.safeParse(cloudTrailRecord, event).data?.detail;
  const { userPoolId, sub } = { ...detail?.requestParameters, ...detail?.additionalEventData };
  const ofUser = sub ? { cognitoUser: sub } : {};
  return { by: 'invocation', provider, ...(userPoolId ? scopeOf(provider, userPoolId) : ofUser), request };
}

/** Reads the raw bytes, because they were signed, and their number is limited. */
function readHttp(event: z.infer<typeof httpEvent>): HookCall | TooLarge {
  const { rawPath, rawQueryString, headers, pathParameters, requestContext, body, isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > MOST_BODY_BYTES) return { by: 'too-large' };
  const tenant = tenantId.safeParse(pathParameters['tenant']);
  const provider = PROVIDERS.find((known) => known === pathParameters['provider']);
  const path = rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`;
  return defined({
    by: 'http',
    ...(tenant.success ? { tenant: tenant.data } : {}),
    provider,
    request: {
      delivery: 'http',
      method: requestContext.http.method,
      path,
      headers: new Map(Object.entries(headers)),
      body: bytes.toString('utf8'),
    },
  });
}

function trigger(event: unknown, body: string): HookCall {
  const id = z.safeParse(pool, event).data?.userPoolId;
  return {
    by: 'invocation',
    provider: 'cognito',
    ...scopeOf('cognito', id),
    request: requestOf('lambda-invoke', body),
  };
}

function scopeOf(provider: Provider, id: string | null | undefined) {
  return id ? { scope: `${provider}:${id}` } : {};
}

function requestOf(delivery: HookRequest['delivery'], body: string): HookRequest {
  return { delivery, method: 'POST', path: '', headers: new Map(), body };
}
