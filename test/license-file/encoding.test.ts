import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { formatSignature, signedBytes } from '../../shared/license-file/signature.ts';
import { licenseXml } from '../fakes/license-file.ts';

const XML = licenseXml({ licenses: [{ modules: 'Käyttö' }] });
const declared = (encoding: string) => XML.replace('"UTF-8"', `"${encoding}"`);
const faultOf = async (bytes: Buffer) => {
  const reading = await readLicenseFile(bytes, 'license.xml');
  return 'faults' in reading ? reading.faults[0] : undefined;
};

describe('a file in another encoding', () => {
  it('is told which word to change and how to save', async () => {
    expect(await faultOf(Buffer.from(declared('ISO-8859-1'), 'latin1'))).toEqual({
      code: 'encoding',
      place: 'line 3',
      text: 'The file is not in the encoding UTF-8, but in ISO-8859-1. Change encoding="ISO-8859-1" in line 1 to encoding="UTF-8", and save the file in the encoding UTF-8, or ask the vendor for a file in UTF-8.',
    });
  });

  it('that was saved as UTF-8 since is only told which word to change', async () => {
    for (const encoding of ['ISO-8859-1', 'windows-1252', 'UTF-16']) {
      expect(await faultOf(Buffer.from(declared(encoding)))).toEqual({
        code: 'encoding',
        place: 'line 1',
        text: `Line 1 says encoding="${encoding}", but only UTF-8 is read, and the file is saved in it. Change encoding="${encoding}" in line 1 to encoding="UTF-8", or ask the vendor for a file in UTF-8.`,
      });
    }
  });

  it('without a declaration is only told how to save', async () => {
    const fault = await faultOf(Buffer.from(XML.slice(XML.indexOf('\n') + 1), 'latin1'));

    expect(fault?.text).toContain('Save the file in the encoding UTF-8, or ask the vendor');
    expect(fault?.text).not.toContain('line 1');
  });

  it.each([
    ['little endian', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big endian', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('in UTF-16, %s, is told both steps', async (_what, encode) => {
    expect((await faultOf(encode(declared('UTF-16'))))?.text).toContain(
      'Change encoding="UTF-16" in line 1 to encoding="UTF-8", and save the file in the encoding UTF-8',
    );
  });

  it('is only sent to the vendor where the tenant has public keys: a change would break the signature', async () => {
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
      expect(text).toContain('Ask the vendor for a file in UTF-8: a signed file must not be changed.');
      expect(text).not.toMatch(/change encoding|save the file/i);
    }
  });
});
