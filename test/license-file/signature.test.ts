import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { checkSignature, formatSignature, signedBytes } from '../../shared/license-file/signature.ts';
import { buildZip, fileXml } from './build-file.ts';

function newKey(): { privateKey: KeyObject; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

const vendor = newKey();
const next = newKey();
const publicKeys = new Map([
  ['2026', vendor.pem],
  ['2027', next.pem],
]);
const xml = Buffer.from(fileXml());
const acme = { tenant: 'acme', publicKeys };

function signFor(
  tenant: string,
  { privateKey }: { privateKey: KeyObject },
  keyId: string,
  bytes: Uint8Array = xml,
): string {
  return formatSignature(keyId, sign(null, signedBytes(tenant, bytes), privateKey));
}

describe('the signature of a license file', () => {
  it('matches any key of the tenant', () => {
    expect(checkSignature(xml, signFor('acme', vendor, '2026'), acme)).toEqual({ outcome: 'signed', keyId: '2026' });
    expect(checkSignature(xml, signFor('acme', next, '2027'), acme)).toEqual({ outcome: 'signed', keyId: '2027' });
  });

  it('may have beside it another one by an unknown key, and notes', () => {
    const text = `# by the vendor\r\n\r\n${signFor('acme', newKey(), '2028')}${signFor('acme', vendor, '2026')}`;

    expect(checkSignature(xml, text, acme)).toEqual({ outcome: 'signed', keyId: '2026' });
  });

  it('is not needed if the tenant has no keys', () => {
    expect(checkSignature(xml, undefined, { tenant: 'acme', publicKeys: new Map() })).toEqual({
      outcome: 'not-required',
    });
  });

  it.each([
    ['is missing', undefined, 'unsigned'],
    ['is empty', '\n# none\n', 'unsigned'],
    ['is no signature', 'hello', 'unreadable'],
    ['is cut', signFor('acme', vendor, '2026').slice(0, 60), 'unreadable'],
    ['has a line beside it that is none', `${signFor('acme', vendor, '2026')}x`, 'unreadable'],
    ['comes nine times', signFor('acme', vendor, '2026').repeat(9), 'unreadable'],
    ['is by an unknown key', signFor('acme', vendor, '2025'), 'unknown-key'],
    ['is by another key than it says', signFor('acme', next, '2026'), 'wrong'],
    ['was made for another tenant', signFor('globex', vendor, '2026'), 'wrong'],
    [
      'was made for a tenant whose name runs into the file',
      signFor(`acme\0${String(xml)}`, vendor, '2026', Buffer.from('')),
      'wrong',
    ],
    ['is over other bytes', signFor('acme', vendor, '2026', Buffer.from(`${fileXml()} `)), 'wrong'],
    ['is over the bytes without a context', formatSignature('2026', sign(null, xml, vendor.privateKey)), 'wrong'],
  ])('refuses the file when it %s', (_title, text, outcome) => {
    expect(checkSignature(xml, text, acme)).toEqual({ outcome });
  });

  it('refuses a key of another kind', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = new Map([['2026', publicKey.export({ type: 'spki', format: 'pem' }).toString()]]);

    expect(() => checkSignature(xml, signFor('acme', vendor, '2026'), { tenant: 'acme', publicKeys: keys })).toThrow(
      'Ed25519',
    );
  });
});

describe('a tenant with keys', () => {
  const signature = signFor('acme', vendor, '2026');
  const zipWith = (data: string | Buffer, text: string) =>
    buildZip([
      { name: 'license.xml', data },
      { name: 'license.xml.sig', data: text },
    ]);

  it('accepts a file that is signed in the zip or by the metadata of a bare file', async () => {
    expect(await readLicenseFile(zipWith(xml, signature), 'a.zip', acme)).toMatchObject({
      verdict: 'accept',
      keyId: '2026',
    });
    expect(await readLicenseFile(xml, 'license.xml', { ...acme, signature })).toMatchObject({
      verdict: 'accept',
      keyId: '2026',
    });
  });

  it('refuses a file that is not signed, or changed by one blank, before reading it', async () => {
    const refused = (code: string) => ({ verdict: 'reject:xml', faults: [{ code, place: 'signature' }] });

    expect(await readLicenseFile(xml, 'license.xml', acme)).toMatchObject(refused('signature-unsigned'));
    expect(await readLicenseFile(zipWith(`${fileXml()} `, signature), 'a.zip', acme)).toMatchObject(
      refused('signature-wrong'),
    );
    expect(await readLicenseFile(Buffer.from('not XML at all'), 'license.xml', { ...acme, signature })).toMatchObject(
      refused('signature-wrong'),
    );
  });

  it('refuses a zip with another signature, whatever the metadata say', async () => {
    const reading = await readLicenseFile(zipWith(xml, signFor('globex', vendor, '2026')), 'a.zip', {
      ...acme,
      signature,
    });

    expect(reading).toMatchObject({ verdict: 'reject:xml', faults: [{ code: 'signature-wrong' }] });
  });
});
