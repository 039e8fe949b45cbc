import { createHmac } from 'node:crypto';

/**
 * Returns hex digits that stand for texts about a person (HMAC-SHA-256). Equal texts give equal digits. Guessing the
 * texts does not help without the stage's key.
 */
export type KeyedHash = (...parts: readonly string[]) => Promise<string>;

/**
 * Returns a keyed hash. It reads the key for the first hash and keeps it. A read that failed is retried at the next
 * hash.
 */
export function keyedHash(readKey: () => Promise<string>): KeyedHash {
  let key: Promise<string> | undefined;
  const read = (): Promise<string> => {
    key ??= readKey().catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    return key;
  };
  return async (...parts) =>
    createHmac('sha256', await read())
      .update(JSON.stringify(parts))
      .digest('hex');
}
