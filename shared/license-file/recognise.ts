import type { FaultCode } from './faults.ts';
/** The kind of a file, recognized by its first bytes: a code, words for a text, and advice that fits only this kind. */
export type Recognised = { code: FaultCode; what: string; advice?: string };

export const PRODUCT_LICENSE_TEXT =
  'This is a product license (product_license.xml), which is bound to a host and has no user licenses in it. It is installed on the ESM host, not imported here. Upload the zip with license.xml.';

/** What is said of a file of no known kind. */
export const UNKNOWN = 'not a zip or XML';

/** The bytes that are looked at. What stands behind them does not change the kind of a file. */
const START = 4096;

const AS_IT_IS = 'The file was changed on its way. Upload it as it is, as a binary file.';
export const IN_PARTS: Recognised = {
  code: 'zip-several-parts',
  what: 'one part of several of a zip archive',
  advice: 'Put the parts together, and make a zip that is one file.',
};
export const READ_AS_TEXT: Recognised = {
  code: 'zip-read-as-text',
  what: 'a zip archive that a program has read as text',
  advice: AS_IT_IS,
};
const BYTES_BEFORE: Recognised = {
  code: 'zip-bytes-before',
  what: 'a zip with bytes before it',
  advice: `Something was written in front of the archive. ${AS_IT_IS}`,
};
const ENCODED: Recognised = {
  code: 'encoded-file',
  what: 'a file that was encoded as text (base64, a data URL or the like)',
  advice: AS_IT_IS,
};
const FORM_BODY: Recognised = {
  code: 'form-body',
  what: 'the body of a web form or of another multipart request',
  advice: 'The form around the file was uploaded too. Upload the file alone, with PUT and without a form.',
};
const TRANSFER_FRAME: Recognised = {
  code: 'transfer-frame',
  what: 'a file in chunks (aws-chunked)',
  advice: 'The frame of the transfer was stored with the file. Upload the file with another program or without chunks.',
};
const HTTP_MESSAGE: Recognised = {
  code: 'http-message',
  what: 'a message with its headers (HTTP or MIME)',
  advice: 'The headers were stored with the file. Upload the file alone.',
};
const UTF_16: Recognised = { code: 'utf-16-text', what: 'text in the encoding UTF-16' };
const UTF_32: Recognised = { code: 'utf-32-text', what: 'text in the encoding UTF-32' };
const PROGRAM: Recognised = { code: 'program', what: 'a program, perhaps an archive that unpacks itself' };

const MAGIC: readonly (readonly [string, Recognised])[] = [
  ['PK\x03\x04', { code: 'zip-archive', what: 'a zip archive' }],
  ['PK\x05\x06', { code: 'zip-archive', what: 'an empty zip archive' }],
  ['PK\x07\x08', IN_PARTS],
  ['PK00PK\x03\x04', IN_PARTS],
  ['P\x00K\x00\x03\x00\x04\x00', READ_AS_TEXT],
  ['7z\xbc\xaf\x27\x1c', { code: '7z-archive', what: 'a 7z archive' }],
  ['Rar!\x1a\x07', { code: 'rar-archive', what: 'a RAR archive' }],
  ['\x1f\x8b\x08', { code: 'gzip-archive', what: 'a gzip archive' }],
  ['\xfd7zXZ\x00', { code: 'xz-archive', what: 'an xz archive' }],
  ['\x28\xb5\x2f\xfd', { code: 'zstd-archive', what: 'a Zstandard archive' }],
  ['MSCF\x00\x00\x00\x00', { code: 'cab-archive', what: 'a cabinet archive (CAB)' }],
  ['\x7fELF', PROGRAM],
  ['%PDF-', { code: 'pdf-document', what: 'a PDF document' }],
  ['{\\rtf', { code: 'rtf-document', what: 'a text document (RTF)' }],
  [
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    {
      code: 'compound-file',
      what: 'an old Office document, an Outlook message, or another compound file of Windows (such as Thumbs.db)',
    },
  ],
  ['\x89PNG\r\n\x1a\n', { code: 'picture', what: 'a picture' }],
  ['\xff\xd8\xff', { code: 'picture', what: 'a picture' }],
  [
    '\x00\x00\x00\x01Bud1',
    { code: 'macos-file', what: 'a file in which macOS keeps the layout of a folder (.DS_Store)' },
  ],
  [
    '\x00\x05\x16\x07',
    { code: 'macos-file', what: 'a file in which macOS keeps attributes of another (._ before its name)' },
  ],
  ['L\x00\x00\x00\x01\x14\x02\x00', { code: 'shortcut', what: 'a shortcut of Windows' }],
  ['\xff\xfe\x00\x00<\x00\x00\x00', UTF_32],
  ['\x00\x00\xfe\xff\x00\x00\x00<', UTF_32],
  ['<\x00\x00\x00', UTF_32],
  ['\x00\x00\x00<', UTF_32],
  ['<\x00', UTF_16],
  ['\x00<', UTF_16],
];

