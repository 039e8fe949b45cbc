import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { asRead } from '../licensing/clause.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Key, Table, Write } from '../platform/ports/table.ts';
import { erasureKey } from './keys.ts';

const erasure = z.object({ pseudonym: z.string(), erasedAt: z.string() });

/** The mark of an erased user: when they were erased, and the pseudonym that replaces them in the history. */
export type Erasure = z.infer<typeof erasure>;

/** The place of a user's mark and its content. `found` is undefined if the user was never erased. */
export type FoundErasure = {
  readonly key: Key;
  readonly found: Erasure | undefined;
  /** The key of a mark by an earlier version of the service, under a digest that can be guessed. */
  readonly oldKey: Key | undefined;
};

type ErasureDeps = { readonly table: Table; readonly keyedHash: KeyedHash };

/** Reads the marks of some users, in their order. */
export async function readErasures(
  { table, keyedHash }: ErasureDeps,
  tenantId: string,
  users: readonly string[],
): Promise<readonly FoundErasure[]> {
  return Promise.all(
    users.map(async (user) => {
      const key = erasureKey(tenantId, await keyedHash('erased', tenantId, user));
      const oldKey = erasureKey(tenantId, unkeyedDigest(tenantId, user));
      const [mark, oldMark] = await table.getMany([key, oldKey]);
      const found = mark ?? oldMark;
      return {
        key,
        found: found === undefined ? undefined : erasure.parse(found),
        oldKey: mark === undefined && oldMark !== undefined ? oldKey : undefined,
      };
    }),
  );
}

/**
 * Returns the writes that mark a user as erased and delete a mark under a digest that can be guessed. They are refused
 * when a concurrent erasure has marked the user.
 */
export function erasureWrites({ key, found, oldKey }: FoundErasure, mark: Erasure): readonly Write[] {
  const before = oldKey === undefined ? found?.erasedAt : undefined;
  return [
    { put: { ...key, ...mark }, onlyIf: [asRead('erasedAt', before)] },
    ...(oldKey === undefined ? [] : [{ delete: oldKey }]),
  ];
}

function unkeyedDigest(tenantId: string, user: string): string {
  return createHash('sha256').update(`${tenantId}\n${user}`).digest('hex');
}
