const ENCODED_WORD = /=\?utf-8\?([bq])\?([^? ]*)\?=(?:\s+(?==\?))?/gi;

/**
 * Returns a value of an object's metadata as text. Metadata are ASCII. Other characters are encoded words (RFC 2047:
 * `=?UTF-8?B?S8Okc2k=?=`), as S3 itself returns them.
 */
export function metadataText(value: string): string {
  return value.replaceAll(ENCODED_WORD, (_, encoding: string, text: string) =>
    encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : quotedPrintable(text),
  );
}

function quotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * Returns a text as a value of an object's metadata: unchanged if it is printable ASCII, otherwise as an encoded word.
 */
export function metadataValue(text: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && text.trim() === text;
  return isPlain ? text : `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