/** Returns the kind of a file, or undefined for a binary file that is not known. */
export function recognise(bytes: Buffer): Recognised | undefined {
  if (bytes.length === 0) return { code: 'empty-file', what: 'an empty file' };
  const start = bytes.toString('latin1', 0, START);
  const magic = MAGIC.find(([signature]) => start.startsWith(signature));
  if (magic !== undefined) return magic[1];
  if (start.startsWith('ustar', 257)) return { code: 'tar-archive', what: 'a tar archive' };
  if (/^BZh[1-9]1AY&SY/.test(start)) return { code: 'bzip2-archive', what: 'a bzip2 archive' };
  if (/^(?:\xff\xfe|\xfe\xff)/.test(start)) return recogniseUtf16(bytes.subarray(0, START));
  const text = start.replace(/^(?:\xef\xbb\xbf)+/, '').trimStart();
  const carrier = recogniseCarrier(text);
  if (carrier !== undefined) return carrier;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells a binary file from text
  const isBinary = /[\x00-\x08\x0e-\x1f]/.test(text);
  if (isBinary && text.startsWith('MZ')) return PROGRAM;
  if (hasZipInside(bytes, start)) return BYTES_BEFORE;
  const known = recogniseMarkup(text, start) ?? (isBinary ? undefined : recogniseText(text, bytes.length <= START));
  const unknownText: Recognised | undefined = isBinary ? undefined : { code: 'plain-text', what: UNKNOWN };
  return known ?? recogniseEndOfZip(bytes) ?? unknownText;
}

