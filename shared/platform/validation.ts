import type { MiddlewareObj } from '@middy/core';
import * as z from 'zod/mini';
import { instantOf } from '../licensing/time.ts';
import { hasUnusableText, UNUSABLE_TEXT } from './usable-text.ts';

/** The answer to a caller's mistake: a stable code, and what to do. */
export type ErrorAnswer<Code extends string = string> = {
  readonly error: { readonly code: Code; readonly message: string; readonly [detail: string]: unknown };
};

const MAX_ID_BYTES = 200;

/** A tenant's id. */
export const tenantId = z
  .string()
  .check(z.regex(/^[a-z0-9-]{1,40}$/, 'must be 1 to 40 of the characters a-z, 0-9 and -'));

/** The id of a user or a session: any text of up to 200 bytes, as the identity provider gives it. */
export const providerId = z.string().check(
  z.minLength(1, 'must not be empty'),
  z.refine((id) => Buffer.byteLength(id) <= MAX_ID_BYTES, `must be at most ${MAX_ID_BYTES} bytes`),
  z.refine((id) => id.isWellFormed(), 'must be well-formed text'),
);

const FIRST_INSTANT = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');
const NOT_AN_INSTANT = 'must be an instant such as 2026-03-02T08:15:32.159Z';

/**
 * Reads an instant with any offset and converts it to UTC with milliseconds. The year in UTC must have four digits,
 * since instants are compared as text.
 */
export const instant = z.pipe(
  z.iso.datetime({ offset: true, error: NOT_AN_INSTANT, abort: true }).check(
    z.refine((text) => {
      const time = Date.parse(text);
      return time >= FIRST_INSTANT && time <= LAST_INSTANT;
    }, NOT_AN_INSTANT),
  ),
  z.transform((text) => instantOf(Date.parse(text))),
);

/**
 * Reads the event with a schema before the handler sees it. Returns `invalid-request` for an event that does not fit.
 */
export function decoded<Event>(schema: z.ZodMiniType<Event>): MiddlewareObj<Event, unknown> {
  return {
    before: (request) => {
      if (hasUnusableText(request.event)) {
        return invalidRequest([{ place: 'request', text: UNUSABLE_TEXT }]);
      }
      const reading = z.safeParse(schema, request.event, { error: faultText });
      if (!reading.success) return invalidRequest(reading.error.issues.map(faultOf));
      request.event = reading.data;
      return undefined;
    },
  };
}

export type RequestFault = { readonly place: string; readonly text: string };

/** Returns the answer `invalid-request` with the faults of a request. */
export function invalidRequest(faults: readonly RequestFault[]): ErrorAnswer<'invalid-request'> {
  const message = faults.map(({ place, text }) => `${place}: ${text}`).join('; ');
  return { error: { code: 'invalid-request', message, faults } };
}

/** Returns what to do about a value that does not fit, if its schema has no text of its own. */
export function faultText(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return Array.isArray(issue['options']) ? `must be one of ${issue['options'].join(', ')}` : 'does not fit';
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join(', ');
    case 'unrecognized_keys':
      return `has unknown members: ${issue.keys.join(', ')}`;
    default:
      return 'does not fit';
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** Converts an issue of zod to a fault: the path of the field, or `request` for the request as a whole, and a text. */
export function faultOf(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): RequestFault {
  return { place: issue.path.map(String).join('.') || 'request', text: issue.message };
}
