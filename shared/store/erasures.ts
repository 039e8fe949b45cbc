import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { asRead } from '../licensing/clause.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Key, Table, Write } from '../platform/ports/table.ts';
import { erasureKey } from './keys.ts';

const erasure = z.object({ pseudonym: z.string(), erasedAt: z.string() });

/** That a user was erased, until when, and under which name their past goes on. */
export type Erasure = z.infer<typeof erasure>;

/** Where a user's mark is, and what stands there; `found` undefined: the user was never erased. */
export type FoundErasure = {
  readonly key: Key;
  readonly found: Erasure | undefined;
  /** Where an earlier version of the service wrote it, under a digest that can be guessed. */
  readonly oldKey: Key | undefined;
};

type ErasureDeps = { readonly table: Table; readonly keyedHash: KeyedHash };

/** The marks of some users, in their order. */
export async function readErasures(
  { table, keyedHash }: ErasureDeps,
  tenant: string,
  users: readonly string[],
): Promise<readonly FoundErasure[]> {
  return Promise.all(
    users.map(async (user) => {
      const key = erasureKey(tenant, await keyedHash('erased', tenant, user));
      const oldKey = erasureKey(tenant, unkeyedDigest(tenant, user));
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

/** Marks a user as erased; refused when somebody else did meanwhile. The mark that can be guessed goes. */
export function erasureWrites({ key, found, oldKey }: FoundErasure, mark: Erasure): readonly Write[] {
  const before = oldKey === undefined ? found?.erasedAt : undefined;
  return [
    { put: { ...key, ...mark }, onlyIf: [asRead('erasedAt', before)] },
    ...(oldKey === undefined ? [] : [{ delete: oldKey }]),
  ];
}

function unkeyedDigest(tenant: string, user: string): string {
  return createHash('sha256').update(`${tenant}\n${user}`).digest('hex');
}
