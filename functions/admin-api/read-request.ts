import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { type AdministerRequest, administerRequest } from '../../shared/administration/administer-request.ts';
import { hasUnusableText, UNUSABLE_TEXT } from '../../shared/platform/usable-text.ts';
import { faultOf, faultText, type RequestFault } from '../../shared/platform/validation.ts';
import type { Caller } from './caller.ts';
import { commandSchema } from './command-schema.ts';
import type { Found } from './find-route.ts';
import type { JsonSchema } from './json-schema.ts';
import { listOf, openedCursor } from './list-cursor.ts';
import { decodeSegment } from './path-segment.ts';
import type { Reading } from './reading.ts';
import type { Members, Route } from './route.ts';

/** The body as it was sent; empty without one. */
export function bodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

export type ReadRequest = {
  readonly request: AdministerRequest;
  /** Names the list that the request asks for a page of. */
  readonly list: string;
};

/**
 * The command that a request asks for: path, query and body give its members, the version comes from `If-Match`, and the
 * command's own schema has the last word. A name that the route does not know is a fault.
 */
export function readRequest(
  event: APIGatewayProxyEventV2,
  { route, variables }: Found,
  { actor }: Pick<Caller, 'actor'>,
  expectedVersion: Members,
): Reading<ReadRequest> {
  const { tenant } = variables;
  const path = pathMembers(variables);
  const query = queryMembers(event.rawQueryString, route);
  const body = bodyMembers(bodyOf(event), route);
  const faults = [path, query, body].flatMap((part) => ('faults' in part ? part.faults : []));
  if ('faults' in path || 'faults' in query || 'faults' in body) return { faults };
  const given = { ...body.value, ...query.value, ...path.value };
  const list = listOf(route, tenant, given);
  const cursor = openedCursor(given, list);
  if ('faults' in cursor) return cursor;
  const members = route.toCommand?.({ ...given, ...cursor.value, tenant }) ?? { ...given, ...cursor.value };
  const request = { ...members, ...expectedVersion, tenant, actor, command: route.command };
  const reading = z.safeParse(administerRequest, request, { error: faultText });
  return reading.success ? { value: { request: reading.data, list } } : { faults: reading.error.issues.map(faultOf) };
}

function pathMembers({ tenant: _, ...variables }: Found['variables']): Reading<Members> {
  const faults: RequestFault[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(variables)) {
    const text = decodeSegment(part);
    if (text === undefined) faults.push({ place: name, text: 'must be base64url of UTF-8 after `~`' });
    value[name] = text;
  }
  return faults.length > 0 ? { faults } : { value };
}

function queryMembers(query: string, { query: known, command }: Route): Reading<Members> {
  const { properties } = commandSchema(command);
  const faults: RequestFault[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(query)) {
    if (!known.includes(name)) faults.push({ place: name, text: 'is no parameter of this path' });
    else if (Object.hasOwn(value, name)) faults.push({ place: name, text: 'is given twice' });
    else value[name] = queryValue(properties[name], text);
  }
  return faults.length > 0 ? { faults } : { value };
}

/** Returns the number or the truth value that a parameter's schema expects; any other text as it is. */
function queryValue(schema: JsonSchema | undefined, text: string): unknown {
  if (isNumeric(schema) && NUMBER.test(text)) return Number(text);
  return schema?.type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}

const NUMBER = /^-?\d{1,15}$/;

/** A number, or one of some numbers. */
function isNumeric(schema: JsonSchema | undefined): boolean {
  const { type, anyOf = [] } = schema ?? {};
  return type === 'integer' || type === 'number' || anyOf.some(isNumeric);
}

function bodyMembers(text: string, { body: known }: Route): Reading<Members> {
  const parsed = text === '' ? { value: {} } : parse(text);
  if ('faults' in parsed) return parsed;
  if (typeof known === 'string') return { value: { [known]: parsed.value } };
  const unknown = Object.keys(parsed.value).filter((name) => !known.includes(name));
  if (unknown.length === 0) return parsed;
  return { faults: [{ place: 'body', text: `has members that nobody knows: ${unknown.join(', ')}` }] };
}

/** Not a record of zod's, which leaves out a member called `__proto__` without a word. */
const anObject = z.custom<Members>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

function parse(text: string): Reading<Members> {
  try {
    const given: unknown = JSON.parse(text);
    if (hasUnusableText(given)) return { faults: [{ place: 'body', text: UNUSABLE_TEXT }] };
    const reading = z.safeParse(anObject, given);
    if (reading.success) return { value: reading.data };
  } catch {
    return { faults: [{ place: 'body', text: 'must be JSON' }] };
  }
  return { faults: [{ place: 'body', text: 'must be an object' }] };
}
