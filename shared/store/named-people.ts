import * as z from 'zod/mini';
import { absent } from '../licensing/clause.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import type { Erasure } from './erasures.ts';
import { personNameKey } from './keys.ts';

/*
 * Records that last (entries of commands, reports of imports) keep a hash in place of a user's id, and one item tells who
 * that is. An erasure writes the pseudonym over that one item, so that no record has to be found or changed. Who bears an
 * erased name later has another hash.
 */

export function personHash(
  keyedHash: KeyedHash,
  tenant: string,
  user: string,
  erased: Erasure | undefined,
): Promise<string> {
  return keyedHash('person', tenant, user, erased?.erasedAt ?? '');
}

/** Tells who a hash is; refused where that is told already, perhaps by the pseudonym. */
export function nameWrite(tenant: string, hash: string, name: string): Write {
  return { put: { ...personNameKey(tenant, hash), name }, onlyIf: [absent('pk')] };
}

export function pseudonymWrite(tenant: string, hash: string, pseudonym: string): Write {
  return { put: { ...personNameKey(tenant, hash), name: pseudonym } };
}

const named = z.object({ name: z.string() });

export function nameOfItem(item: Item): string {
  return named.parse(item).name;
}

/** The names or pseudonyms of some hashes; a hash without an item is left out. */
export async function readNames(
  table: Table,
  tenant: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const once = [...new Set(hashes)];
  const items = await table.getMany(once.map((hash) => personNameKey(tenant, hash)));
  return new Map(
    once.flatMap((hash, index) => {
      const item = items[index];
      return item === undefined ? [] : [[hash, nameOfItem(item)]];
    }),
  );
}
