/**
 * Returns a text as a part of a path. API Gateway decodes a path, cuts it at a `?`, and decodes it again, before
 * anybody sees it. So only a text of letters, digits and a few signs is written as it is, percent-encoded. Any other
 * text is written `~` and its base64url. The root folder, whose path is empty, is `~` alone.
 */
export function encodeSegment(text: string): string {
  return SAFE.test(text) ? encodeURIComponent(text) : `~${Buffer.from(text).toString('base64url')}`;
}

/** Without `.` and `..`, which mean a folder of the path itself and are removed by clients. */
const SAFE = /^(?!\.{1,2}$)[\p{L}\p{M}\p{N}._@+ -]+$/u;

/**
 * Returns the text of a decoded part of a path. Returns undefined for half a surrogate pair, and when what follows `~`
 * is not the base64url of a text.
 */
export function decodeSegment(part: string): string | undefined {
  if (!part.startsWith('~')) return part.isWellFormed() ? part : undefined;
  const encoded = part.slice(1);
  const text = Buffer.from(encoded, 'base64url').toString();
  return Buffer.from(text).toString('base64url') === encoded ? text : undefined;
}