/** Recognizes a file by what programs put around it when they send it, or make of it. */
function recogniseCarrier(text: string): Recognised | undefined {
  // A text for old mail programs may stand before the first part. Headers of a mail have a colon.
  if (/^(?:[^\r\n:]{0,200}\r?\n){0,3}--[^\r\n]{1,200}\r?\n(?:Content-[\w-]{1,40}|MIME-Version):/i.test(text)) {
    return FORM_BODY;
  }
  if (/^(?:[\w.[\]%+-]{1,100}=[^&=\s]{0,200}&){0,20}[\w.[\]-]{1,100}=(?:%3C|%EF%BB%BF|PK%03)/i.test(text))
    return FORM_BODY;
  if (/^(?:HTTP\/[\d.]{1,3} \d{3}\b|(?:PUT|POST) \S{1,500} HTTP\/|Content-[\w-]{1,40}: )/i.test(text))
    return HTTP_MESSAGE;
  const chunk = /^[0-9a-f]{1,16}(;chunk-signature=[0-9a-f]{1,200})?\r\n/i.exec(text);
  if (chunk !== null && (chunk[1] !== undefined || beginsLikeAFile(text.slice(chunk[0].length)))) return TRANSFER_FRAME;
  if (/^data:(?:[\w.+-]{1,50}\/[\w.+-]{1,100}|;)[^\s]{0,200},/i.test(text)) return ENCODED;
  if (/^begin [0-7]{3,4} [^\r\n]{1,200}\r?\n.(?:4\$L#!|\/#\]X|\/&QI)/.test(text)) return ENCODED;
  if (/^b?["']?PK\\(?:x03\\x04|u0003\\u0004)/.test(text)) return ENCODED;
  // A license file as a string of JSON, with escaped line ends or quotes.
  if (/^"(?:\\ufeff)?(?:\\[nrt]| )*<(?:\?xml|!--|licenses\b)[^\r\n]*\\[nr"]/.test(text)) return ENCODED;
  const body = text.replace(
    /^(?:-----BEGIN [A-Z ]{1,40}-----|begin-base64 [^\r\n]{1,200}|[\w:/;+-]{0,80}base64,|[\w.[\]-]{1,100}=)\s*/,
    '',
  );
  const [written = ''] = /^[A-Za-z0-9+/_:,\s-]{8,400}/.exec(body.replace(/^["'`[{(]{1,3}/, '')) ?? [];
  const bytes = [
    Buffer.from(written, 'base64'),
    Buffer.from(written.replace(/0x|[\s:,-]/gi, ''), 'hex'),
    Buffer.from(written.split(/,\s*/, 100).map(Number)),
  ];
  return bytes.some((decoded) => beginsLikeAFile(decoded.toString('latin1'))) ? ENCODED : undefined;
}

/** Returns whether a text that was unpacked from another begins like a zip, a license file or a form. */
function beginsLikeAFile(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a zip begins with them
  return /^(?:PK\x03\x04|PK\x05\x06|(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|licenses\b)|--[^\r\n]{1,200}\r?\nContent-)/i.test(
    text,
  );
}

/** Recognizes text in UTF-16. Other files begin with these bytes too, so text that is not known is not called text. */
function recogniseUtf16(start: Buffer): Recognised | undefined {
  const text = new TextDecoder(start[0] === 0xfe ? 'utf-16be' : 'utf-16le').decode(start).trimStart();
  if (text.startsWith('PK\x03\x04')) return READ_AS_TEXT;
  return text.startsWith('<') ? UTF_16 : (recogniseCarrier(text) ?? recogniseText(text, false));
}

/** Returns whether a zip begins in the first bytes, or near the start of a file that ends like a zip. */
function hasZipInside(bytes: Buffer, start: string): boolean {
  const at = start.indexOf('PK\x03\x04');
  return at >= 0 && (at <= 64 || lastEndRecord(bytes) !== undefined);
}

/** Returns the end record of a zip if the file ends with one. */
function lastEndRecord(bytes: Buffer): Buffer | undefined {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const record = bytes.subarray(end);
  return end >= 0 && record.length >= 22 && record.readUInt16LE(20) === record.length - 22 ? record : undefined;
}

/** Recognizes a file that ends like a zip: by its end record something is missing before it, or was added. */
function recogniseEndOfZip(bytes: Buffer): Recognised | undefined {
  const record = lastEndRecord(bytes);
  if (record === undefined) return undefined;
  const missing = record.readUInt32LE(12) + record.readUInt32LE(16) - (bytes.length - record.length);
  if (record.readUInt16LE(4) !== 0 || missing > 0) return IN_PARTS;
  return missing < 0 ? BYTES_BEFORE : undefined;
}

function recogniseMarkup(text: string, start: string): Recognised | undefined {
  if (!/^<(?!\?(?:php|=))[A-Za-z_:\x80-\xff?!/]/.test(text)) return undefined;
  if (/^(?:<\?xml[^>]{0,200}\?>\s*|<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html[\s>])/i.test(text)) {
    return { code: 'html-page', what: 'an HTML page, perhaps a login page' };
  }
  if (start.startsWith('\xef\xbb\xbf\xef\xbb\xbf')) {
    return {
      code: 'byte-order-marks',
      what: 'XML with more than one byte order mark before it',
      advice: 'Save it as UTF-8 without a byte order mark, or get license.xml from the vendor.',
    };
  }
  return { code: 'xml-text', what: 'XML' };
}

function recogniseText(text: string, isWhole: boolean): Recognised | undefined {
  if (isJson(text, isWhole)) {
    const carriesFile = /"(?:data:[^"\s]{1,100},|UEsDB|PD94|PGxpY2Vuc2Vz|77u\/P)|\[\s*80,\s*75,\s*3,\s*4,/.test(text);
    return carriesFile ? ENCODED : { code: 'json-text', what: 'JSON' };
  }
  if (text.startsWith('[InternetShortcut]')) return { code: 'shortcut', what: 'a link to a web page' };
  if (/^\[[^\]\r\n]{1,200}\][ \t]*\r?\n\s*[^\r\n=]{1,200}=/.test(text)) {
    return { code: 'settings-file', what: 'a file of settings (INI), such as desktop.ini' };
  }
  if (/^[A-Z][\w-]{1,40}: [\s\S]*\n(?:MIME-Version|Message-ID): /i.test(`${text}\n`)) {
    return {
      code: 'mail-message',
      what: 'an e-mail message or a web page of a browser (MIME)',
      advice: 'Save the zip that is attached to the message, and upload that.',
    };
  }
  if (/<\?xml\s|<licenses\s/.test(text)) {
    return {
      code: 'xml-bytes-before',
      what: 'XML with other text before it',
      advice: 'Remove what stands before the first <, or get license.xml from the vendor.',
    };
  }
  return isTable(text, isWhole) ? { code: 'csv-table', what: 'a table (CSV)' } : undefined;
}

function isJson(text: string, isWhole: boolean): boolean {
  if (!/^[[{]/.test(text)) return false;
  if (/^(?:\{\s*"[^"\r\n]{0,200}"\s*:|\[\s*\{\s*"|\[\s*"[^"\r\n]{0,200}"\s*,)/.test(text)) return true;
  if (!isWhole) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns whether the first lines all have as many columns, at least three. A sentence with commas is not a table. */
function isTable(text: string, isWhole: boolean): boolean {
  const lines = text.trimEnd().split(/\r?\n/);
  const complete = (isWhole || lines.length === 1 ? lines : lines.slice(0, -1)).slice(0, 5);
  if (/[,;] |[&<>=]/.test(complete[0] ?? '')) return false;
  return [',', ';', '\t'].some((separator) => {
    const columns = complete.map((line) => line.split(separator).length);
    return columns.every((count) => count >= 3 && count === columns[0]);
  });
}
