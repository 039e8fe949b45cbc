/** Letters, digits, blanks and a few signs, but not `.` and `..`. Any other text is written `~` and its base64url. */
const SAFE = /^(?!\.{1,2}$)[\p{L}\p{M}\p{N}._@+ -]+$/u;

/** Returns a text as a part of a path, by the rule of the API. The addresses of the console follow the same rule. */
export function encodeSegment(text: string): string {
  if (SAFE.test(text)) return encodeURIComponent(text);
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
  return `~${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** Returns the text of a decoded part of a path. A part that is not base64url after its `~` stands for itself. */
export function decodeSegment(part: string): string {
  if (!part.startsWith('~')) return part;
  try {
    const bytes = atob(part.slice(1).replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return part;
  }
}
