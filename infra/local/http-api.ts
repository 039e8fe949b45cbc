import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { type Answer, json } from './http.ts';
import { matchRoute, type Route, type RouteMatch } from './http-api-routes.ts';
import type { Lambdas } from './lambda-endpoint.ts';
import { ACCOUNT } from './template.ts';

/** The result of an authorizer: the claims for the event, or the response that refuses the request. */
export type Authorization = { readonly claims: Readonly<Record<string, string>> } | { readonly refusal: Answer };

export type HttpApiParts = {
  readonly routes: readonly Route[];
  readonly lambdas: Pick<Lambdas, 'find' | 'invoke'>;
  readonly now: () => number;
  /** The authorizer, for routes that have one. */
  readonly authorize: (authorizer: string, request: IncomingMessage) => Promise<Authorization>;
};

const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Serves an HTTP API as API Gateway does: finds the route, invokes its function with payload 2.0, and returns the
 * function's response.
 */
export async function answerHttpApi(parts: HttpApiParts, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const path = decodedAsAwsDoes(pathname);
  if (path === undefined) return message(400, 'Bad Request');
  const match = matchRoute(parts.routes, request.method ?? 'GET', path);
  const lambda = match && parts.lambdas.find(match.route.functionArn);
  if (match === undefined || lambda === undefined) return message(404, 'Not Found');
  if (body.byteLength > MOST_BYTES) return message(413, 'Request Entity Too Large');
  const { authorizer } = match.route;
  const authorization = authorizer === undefined ? undefined : await parts.authorize(authorizer, request);
  if (authorization !== undefined && 'refusal' in authorization) return authorization.refusal;
  const event = eventOf(request, body, { path, search, match, now: parts.now(), claims: authorization?.claims });
  const result = await parts.lambdas.invoke(lambda, JSON.stringify(event));
  return result.ok ? answerOf(result.payload) : message(500, 'Internal Server Error');
}

const message = (status: number, text: string) => json(status, { message: text });

/**
 * Returns the path that API Gateway shows to a function: decoded, cut at a `?`, and decoded a second time. Returns
 * undefined for a path that cannot be decoded.
 */
export function decodedAsAwsDoes(path: string): string | undefined {
  try {
    const [decoded = ''] = decodeURIComponent(path).split('?');
    return decodeURIComponent(decoded);
  } catch {
    return undefined;
  }
}

type Told = {
  readonly path: string;
  readonly search: string;
  readonly match: RouteMatch;
  readonly now: number;
  readonly claims: Readonly<Record<string, string>> | undefined;
};

/**
 * Builds the event. HTTP APIs decode the path (also `rawPath`), leave the query as it came, and join headers of one
 * name.
 */
function eventOf(request: IncomingMessage, body: Buffer, told: Told): APIGatewayProxyEventV2 {
  const { path, search, match, now, claims } = told;
  const { cookie, ...headers } = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
  );
  const isText = TEXT.test(headers['content-type'] ?? '');
  const query = queryOf(search);
  const { key } = match.route;
  const requestContext = {
    accountId: ACCOUNT,
    apiId: 'local',
    domainName: headers['host'] ?? '',
    domainPrefix: 'local',
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: '127.0.0.1',
      userAgent: headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey: key,
    stage: '$default',
    time: commonLogTime(now),
    timeEpoch: now,
    ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
  };
  return {
    version: '2.0',
    routeKey: key,
    rawPath: path,
    rawQueryString: search.slice(1),
    ...(cookie && { cookies: cookie.split('; ') }),
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1', ...headers },
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext,
    ...(body.byteLength > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    isBase64Encoded: body.byteLength > 0 && !isText,
  };
}

/**
 * The types of bodies that are text, as others measured on AWS. A form and a body without a type are not among them.
 */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/i;

function queryOf(search: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = query[name];
    query[name] = before === undefined ? value : `${before},${value}`;
  }
  return query;
}

/** `12/Mar/2026:19:03:58 +0000` */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

const structuredAnswer = z.object({
  statusCode: z.coerce.number(),
  headers: z.nullish(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.nullish(z.array(z.string())),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
});

/** A result with a `statusCode` is a structured response. Every other result is the body of a 200. */
function answerOf(payload: string): Answer {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const reading = structuredAnswer.safeParse(result);
  if (!reading.success) return message(500, 'Internal Server Error');
  const { statusCode, headers, cookies, body, isBase64Encoded } = reading.data;
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: {
      ...(body && { 'content-type': 'text/plain;charset=UTF-8' }),
      ...Object.fromEntries(named),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}
