import * as z from 'zod/mini';
import { absent } from '../licensing/clause.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import type { Erasure } from './erasures.ts';
import { personNameKey } from './keys.ts';

/*
 * Lasting records (entries of commands, reports of imports) hold a hash in place of a user's id, and one item gives the
 * person's name for the hash. An erasure overwrites that one item with the pseudonym, so no record has to be found or
 * changed. A later user with the name of an erased one gets another hash.
 */

/** Returns the hash that stands for a user in lasting records. `erased` is the mark of an earlier user of that name. */
export function personHash(
  keyedHash: KeyedHash,
  tenantId: string,
  user: string,
  erased: Erasure | undefined,
): Promise<string> {
  return keyedHash('person', tenantId, user, erased?.erasedAt ?? '');
}

/** Returns the write that stores the name of a hash. It is refused when a name or a pseudonym is stored already. */
export function nameWrite(tenantId: string, hash: string, name: string): Write {
  return { put: { ...personNameKey(tenantId, hash), name }, onlyIf: [absent('pk')] };
}

/** Returns the write that replaces the name of a hash by a pseudonym (R47). */
export function pseudonymWrite(tenantId: string, hash: string, pseudonym: string): Write {
  return { put: { ...personNameKey(tenantId, hash), name: pseudonym } };
}

const named = z.object({ name: z.string() });

function nameOfItem(item: Item): string {
  return named.parse(item).name;
}

/** Reads the names or pseudonyms of some hashes. The result leaves out hashes without a name. */
export async function readNames(
  table: Table,
  tenantId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const once = [...new Set(hashes)];
  const items = await table.getMany(once.map((hash) => personNameKey(tenantId, hash)));
  return new Map(
    once.flatMap((hash, index) => {
      const item = items[index];
      return item === undefined ? [] : [[hash, nameOfItem(item)]];
    }),
  );
}
