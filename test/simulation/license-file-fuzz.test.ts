import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asWritten, SERIAL_NUMBER, type WrittenLicense } from '../../shared/license-file/format.ts';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { buildZip, fileXml, licenseXml } from '../license-file/build-file.ts';
import { readMutants } from '../license-file/mutants.ts';

const serialNumber = fc.oneof(
  fc.stringMatching(SERIAL_NUMBER),
  fc.constantFrom(
    '00042',
    '42',
    '1e5',
    '0x10',
    '1E400',
    '0b1',
    '10.10',
    'true',
    'null',
    'undefined',
    'NaN',
    '__proto__'.slice(2),
  ),
);
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const oneLine = (maxLength: number) =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength })
    .filter((text) => text.trim() === text && text !== '' && !/[\p{Cc}\p{Cs}\u2028\u2029\ufffd-\uffff]/u.test(text));
const modules = fc.oneof(
  fc.constantFrom('All modules', 'CMDB', 'IT Processes'),
  oneLine(40).filter(
    (name) =>
      !/^all(modules)?$/i.test(
        name.normalize('NFKC').replace(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu, ''),
      ) && [...name].length <= 80,
  ),
);

const file = oneLine(60).chain((customer) => {
  const license = fc
    .record({
      serialNumber,
      type: fc.constantFrom('Floating', 'Dedicated'),
      modules,
      access: fc.constantFrom('write', 'read'),
      days: fc.tuple(day, fc.option(day, { nil: 'never' })),
    })
    .map(({ days: [first, last], ...rest }): WrittenLicense => {
      const ordered = last === 'never' ? [first, last] : [first, last].toSorted();
      return { ...rest, validFrom: ordered[0]!, expiryDate: ordered[1]!, customer };
    });
  return fc.record({
    customer: fc.constant(customer),
    issued: day,
    licenses: fc.uniqueArray(license, { minLength: 1, maxLength: 8, selector: (one) => one.serialNumber }),
  });
});

function write({
  customer,
  issued,
  licenses,
}: {
  customer: string;
  issued: string;
  licenses: readonly WrittenLicense[];
}): string {
  const attribute = customer.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return fileXml(
    licenses.map((license) => licenseXml(license)),
    `customer="${attribute}" issued="${issued}"`,
  );
}

describe('whatever the file', () => {
  it('a valid file is read exactly as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.boolean(), async (content, stored) => {
        const zip = buildZip([{ name: 'in/license.xml', data: write(content), stored }]);

        const reading = await readLicenseFile(zip, 'upload.zip');

        if (reading.verdict !== 'accept') throw new Error(JSON.stringify(reading));
        expect({ customer: reading.customer, issued: reading.issued }).toEqual({
          customer: content.customer,
          issued: content.issued,
        });
        expect(reading.licenses.map((license) => asWritten(license, reading.customer))).toEqual(content.licenses);
      }),
      { numRuns: 300 },
    );
  });

  it('any bytes get a verdict', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('a.zip', 'a.xml'),
        fc.constantFrom('', 'PK\x03\x04', '<licenses>'),
        async (bytes, name, start) => {
          const reading = await readLicenseFile(Buffer.concat([Buffer.from(start, 'latin1'), bytes]), name);

          expect(reading.verdict).toMatch(/^reject:/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('5,000 mutants of the published cases bring no throw, no hang and no invented serial number', async () => {
    const run = await readMutants(5000, 20260115);

    expect(run.findings).toEqual([]);
    expect(run.accepted).toBeGreaterThan(20);
  }, 60_000);
});
