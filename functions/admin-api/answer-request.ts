import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import type { AdministerRequest } from '../../shared/administration/administer-request.ts';
import { isRefusal, type Refusal } from '../../shared/administration/refusal.ts';
import { defined } from '../../shared/licensing/defined.ts';
import type { Role } from '../../shared/licensing/vocabulary.ts';
import type { KeyedHash } from '../../shared/platform/keyed-hash.ts';
import type { Log } from '../../shared/platform/log.ts';
import { SAFE_HEADERS } from '../../shared/platform/safe-headers.ts';
import { tenantId } from '../../shared/platform/validation.ts';
import { type AnswerOnceDeps, answerOnce } from './answer-once.ts';
import type { CallRate } from './call-rate.ts';
import type { Caller, Identify, Refused } from './caller.ts';
import { entityTag, expectedVersion, unlessUnchanged } from './entity-tag.ts';
import { fileAnswer } from './file-answer.ts';
import { type Found, findRoute } from './find-route.ts';
import { bindCursor } from './list-cursor.ts';
import { openApi } from './open-api.ts';
import { type HttpAnswer, problem, unreadable } from './problems.ts';
import { readBody, readRequest } from './read-request.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { withCodes } from './sentence-codes.ts';

export type AdminApiDeps = AnswerOnceDeps & {
  readonly identify: Identify;
  readonly administer: (request: AdministerRequest, role: Role) => Promise<object>;
  readonly callRate: CallRate;
  readonly log: Log;
  /** For the hash that stands for a caller in the log. */
  readonly keyedHash: KeyedHash;
  /** Set on the local stack, whose API has no TLS. */
  readonly mayBeLocal?: boolean;
};

/** The most bytes of a body. The longest list of serial numbers fits, and the limit of Lambda is higher. */
export const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Answers a request. It finds the route, identifies the caller, checks their rate and role, reads the request and the
 * expected version, and then executes the command. The answer for another tenant is the same whether that tenant exists
 * or not.
 */
export async function answerRequest(deps: AdminApiDeps, event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const answer = unlessUnchanged(event, await answerByRoute(deps, event));
  return { ...answer, headers: { ...answer.headers, ...SAFE_HEADERS } };
}

async function answerByRoute(deps: AdminApiDeps, event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const { method } = event.requestContext.http;
  if (method === 'GET' && event.rawPath === '/openapi.json') return describe();
  const found = findRoute(ROUTES, method, event.rawPath);
  if (found.kind === 'not-found') return notFound(found.allowed);
  const answer = await answerFound(deps, event, found);
  deps.log('api-answered', { route: found.route.id, status: answer.statusCode });
  return answer;
}

let description: string | undefined;

function describe(): HttpAnswer {
  description ??= JSON.stringify(openApi(ROUTES));
  const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' };
  return { statusCode: 200, headers, body: description };
}

async function answerFound(deps: AdminApiDeps, event: APIGatewayProxyEventV2, found: Found): Promise<HttpAnswer> {
  const caller = await deps.identify(event);
  if ('refused' in caller) {
    await logRefused(deps, found, caller);
    return caller.refused === 'unauthorized' ? unauthorized() : withoutRole(caller.reason);
  }
  const retryAfter = deps.callRate(caller);
  if (retryAfter > 0) return tooManyCalls(retryAfter);
  const refused = refusedTo(caller, found);
  if (refused === undefined) return refusedBody(event) ?? answerCommand(deps, event, found, caller);
  await logRefused(deps, found, refused);
  return forbidden();
}

/** Returns why the caller may not call the route; undefined when the caller may. */
function refusedTo(caller: Caller, { route, variables }: Found): Refused | undefined {
  const { role, actor } = caller;
  const { tenant } = variables;
  if (tenant !== undefined && caller.role !== 'operator' && caller.tenant !== tenant) {
    return { refused: 'forbidden', reason: 'the token is of another tenant', actor };
  }
  if (route.roles.includes(role)) return undefined;
  return { refused: 'forbidden', reason: `the role ${role} may not do this`, actor };
}

/**
 * Logs a refused call with the tenant that was asked for, if it can be one, and with the hash of the subject of a valid
 * token.
 */
async function logRefused(
  { log, keyedHash }: AdminApiDeps,
  { route, variables }: Found,
  refused: Refused,
): Promise<void> {
  const tenant = z.safeParse(tenantId, variables['tenant']);
  const subject = 'actor' in refused ? await keyedHash('subject', refused.actor) : undefined;
  const asked = { route: route.id, tenant: tenant.success ? tenant.data : undefined };
  log('api-refused', { ...asked, because: refused.reason, subject });
}

