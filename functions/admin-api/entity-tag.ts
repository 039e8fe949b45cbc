import * as z from 'zod/mini';
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

const TAG = /^"([\x21\x23-\x7e]*)"$/;

/**
 * Reads the version that the caller saw from `If-Match` (F50). The header holds one entity tag of an answer, or `*` for a
 * change of any version. It is required for a change of something that has a version.
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
