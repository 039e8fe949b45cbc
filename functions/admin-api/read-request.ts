import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { type AdministerRequest, administerRequest } from '../../shared/administration/administer-request.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { hasUnusableText, UNUSABLE_TEXT } from '../../shared/platform/usable-text.ts';
import { faultOf, faultText, type RequestFault } from '../../shared/platform/validation.ts';
import type { Caller } from './caller.ts';
import { commandSchema } from './command-schema.ts';
import type { Found } from './find-route.ts';
import type { JsonSchema } from './json-schema.ts';
import { nameList, openCursor } from './list-cursor.ts';
import { decodeSegment } from './path-segment.ts';
import { faulty, type Reading, read } from './reading.ts';
import { type Members, memberOf, type Route } from './route.ts';

/** Returns the body as text. It is empty when there is no body. */
export function readBody({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

export type ReadRequest = {
  readonly request: AdministerRequest;
  /** The name of the list of which the request asks for a page. */
  readonly list: string;
};

/**
 * Reads the command that a request asks for. Its members come from the path, the query and the body, and its version
 * from `If-Match`. The command's own schema decides whether they are valid. A name that the route does not know is a
 * fault.
 */
export function readRequest(
  event: APIGatewayProxyEventV2,
  { route, variables }: Found,
  caller: Caller,
  expectedVersion: Members,
): Reading<ReadRequest> {
  const { tenant } = variables;
  const path = pathMembers(variables);
  const query = queryMembers(event.rawQueryString, route);
  const body = bodyMembers(readBody(event), route);
  if (path.kind === 'faulty' || query.kind === 'faulty' || body.kind === 'faulty') {
    return faulty(...[path, query, body].flatMap((part) => (part.kind === 'faulty' ? part.faults : [])));
  }
  const given = { ...body.value, ...query.value, ...path.value };
  const list = nameList(route, tenant, given);
  const cursor = openCursor(given, list);
  if (cursor.kind === 'faulty') return cursor;
  const members = route.toCommand?.({ ...given, ...cursor.value, tenant }) ?? { ...given, ...cursor.value };
  const known = defined({ tenant, ...route.fromCaller?.(caller), actor: caller.actor, command: route.command });
  const request = { ...members, ...expectedVersion, ...known };
  const reading = z.safeParse(administerRequest, request, { error: faultText });
  return reading.success ? read({ request: reading.data, list }) : faulty(...reading.error.issues.map(faultOf));
}

function pathMembers({ tenant: _, ...variables }: Found['variables']): Reading<Members> {
  const faults: RequestFault[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(variables)) {
    const text = decodeSegment(part);
    if (text === undefined) faults.push({ place: name, text: 'must be well-formed text, or `~` and its base64url' });
    value[name] = text;
  }
  return faults.length > 0 ? faulty(...faults) : read(value);
}

function queryMembers(query: string, { query: known, command }: Route): Reading<Members> {
  const { properties } = commandSchema(command);
  const faults: RequestFault[] = [];
  const value: Record<string, unknown> = {};
  for (const [name, text] of new URLSearchParams(query)) {
    if (!known.includes(name)) faults.push({ place: name, text: 'is not a parameter of this path' });
    else if (Object.hasOwn(value, memberOf(name))) faults.push({ place: name, text: 'is given twice' });
    else value[memberOf(name)] = queryValue(properties[memberOf(name)], text);
  }
  return faults.length > 0 ? faulty(...faults) : read(value);
}

/** Converts a parameter to the number or boolean that its schema expects. Returns any other text as it is. */
function queryValue(schema: JsonSchema | undefined, text: string): unknown {
  if (isNumeric(schema) && NUMBER.test(text)) return Number(text);
  return schema?.type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}

const NUMBER = /^-?\d{1,15}$/;

/** Returns whether a schema expects a number, or one of several numbers. */
function isNumeric(schema: JsonSchema | undefined): boolean {
  const { type, anyOf = [] } = schema ?? {};
  return type === 'integer' || type === 'number' || anyOf.some(isNumeric);
}

function bodyMembers(text: string, { body: known }: Route): Reading<Members> {
  const parsed = text === '' ? read({}) : parse(text);
  if (parsed.kind === 'faulty') return parsed;
  if (typeof known === 'string') return read({ [known]: parsed.value });
  const unknown = Object.keys(parsed.value).filter((name) => !known.includes(name));
  if (unknown.length === 0) return parsed;
  return faulty({ place: 'body', text: `has unknown members: ${unknown.join(', ')}` });
}

/** A record of zod would silently drop a member called `__proto__`. */
const anObject = z.custom<Members>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

function parse(text: string): Reading<Members> {
  try {
    const given: unknown = JSON.parse(text);
    if (hasUnusableText(given)) return faulty({ place: 'body', text: UNUSABLE_TEXT });
    const reading = z.safeParse(anObject, given);
    if (reading.success) return read(reading.data);
  } catch {
    return faulty({ place: 'body', text: 'must be JSON' });
  }
  return faulty({ place: 'body', text: 'must be an object' });
}
