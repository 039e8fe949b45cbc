/**
 * API Gateway decodes a path before anybody sees it, so that `%2F` and `/` are the same there. A text that could be
 * mistaken is written `~` and its base64url; the root folder, which is no text at all, is `~` alone.
 */
export function encodeSegment(text: string): string {
  return SAFE.test(text) ? encodeURIComponent(text) : `~${Buffer.from(text).toString('base64url')}`;
}

/** Not the parts that mean a folder of the path itself, which clients take out. */
const SAFE = /^(?!\.{1,2}$)[^~/\\%\p{Cc}\p{Cs}][^/\\%\p{Cc}\p{Cs}]*$/u;

/** The text of a decoded part of a path; undefined when what follows `~` is no base64url of a text. */
export function decodeSegment(part: string): string | undefined {
  if (!part.startsWith('~')) return part;
  const encoded = part.slice(1);
  const text = Buffer.from(encoded, 'base64url').toString();
  return Buffer.from(text).toString('base64url') === encoded ? text : undefined;
}
