import jszip from 'jszip';

/** One license of a file. Dates are calendar days, and `never` means that there is no last day. */
export type SampleLicense = {
  readonly serialNumber: string;
  readonly type: 'Floating' | 'Dedicated';
  readonly modules?: string;
  readonly access?: 'write' | 'read';
  readonly validFrom: string;
  readonly expiryDate: string;
};

export type SampleFile = {
  readonly customer: string;
  readonly issued: string;
  readonly licenses: readonly SampleLicense[];
};

/** Returns `count` licenses that differ only in their serial numbers, counted from `first` (`F1001`). */
export function licensesAlike(
  count: number,
  first: string,
  facts: Omit<SampleLicense, 'serialNumber'>,
): SampleLicense[] {
  const [, letters = '', digits = '1'] = /^(\D*)(\d+)$/.exec(first) ?? [];
  return Array.from({ length: count }, (_, index) => ({
    serialNumber: `${letters}${String(Number(digits) + index).padStart(digits.length, '0')}`,
    ...facts,
  }));
}

/** Returns a license file as the vendor sends it: a zip with one `license.xml`. */
export async function licenseZip(file: SampleFile): Promise<Uint8Array> {
  const zip = new jszip();
  zip.file('license.xml', licenseXml(file));
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
}

export function licenseXml({ customer, issued, licenses }: SampleFile): string {
  const elements = licenses.map(
    ({ serialNumber, type, modules = 'All modules', access = 'write', validFrom, expiryDate }) => `  <license>
    <serialNumber>${serialNumber}</serialNumber>
    <type>${type}</type>
    <modules>${modules}</modules>
    <access>${access}</access>
    <validFrom>${validFrom}</validFrom>
    <expiryDate>${expiryDate}</expiryDate>
    <customer>${customer}</customer>
  </license>
`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<licenses customer="${customer}" issued="${issued}">
${elements.join('')}</licenses>
`;
}
