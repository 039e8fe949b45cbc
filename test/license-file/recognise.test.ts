import { describe, expect, it } from 'vitest';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { recognise } from '../../shared/license-file/recognise.ts';
import { buildZip, fileXml } from './build-file.ts';

const xml = fileXml();
const zip = buildZip([{ name: 'license.xml', data: `${xml}<!-- åäö ÅÄÖ -->` }]);
const zipText = zip.toString('latin1');
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const base64 = zip.toString('base64');
const wrapped = base64.replace(/.{64}/g, '$&\r\n');

async function faultOf(bytes: Buffer | string, name: string): Promise<{ code: string; text: string } | undefined> {
  const reading = await readLicenseFile(Buffer.from(bytes), name);
  return reading.verdict === 'accept' ? undefined : reading.faults[0];
}

describe('what programs put around a file or make of it is named, with the name of a zip and of XML', () => {
  const form = '------WebKitFormBoundaryX\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n';
  const chunk = `${zip.length.toString(16)};chunk-signature=${'a'.repeat(64)}\r\n`;
  const carried: Record<string, [string, Buffer | string]> = {
    'a form with a zip': ['form-body', latin1(`${form}${zipText}`)],
    'a form with XML and line feeds': [
      'form-body',
      `--b\nContent-Type: text/xml\nContent-Disposition: form-data\n\n${xml}`,
    ],
    'a form behind a blank line': ['form-body', latin1(`\r\n--b\r\ncontent-disposition: form-data\r\n\r\n${zipText}`)],
    'a multipart request': ['form-body', `--uuid:1\r\nContent-ID: <a>\r\n\r\n${xml}`],
    'an encoded form with XML': ['form-body', `file=${encodeURIComponent(xml)}`],
    'a form behind a text for old mail programs': [
      'form-body',
      latin1(`This is a multi-part message in MIME format.\r\n\r\n${form}${zipText}`),
    ],
    'an encoded form with XML in its second field': ['form-body', `name=a+b&file=${encodeURIComponent(xml)}`],
    'XML as a string of JSON': ['encoded-file', JSON.stringify(`\n${xml}`)],
    'an encoded form with a zip': ['form-body', 'data[file]=PK%03%04%14'],
    'signed chunks with a zip': ['transfer-frame', latin1(`${chunk}${zipText}\r\n0;chunk-signature=b\r\n\r\n`)],
    'signed chunks with XML': ['transfer-frame', `${chunk}${xml}`],
    'unsigned chunks with a zip': [
      'transfer-frame',
      latin1(`1f0\r\n${zipText}\r\n0\r\nx-amz-checksum-crc32:A==\r\n\r\n`),
    ],
    'unsigned chunks with XML': ['transfer-frame', `1F0\r\n\ufeff${xml}`],
    'an HTTP response': ['http-message', `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n${xml}`],
    'an HTTP request': ['http-message', latin1(`PUT /a?b HTTP/1.1\r\nHost: a\r\n\r\n${zipText}`)],
    'a part of a MIME message': ['http-message', `Content-Transfer-Encoding: base64\r\n\r\n${base64}`],
    'base64 of a form': ['encoded-file', latin1(`${form}${zipText}`).toString('base64')],
    'base64 of a zip': ['encoded-file', base64],
    'base64 of XML': ['encoded-file', Buffer.from(xml).toString('base64')],
    'base64 of XML with a byte order mark': ['encoded-file', Buffer.from(`\ufeff${xml}`).toString('base64')],
    'base64 of XML without a declaration': ['encoded-file', Buffer.from('<licenses customer="a"/>').toString('base64')],
    'base64 for addresses': ['encoded-file', zip.toString('base64url')],
    'base64 in lines': ['encoded-file', wrapped],
    'base64 behind a key': ['encoded-file', `license=${base64}`],
    'base64 in quotes': ['encoded-file', `"${base64}"`],
    'base64 in UTF-16 (PowerShell)': ['encoded-file', Buffer.from(`\ufeff${base64}`, 'utf16le')],
    'base64 of certutil': [
      'encoded-file',
      `-----BEGIN CERTIFICATE-----\r\n${wrapped}\r\n-----END CERTIFICATE-----\r\n`,
    ],
    'base64 in JSON': ['encoded-file', JSON.stringify({ isBase64Encoded: true, body: base64 })],
    'a data URL of a zip': ['encoded-file', `data:application/x-zip-compressed;base64,${base64}`],
    'a data URL without a type': ['encoded-file', `data:;base64,${base64}`],
    'a data URL of XML': ['encoded-file', `data:text/xml;charset=utf-8,${encodeURIComponent(xml)}`],
    'a cut data URL': ['encoded-file', `application/zip;base64,${base64}`],
    uuencode: ['encoded-file', 'begin 644 license.zip\nM4$L#!!0    (\n'],
    'hexadecimal digits': ['encoded-file', zip.toString('hex')],
    'hexadecimal numbers': [
      'encoded-file',
      [...zip].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '),
    ],
    'bytes as numbers': ['encoded-file', [...zip].join(',')],
    'bytes as JSON': ['encoded-file', JSON.stringify(zip)],
    'bytes as a literal': ['encoded-file', "b'PK\\x03\\x04\\x14\\x00'"],
    'a zip behind a line end': ['zip-bytes-before', latin1(`\r\n${zipText}`)],
    'a zip behind a byte order mark': ['zip-bytes-before', latin1(`\xef\xbb\xbf${zipText}`)],
    'a zip behind a warning': ['zip-bytes-before', latin1(`<br />\n<b>Warning</b>: ${'x'.repeat(500)}\n${zipText}`)],
    'a zip behind other bytes': ['zip-bytes-before', latin1(`\x01${'x'.repeat(9000)}${zipText}`)],
    'a zip in UTF-16': ['zip-read-as-text', Buffer.from(`\ufeff${zipText}`, 'utf16le')],
    'a zip in UTF-16 without a mark': ['zip-read-as-text', Buffer.from(zipText, 'utf16le')],
    'the first part of a split zip': ['zip-several-parts', latin1(`PK\x07\x08${zipText}`)],
    'a zip that was to be split': ['zip-several-parts', latin1(`PK00${zipText}`)],
    'the last part of a zip, of text': [
      'zip-several-parts',
      latin1(`text${zipText.slice(zipText.indexOf('PK\x05\x06'))}`),
    ],
    'the last part of a zip': ['zip-several-parts', zip.subarray(100)],
    'an e-mail message': ['mail-message', `From: vendor\nMIME-Version: 1.0\n\n${base64}`],
  };
  it.each(Object.entries(carried))('%s', async (_title, [code, bytes]) => {
    for (const name of ['upload.zip', 'license.xml']) {
      const fault = await faultOf(bytes, name);
      expect([name, fault?.code, fault?.text]).toEqual([name, code, expect.stringMatching(/[Uu]pload|Put the parts/)]);
    }
    expect(await faultOf(buildZip([{ name: 'license.xml', data: Buffer.from(bytes) }]), 'a.zip')).toMatchObject({
      code,
    });
  });
});

