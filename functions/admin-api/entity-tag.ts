import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import type { HttpAnswer } from './problems.ts';
import { faulty, type Reading, read } from './reading.ts';
import type { Members, Route } from './route.ts';

const versioned = z.object({ version: z.union([z.int(), z.string()]) });

/** Returns the entity tag of an answer with a version, and undefined for any other answer. */
export function entityTag(answer: object): string | undefined {
  const reading = z.safeParse(versioned, answer);
  return reading.success ? `"${reading.data.version}"` : undefined;
}

/** A version that no item has. */
const NO_VERSION = -1;

/** The version, and after `~` the hash that an answer to a `GET` has. No version has `~`. */
const TAG = /^"([\x21\x23-\x7d]*)(?:~[\w-]{22})?"$/;

/**
 * Reads the version that the caller saw from `If-Match` (F50). The header holds one entity tag of an answer, or `*` for
 * a change of any version. It is required for a change of something that has a version.
 */
export function expectedVersion(
  header: string | undefined,
  { ifMatch }: Route,
): Reading<Members> | { readonly kind: 'missing' } {
  if (ifMatch === undefined) return read({});
  if (header === undefined || header.trim() === '') return { kind: 'missing' };
  if (header.trim() === '*') return read({});
  const [, tag] = TAG.exec(header.trim()) ?? [];
  if (tag === undefined) return faulty({ place: 'If-Match', text: 'must be one ETag of an answer, such as "7", or *' });
  const number = /^\d{1,15}$/.test(tag) ? Number(tag) : NO_VERSION;
  return read({ expectedVersion: ifMatch === 'text' ? tag : number });
}

/**
 * Adds a hash of the body to the entity tag of an answer to a `GET`, and returns 304 without a body if `If-None-Match`
 * has that tag. The part before the `~` is the version, so that one tag serves `If-Match` and `If-None-Match`.
 */
export function unlessUnchanged(event: APIGatewayProxyEventV2, answer: HttpAnswer): HttpAnswer {
  const { statusCode, headers = {}, body = '' } = answer;
  if (event.requestContext.http.method !== 'GET' || statusCode !== 200) return answer;
  const version = String(headers['etag'] ?? '').slice(1, -1);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const etag = `"${version}~${hash}"`;
  const { 'cache-control': caching = 'no-store' } = headers;
  if (!isNamed(etag, event.headers['if-none-match'])) return { ...answer, headers: { ...headers, etag } };
  return { statusCode: 304, headers: { 'cache-control': caching, etag } };
}

/** Returns whether `If-None-Match` names a tag, by the weak comparison of RFC 9110, 13.1.2. */
function isNamed(etag: string, header = ''): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
