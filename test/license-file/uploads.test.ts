import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';

const folder = new URL('../fixtures/uploads/', import.meta.url);

async function read(file: string) {
  const bytes = readFileSync(fileURLToPath(new URL(file, folder)));
  return file.endsWith('.gz') ? readLicenseFile(gunzipSync(bytes), file.slice(0, -3)) : readLicenseFile(bytes, file);
}

describe('an upload that people really make', () => {
  it.each([
    ['winrar-unicode-path-folder.zip', 2],
    ['gmail-unicode-path-question-mark.zip', 2],
    ['unicode-path-stale-crc.zip', 2],
    ['windows-empty-zip64-extra.zip', 2],
    ['local-zip64-with-descriptor.zip', 2],
    ['macos-icon-cr.zip', 2],
    ['folder-entry-regular-mode.zip', 2],
    ['infozip-stdin-fifo.zip', 2],
    ['rezipped-on-windows.zip', 2],
    ['nbsp-customer.xml', 1],
    ['xmldsig-certificate.xml', 1],
    ['expiry-9999-12-31.xml', 1],
    ['java-cr-references.xml', 1],
    ['comment-with-angle-brackets.xml', 1],
    ['many-references-1500.xml.gz', 1_500],
  ])('is accepted: %s', async (file, licenses) => {
    const reading = await read(file);

    expect(reading.verdict === 'accept' ? reading.licenses.length : reading.faults).toBe(licenses);
  });

  it.each([
    ['onedrive-zip64-total-disks-0.zip', 'zip64', 'Upload license.xml itself'],
    ['form-body.zip', 'form-body', 'The form around the file was uploaded too'],
    ['form-body.xml', 'form-body', 'The form around the file was uploaded too'],
    ['base64.zip', 'encoded-file', 'changed on its way'],
    ['read-as-utf8.zip', 'zip-read-as-text', 'changed on its way'],
    ['crlf-before.zip', 'zip-bytes-before', 'a zip with bytes before it'],
    ['aws-chunked-framing.zip', 'transfer-frame', 'The frame of the transfer was stored with the file'],
    ['split-first-part.zip', 'zip-several-parts', 'one part of several'],
    ['zip-named.xml', 'zip-archive', 'Give it a name that ends in .zip'],
    ['desktop.ini', 'settings-file', 'a file of settings'],
    ['internet-shortcut.zip', 'shortcut', 'a link to a web page'],
    ['rtf.xml', 'rtf-document', 'a text document (RTF)'],
    ['two-boms.xml', 'byte-order-marks', 'more than one byte order mark'],
    ['file-with-directory-attribute.zip', 'zip-not-a-file', 'marked as a folder'],
    ['license-1-in-zip.zip', 'zip-no-license', 'name it license.xml, or upload the XML itself'],
    ['powershell-backslash-sibling.zip', 'zip-path', 'a backslash in the path'],
    ['utf8-flag-central-only.zip', 'zip-headers-differ', 'two headers that disagree'],
    [
      'utf16-as-received.xml',
      'utf-16-text',
      'Change encoding="utf-16" in line 1 to encoding="UTF-8", and save the file',
    ],
    ['utf16-saved-as-utf8.xml', 'encoding', 'Change encoding="utf-16" in line 1 to encoding="UTF-8" and nothing else'],
    ['latin1-saved-as-utf8.xml', 'encoding', 'Change encoding="ISO-8859-1" in line 1 to encoding="UTF-8" and nothing'],
    ['ascii-only-declared-latin1.xml', 'encoding', 'Change encoding="ISO-8859-1" in line 1 to encoding="UTF-8" and'],
    [
      'replacement-character-in-module.xml',
      'letter-lost',
      '"K[U+FFFD]ytt[U+FFFD]oikeudet": a letter of this value was lost (U+FFFD)',
    ],
    ['nbsp-all-modules.xml', 'modules-impossible', '"All[U+00A0]modules"'],
    ['nbsp-indentation.xml', 'stray-text', '"[U+00A0]'],
    ['xsi-nil-expiry.xml', 'value-empty', 'A license that does not expire says "never"'],
  ])('is refused with advice: %s', async (file, code, text) => {
    expect(await read(file)).toMatchObject({ faults: [{ code, text: expect.stringContaining(text) }] });
  });

  it('is refused with a fault for each day that has a time zone: xs-date-with-zone.xml', async () => {
    expect(await read('xs-date-with-zone.xml')).toMatchObject({
      faults: [
        { code: 'day-impossible', text: expect.stringContaining('"2026-01-15+02:00"') },
        { code: 'day-impossible', text: expect.stringContaining('"2027-01-14Z"') },
      ],
    });
  });
});