describe('a zip that was changed on its way says so', () => {
  const read = (text: string) => Buffer.from(text);
  it.each([
    ['read as UTF-8', read(zip.toString('utf8'))],
    ['read as Latin-1', read(zipText)],
    ['read as UTF-8, bytes that are no letter left out', read(zip.toString('utf8').replaceAll('\ufffd', ''))],
    ['read as ASCII', latin1(zipText.replaceAll(/[\x80-\xff]/g, '?'))],
  ])('%s', async (_title, bytes) => {
    for (const name of ['upload.zip', 'license.xml']) {
      expect(await faultOf(bytes, name)).toMatchObject({
        code: 'zip-read-as-text',
        text: expect.stringContaining('changed on its way'),
      });
    }
  });

  it('sent in text mode', async () => {
    const sound = buildZip([{ name: 'license.xml', both: { crc: 0x0a0a0a0a } }]);
    const sent = latin1(sound.toString('latin1').replaceAll('\n', '\r\n'));

    expect(await faultOf(sound, 'upload.zip')).toMatchObject({ code: 'zip-crc' });
    expect(await faultOf(sent, 'upload.zip')).toMatchObject({ code: 'zip-read-as-text' });
  });

  it.each([
    ['cut off', zip.subarray(0, -5), 'zip-cut'],
    ['with a changed byte', latin1(zipText.replace('PK\x01\x02', 'PK\x01\x03')), 'zip-directory-damaged'],
    [
      'of text, and cut off',
      buildZip([{ name: 'a.txt', stored: true, data: 'a', both: { crc: 1 } }]).subarray(0, -1),
      'zip-cut',
    ],
    [
      'of text, and without a license file',
      buildZip([{ name: 'ä.txt', stored: true, data: 'a', both: { crc: 1 } }]),
      'zip-no-license',
    ],
  ])('but is not recognized if it is %s', async (_title, bytes, code) => {
    expect(await faultOf(bytes, 'upload.zip')).toMatchObject({ code });
  });
});

