import * as z from 'zod/mini';
import type { Reading } from './reading.ts';
import type { Members, Route } from './route.ts';

const versioned = z.object({ version: z.union([z.int(), z.string()]) });

/** The entity tag of an answer that tells a version. */
export function entityTag(answer: object): string | undefined {
  const reading = z.safeParse(versioned, answer);
  return reading.success ? `"${reading.data.version}"` : undefined;
}

/** No item has it. */
const NO_VERSION = -1;

const TAG = /^"([\x21\x23-\x7e]*)"$/;

/**
 * The version that the caller saw, from `If-Match` (F50): one entity tag as an answer gave it, or `*` of who wants the
 * change whatever the version is. A change of a versioned thing demands one of the two.
 */
export function expectedVersion(header: string | undefined, { ifMatch }: Route): Reading<Members> | 'missing' {
  if (ifMatch === undefined) return { value: {} };
  if (header === undefined || header.trim() === '') return 'missing';
  if (header.trim() === '*') return { value: {} };
  const [, tag] = TAG.exec(header.trim()) ?? [];
  if (tag === undefined) {
    return { faults: [{ place: 'If-Match', text: 'must be one ETag of an answer, such as "7", or *' }] };
  }
  const number = /^\d{1,15}$/.test(tag) ? Number(tag) : NO_VERSION;
  return { value: { expectedVersion: ifMatch === 'text' ? tag : number } };
}
