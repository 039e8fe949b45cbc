import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { formatSignature, signedBytes } from '../../shared/license-file/signature.ts';
import { licenseXml } from '../fakes/license-file.ts';

const XML = licenseXml({ licenses: [{ modules: 'Käyttö' }] });
const declared = (encoding: string) => XML.replace('"UTF-8"', `"${encoding}"`);
const utf32 = (text: string) => Buffer.from(new Uint32Array([...text].map((letter) => letter.codePointAt(0)!)).buffer);
const faultOf = async (bytes: Buffer) => {
  const reading = await readLicenseFile(bytes, 'license.xml');
  return 'faults' in reading ? reading.faults[0] : undefined;
};

describe('a file in another encoding', () => {
  it('gets advice which word to change and how to save', async () => {
    expect(await faultOf(Buffer.from(declared('ISO-8859-1'), 'latin1'))).toEqual({
      code: 'encoding',
      place: 'line 3',
      text: 'The file is not in UTF-8, and line 1 says encoding="ISO-8859-1". Change encoding="ISO-8859-1" in line 1 to encoding="UTF-8", and save the file in the encoding UTF-8, or ask the vendor for a file in UTF-8.',
    });
  });

  it('that was saved as UTF-8 since only gets advice which word to change', async () => {
    for (const encoding of ['ISO-8859-1', 'windows-1252', 'UTF-16']) {
      expect(await faultOf(Buffer.from(declared(encoding)))).toEqual({
        code: 'encoding',
        place: 'line 1',
        text: `The file is saved in UTF-8, but line 1 says encoding="${encoding}". Change encoding="${encoding}" in line 1 to encoding="UTF-8" and nothing else, or ask the vendor for a file in UTF-8.`,
      });
    }
  });

  it('without a declaration only gets advice how to save', async () => {
    const fault = await faultOf(Buffer.from(XML.slice(XML.indexOf('\n') + 1), 'latin1'));

    expect(fault?.text).toContain('save it in the encoding UTF-8, or ask the vendor');
    expect(fault?.text).not.toContain('line 1');
  });

  it.each([
    ['little endian', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big endian', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['without a byte order mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-32', (text: string) => utf32(`\ufeff${text}`)],
    ['UTF-32, big endian', (text: string) => utf32(`\ufeff${text}`).swap32()],
    ['UTF-32 without a byte order mark', (text: string) => utf32(text)],
  ])('in UTF-16 or UTF-32, %s, is told both steps', async (_what, encode) => {
    expect((await faultOf(encode(declared('UTF-16'))))?.text).toContain(
      'Change encoding="UTF-16" in line 1 to encoding="UTF-8", and save the file in the encoding UTF-8',
    );
  });

  it('gets the line and the word as they are in the file', async () => {
    const xml = XML.replace('<?xml version="1.0" encoding="UTF-8"', "<?xml version='1.0'\r\n  encoding = 'ISO-8859-1'");

    expect(await faultOf(Buffer.from(xml))).toMatchObject({
      place: 'line 2',
      text: expect.stringContaining(`Change encoding = 'ISO-8859-1' in line 2 to encoding="UTF-8"`),
    });
  });

  it.each(['\n', '\r\n', '\r'])('gets the line in which the word begins, after line ends like %j', async (end) => {
    const word = `encoding${end}=${end}"ISO-8859-1"`;
    const xml = XML.replaceAll('\n', end).replace(' encoding="UTF-8"', `${end}${end}${word}`);

    expect(await faultOf(Buffer.from(xml))).toMatchObject({ place: 'line 3' });
    expect((await faultOf(Buffer.from(xml, 'latin1')))?.text).toContain('and line 3 says');
    expect((await faultOf(Buffer.from(`\ufeff${xml}`, 'utf16le')))?.text).toContain('in line 3 to encoding="UTF-8"');
  });

  it.each([
    ['ISO-8859-1', (text: string) => Buffer.from(text, 'latin1')],
    ['windows-1252', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['utf8', (text: string) => Buffer.from(text)],
    ['US-ASCII', (text: string) => Buffer.from(text)],
    ['utf-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16LE', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-32', (text: string) => utf32(text)],
    ['UTF-8', (text: string) => Buffer.from(text, 'latin1')],
    [' UTF-8', (text: string) => Buffer.from(text)],
    ['', (text: string) => Buffer.from(text)],
  ])('%j is accepted after what the text says was done once', async (encoding, encode) => {
    const xml = declared(encoding);
    const { text = '' } = (await faultOf(encode(xml))) ?? {};
    const [, word, line] = /[Cc]hange (.*) in line (\d+) to encoding="UTF-8"/.exec(text) ?? [];
    const saysSave = /save (?:it|the file) in the encoding UTF-8/.test(text);

    const lines = xml.split('\n');
    if (word !== undefined) lines[Number(line) - 1] = lines[Number(line) - 1]!.replace(word, 'encoding="UTF-8"');
    const changed = lines.join('\n');

    expect(text).toContain('or ask the vendor');
    expect(await readLicenseFile(saysSave ? Buffer.from(changed) : encode(changed), 'license.xml')).toMatchObject({
      verdict: 'accept',
      licenses: [{ modules: 'Käyttö' }],
    });
  });

  it.each([200, 5_000])('is found when %d blanks stand before it', async (blanks) => {
    const xml = XML.replace(' encoding="UTF-8"', `${' '.repeat(blanks)} encoding="ISO-8859-1"`);

    expect((await faultOf(Buffer.from(xml)))?.text).toContain('line 1 says encoding="ISO-8859-1"');
  });

  it.each([
    ['in the content', XML.replace('Käyttö', 'a encoding="x"')],
    ['in a comment at the beginning', `<!-- <?xml encoding="x"?> -->${XML.slice(XML.indexOf('?>') + 2)}`],
    ['in a comment', XML.replace('?>', '?><!-- <?xml encoding="x"?> -->')],
    ['in an instruction', XML.replace('?>', '?><?xml-model encoding="x"?>')],
    ['in small letters', declared('utf-8')],
  ])('is not seen in a word %s', async (_what, xml) => {
    expect(await faultOf(Buffer.from(xml))).toBeUndefined();
  });

  it('gets only the advice to ask the vendor if the tenant has public keys, because a change would break the signature', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const bytes of [
      Buffer.from(declared('ISO-8859-1'), 'latin1'),
      Buffer.from(declared('ISO-8859-1')),
      Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le'),
    ]) {
      const signature = formatSignature('k1', sign(null, signedBytes('acme', bytes), privateKey));
      const authenticity = { tenant: 'acme', publicKeys: new Map([['k1', pem]]), signature };

      const reading = await readLicenseFile(bytes, 'license.xml', authenticity);

      const text = 'faults' in reading ? reading.faults[0]?.text : '';
      expect(text).toContain('Ask the vendor for a file in UTF-8, since a signed file must not be changed.');
      expect(text).not.toMatch(/change encoding|save the file/i);
    }
  });
});
