import { createHmac } from 'node:crypto';

/**
 * Hex digits that stand for texts about a person: the same for the same texts, and found by nobody who guesses the texts
 * but has not got the stage's key (HMAC-SHA-256).
 */
export type KeyedHash = (...parts: readonly string[]) => Promise<string>;

/** The key is read when the first hash is asked for, and then kept; a read that failed is made again. */
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
