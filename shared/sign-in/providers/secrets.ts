import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Returns whether the text is one of the accepted ones, in constant time. If none is accepted, returns false. */
export function isOneOf(given: string | undefined, accepted: readonly string[] | undefined): boolean {
  const digest = sha256(given ?? '');
  let fits = false;
  for (const each of accepted ?? []) {
    if (timingSafeEqual(digest, sha256(each)) && each !== '') fits = true;
  }
  return fits && given !== undefined;
}

/** Returns whether the bytes are the HMAC-SHA256 of `content` with one of the keys. An empty key never fits. */
export function isSignedWith(keys: readonly Uint8Array[], content: string, signatures: readonly Uint8Array[]): boolean {
  let fits = false;
  for (const key of keys) {
    if (key.length === 0) continue;
    const expected = createHmac('sha256', key).update(content, 'utf8').digest();
    for (const signature of signatures) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) fits = true;
    }
  }
  return fits;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