describe('files of other kinds are named', () => {
  it.each([
    ['7z-archive', '7z\xbc\xaf\x27\x1c\0'],
    ['rar-archive', 'Rar!\x1a\x07\x01\0'],
    ['gzip-archive', '\x1f\x8b\x08\0'],
    ['xz-archive', '\xfd7zXZ\0'],
    ['zstd-archive', '\x28\xb5\x2f\xfd'],
    ['bzip2-archive', 'BZh91AY&SY'],
    ['cab-archive', 'MSCF\0\0\0\0'],
    ['tar-archive', `license.xml${'\0'.repeat(246)}ustar`],
    ['program', 'MZ\x90\0\x03\0'],
    ['program', '\x7fELF\x02'],
    ['pdf-document', '%PDF-1.7'],
    ['rtf-document', '{\\rtf1\\ansi <licenses>}'],
    ['compound-file', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
    ['picture', '\x89PNG\r\n\x1a\n'],
    ['picture', '\xff\xd8\xff\xe0'],
    ['macos-file', '\0\0\0\x01Bud1'],
    ['macos-file', '\0\x05\x16\x07\0\x02'],
    ['shortcut', 'L\0\0\0\x01\x14\x02\0'],
    ['shortcut', '[InternetShortcut]\r\nURL=https://a.invalid\r\n'],
    ['settings-file', '[.ShellClassInfo]\r\nIconResource=x,1\r\n'],
    ['settings-file', '[{BE098140-A513-11D0-A3A4-00C04FD706EC}]\r\nA=1\r\n'],
    ['json-text', '{"licenses":[]}'],
    ['json-text', '{\n  "a": 1'],
    ['json-text', '[{"a":1}'],
    ['json-text', '["a","b"'],
    ['json-text', '[1, 2]'],
    ['json-text', '{}'],
    ['csv-table', 'serialNumber;type;modules\r\nA1;Floating;CMDB\r\n'],
    ['csv-table', 'a\tb\tc\n1\t2\t3'],
    ['html-page', '<!DOCTYPE html><html>'],
    ['html-page', '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "a">'],
    ['html-page', '<!-- saved from url=(1)a -->\n<html>'],
    ['xml-bytes-before', 'Here is your file:\n<?xml version="1.0"?><licenses/>'],
    ['xml-bytes-before', '```xml\n<licenses customer="acme">'],
    ['byte-order-marks', '\xef\xbb\xbf\xef\xbb\xbf<licenses/>'],
    ['xml-text', '\xef\xbb\xbf\n<licenses/>'],
  ])('%s: %j', (code, text) => {
    expect(recognise(latin1(text))?.code).toBe(code);
  });

  it.each([
    'Hello',
    '{not JSON}',
    '[not JSON]\nHello',
    '[[table]]\nx = 1',
    '{"a',
    'Dear admin, please, see this.\nRegards, vendor, inc',
    'Hello, dear, friend',
    '&lt;?xml version="1.0"?&gt;',
    'a;b;c\n1;2\n',
    'a,b\n1,2\n',
    'data: one, two',
    'begin 2026 with licenses\nMore',
    'MZ is no program',
    'BZh is no archive',
    '-- a comment\nSELECT 1',
    '<<<<<<< HEAD',
    '<?php echo 1;',
    '< 5',
    'Contents: none',
    '\ufeffPK-yritykset',
    'PK00PK',
    'abc\r\nPK',
    'UEsD is not enough',
    '%PDx',
    'Rar! is no archive',
    'From: the vendor\nTo: the administrator',
  ])('text of an unknown kind is not given a name: %j', async (text) => {
    expect(await faultOf(text, 'upload.zip')).toEqual({
      code: 'plain-text',
      place: 'file',
      text: 'This is not a zip or XML. Upload the zip with license.xml that you got from the vendor, or license.xml itself.',
    });
  });

  it.each(['\x01\x02\x03', '\xff\xfe\x01\x02', '\xd0\xcf\x11\xe0', '\0'.repeat(100), '\x01PK\x05\x06', '\x1f\x8b\x01'])(
    'a binary file of an unknown kind is not given a name: %j',
    async (text) => {
      const what = { text: expect.stringMatching(/^This is not a zip or XML\./) };
      expect(await faultOf(latin1(text), 'upload.zip')).toMatchObject({ code: 'not-a-zip', ...what });
      expect(await faultOf(latin1(text), 'license.xml')).toMatchObject({ code: 'binary-file', ...what });
    },
  );
});

it.each(['license.z02', 'license.zip.002', 'LICENSE.Z12'])(
  'a part between the first and the last: %s',
  async (name) => {
    expect(await faultOf('\x01\x02', name)).toMatchObject({ code: 'zip-several-parts' });
  },
);

it.each(['license.z', 'license.002', 'license.zip'])('but not under another name: %s', async (name) => {
  expect(await faultOf('\x01\x02', name)).toMatchObject({ code: 'not-a-zip' });
});

describe('the advice fits the name', () => {
  it.each([
    [zip, 'license.xml', 'This is a zip archive. Give it a name that ends in .zip.'],
    [xml, 'license.zip', 'This is XML. Give it a name that ends in .xml.'],
    [
      buildZip([{ name: 'license.xml', data: zip }]),
      'a.zip',
      'This is a zip archive. Unpack it, and upload what is in it.',
    ],
    [
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
      'license.zip',
      'This is XML. Upload the zip with license.xml that you got from the vendor, or license.xml itself.',
    ],
    [zip.subarray(0, 200), 'a.zip.001', expect.stringContaining('is one part of several')],
  ])('%#', async (bytes, name, text) => {
    expect(await faultOf(bytes, name)).toMatchObject({ text });
  });
});
