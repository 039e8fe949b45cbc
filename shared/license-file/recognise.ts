/** The kind of a file, recognized by its first bytes: a code, and words for a text. */
export type Recognised = { code: string; what: string };

export const PRODUCT_LICENSE_TEXT =
  'This is a product license (product_license.xml), which is bound to a host and has no user licenses in it. It is installed on the ESM host, not imported here. Upload the zip with license.xml.';

const MAGIC: readonly (readonly [string, Recognised])[] = [
  ['PK\x03\x04', { code: 'zip-archive', what: 'a zip archive' }],
  ['PK\x05\x06', { code: 'zip-archive', what: 'an empty zip archive' }],
  ['\xef\xbb\xbfPK', { code: 'zip-bytes-before', what: 'a zip archive that a text program has changed' }],
  ['7z\xbc\xaf\x27\x1c', { code: '7z-archive', what: 'a 7z archive' }],
  ['Rar!', { code: 'rar-archive', what: 'a RAR archive' }],
  ['\x1f\x8b', { code: 'gzip-archive', what: 'a gzip archive' }],
  ['%PDF', { code: 'pdf-document', what: 'a PDF document' }],
  ['\xd0\xcf\x11\xe0', { code: 'office-document', what: 'an Office document' }],
  ['\xff\xfe', { code: 'utf-16-text', what: 'text in the encoding UTF-16' }],
  ['\xfe\xff', { code: 'utf-16-text', what: 'text in the encoding UTF-16' }],
  ['<\x00', { code: 'utf-16-text', what: 'text in the encoding UTF-16' }],
  ['\x00<', { code: 'utf-16-text', what: 'text in the encoding UTF-16' }],
];

/** Returns the kind of a file, or undefined for an unknown binary file. */
export function recognise(bytes: Buffer): Recognised | undefined {
  if (bytes.length === 0) return { code: 'empty-file', what: 'an empty file' };
  const start = bytes.toString('latin1', 0, 4096);
  const magic = MAGIC.find(([signature]) => start.startsWith(signature));
  if (magic !== undefined) return magic[1];
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<!doctype\s+html|^<html[\s>]/i.test(text))
    return { code: 'html-page', what: 'an HTML page, perhaps a login page' };
  if (text.startsWith('<')) return { code: 'xml-text', what: 'XML' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells a binary file from text
  if (/[\x00-\x08\x0e-\x1f]/.test(text)) return undefined;
  if (/^[[{]/.test(text)) return { code: 'json-text', what: 'JSON' };
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  if (!firstLine.includes('<') && /[^,;\t]+([,;\t])[^,;\t]*\1/.test(firstLine)) {
    return { code: 'csv-table', what: 'a table (CSV)' };
  }
  return { code: 'plain-text', what: 'plain text' };
}