async function answerCommand(
  deps: AdminApiDeps,
  event: APIGatewayProxyEventV2,
  found: Found,
  caller: Caller,
): Promise<HttpAnswer> {
  const version = expectedVersion(event.headers['if-match'], found.route);
  if (version.kind === 'missing') return versionMissing();
  if (version.kind === 'faulty') return unreadable(version.faults);
  const reading = readRequest(event, found, caller, version.value);
  if (reading.kind === 'faulty') return unreadable(reading.faults);
  const { request, list } = reading.value;
  const answer = async () => {
    const given = await deps.administer(request, caller.role);
    if (isRefusal(given)) return refusal(given);
    const shown = bindCursor(list, withCodes(request.command, withoutSecret(found.route, given)));
    return fileAnswer(event, found.route, shown) ?? done(successOf(found.route, shown), shown);
  };
  const { tenant, actor } = { tenant: undefined, ...request };
  if (found.route.method !== 'POST' || tenant === undefined) return answer();
  return withSecret(deps, event, found, await answerOnce(deps, event, { tenant, actor }, answer));
}

function withoutSecret({ secret }: Route, answer: object): object {
  if (secret === undefined) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== secret.member));
}

/** Adds the secret to an answer that was stored without it. It is an address of this API. */
async function withSecret(
  { keyedHash, mayBeLocal = false }: AdminApiDeps,
  { requestContext }: APIGatewayProxyEventV2,
  { route: { secret, success }, variables: { tenant = '' } }: Found,
  answer: HttpAnswer,
): Promise<HttpAnswer> {
  if (secret === undefined || answer.statusCode !== success) return answer;
  const members = JSON.parse(answer.body ?? '{}');
  const path = await secret.make(keyedHash, tenant, members);
  const { domainName } = requestContext;
  const origin = domainName ? `${mayBeLocal ? 'http' : 'https'}://${domainName}` : '';
  return { ...answer, body: JSON.stringify({ ...members, [secret.member]: `${origin}${path}` }) };
}

function successOf({ success, later }: Route, answer: object): Route['success'] {
  return later !== undefined && z.safeParse(later, answer).success ? 202 : success;
}

function done(statusCode: number, answer: object): HttpAnswer {
  const etag = entityTag(answer);
  const headers = defined({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    etag,
  });
  return { statusCode, headers, body: JSON.stringify(answer) };
}

function refusal({ error: { code, message, ...extras } }: Refusal): HttpAnswer {
  const { retryAfter } = extras;
  return problem(code, message, extras, retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` });
}

function tooManyCalls(retryAfter: number): HttpAnswer {
  const detail = `You call too often. Try again in ${retryAfter} s, and send at most some ten calls a second.`;
  return problem('too-many-calls', detail, { retryAfter }, { 'retry-after': `${retryAfter}` });
}

function refusedBody(event: APIGatewayProxyEventV2): HttpAnswer | undefined {
  const body = readBody(event);
  if (event.requestContext.http.method === 'GET' || body === '') return undefined;
  if (Buffer.byteLength(body) > MOST_BYTES) {
    return problem('too-large', `A body must have at most ${MOST_BYTES} bytes. Split the request.`);
  }
  if (JSON_TYPE.test(event.headers['content-type'] ?? '')) return undefined;
  return problem('unsupported-media-type', 'Send JSON, with `Content-Type: application/json`.');
}

const JSON_TYPE = /^application\/json *(;|$)/i;

function notFound(allowed: readonly string[]): HttpAnswer {
  if (allowed.length === 0)
    return problem(
      'not-found',
      'No route has this path. /openapi.json lists all routes. An id with other characters than letters, digits, blanks and ._@+- is written ~ and its base64url.',
    );
  const allow = allowed.toSorted().join(', ');
  return problem('method-not-allowed', `This path allows ${allow}.`, {}, { allow });
}

function unauthorized(): HttpAnswer {
  const detail = 'Send an access token of your identity provider (not an ID token) as `Authorization: Bearer …`.';
  return problem('unauthorized', detail, {}, { 'www-authenticate': 'Bearer' });
}

/** The reason is about the token itself, which the caller can read as well. */
function withoutRole(reason: string): HttpAnswer {
  return problem('forbidden', `The token gives you no role in this service: ${reason}.`);
}

function forbidden(): HttpAnswer {
  return problem('forbidden', 'The token belongs to another tenant, or its role does not allow this.');
}

function versionMissing(): HttpAnswer {
  const detail = 'Send `If-Match` with the ETag that you read, or `*` to change any version.';
  return problem('precondition-required', detail);
}
