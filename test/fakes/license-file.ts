import JSZip from 'jszip';

export type FileFacts = {
  readonly customer?: string;
  readonly issued?: string;
  readonly licenses?: readonly RowFacts[];
};

export type RowFacts = {
  readonly serialNumber?: string;
  readonly type?: string;
  readonly modules?: string;
  readonly access?: string;
  readonly validFrom?: string;
  readonly expiryDate?: string;
};

/** The text of a license.xml; only what a test names differs from one floating write license for all modules. */
export function licenseXml({ customer = 'acme', issued = '2026-01-15', licenses = [{}] }: FileFacts = {}): string {
  const rows = licenses.map((row) => {
    const values = {
      serialNumber: 'A1000001',
      type: 'Floating',
      modules: 'All modules',
      access: 'write',
      validFrom: '2026-01-15',
      expiryDate: '2027-01-14',
      customer,
      ...row,
    };
    const elements = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
    return `<license>${elements.join('')}</license>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<licenses customer="${customer}" issued="${issued}">\n${rows.join('\n')}\n</licenses>\n`;
}

/** A zip with a license.xml, and what else is given. */
export async function licenseZip(
  facts: FileFacts = {},
  others: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const zip = new JSZip();
  const date = new Date(Date.UTC(2026, 0, 15));
  for (const [name, text] of Object.entries({ 'license.xml': licenseXml(facts), ...others })) {
    zip.file(name, text, { date });
  }
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
}
