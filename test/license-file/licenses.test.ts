import { describe, expect, it } from 'vitest';
import type { FileFault } from '../../shared/license-file/faults.ts';
import { type LicenseFileReading, readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { buildZip, escapeXml, fileXml, type LICENSE, licenseXml } from './build-file.ts';

function read(xml: string | Buffer, name = 'license.xml'): Promise<LicenseFileReading> {
  return readLicenseFile(Buffer.from(xml), name);
}

async function accepted(xml: string) {
  const reading = await read(xml);
  if (reading.verdict !== 'accept') throw new Error(JSON.stringify(reading));
  return reading;
}

async function faultsOf(xml: string | Buffer, name?: string): Promise<readonly FileFault[]> {
  const reading = await read(xml, name);
  return reading.verdict === 'accept' ? [] : reading.faults;
}

async function codesOf(xml: string | Buffer, name?: string): Promise<string> {
  const reading = await read(xml, name);
  return reading.verdict === 'accept'
    ? 'accept'
    : `${reading.verdict} ${reading.faults.map(({ code }) => code).join(' ')}`;
}

describe('an accepted file', () => {
  it('is read into the service’s words', async () => {
    const xml = fileXml([
      licenseXml(),
      licenseXml({ serialNumber: '00042', type: 'Dedicated', modules: 'CMDB', access: 'read', expiryDate: 'never' }),
    ]);

    expect(await accepted(xml)).toEqual({
      verdict: 'accept',
      customer: 'acme',
      issued: '2026-01-15',
      licenses: [
        {
          serialNumber: 'A1000001',
          type: 'floating',
          modules: 'all',
          access: 'write',
          validFrom: '2026-01-15',
          expiresOn: '2027-01-14',
        },
        { serialNumber: '00042', type: 'dedicated', modules: 'CMDB', access: 'read', validFrom: '2026-01-15' },
      ],
      ignored: [],
      xml: Buffer.from(xml),
    });
  });

  it('keeps the exact bytes of license.xml, and the signature that lies beside it', async () => {
    const data = Buffer.concat([Buffer.from('\ufeff'), Buffer.from(fileXml().replaceAll('\n', '\r\n'))]);
    const zip = buildZip([
      { name: 'a/license.xml.sig', data: 'other' },
      { name: 'b/License.xml', data },
      { name: 'b/license.xml.sig', data: 'ed25519 …' },
    ]);

    const reading = await readLicenseFile(zip, 'upload.zip');

    expect(reading).toMatchObject({ verdict: 'accept', signature: Buffer.from('ed25519 …').toString('latin1') });
    expect(reading.verdict === 'accept' && Buffer.from(reading.xml).equals(data)).toBe(true);
  });

  it('may have unknown elements, which are ignored and listed once', async () => {
    const extra = '<edition note="x">E<type>Dedicated</type></edition>';
    const xml = fileXml(
      ['<contact>Maija</contact>', licenseXml({}, extra), licenseXml({ serialNumber: 'A2' }, extra)]
        .join('')
        .replaceAll('<access>', '<access level="1">'),
      'customer="acme" issued="2026-01-15" version="2"',
    );

    expect((await accepted(xml)).ignored).toEqual([
      'licenses/@version',
      'licenses/contact',
      'licenses/license/access/@level',
      'licenses/license/edition',
    ]);
  });

  it.each(['00042', '1e5', '0x10', '10.10', 'true', 'null', 'NaN', '1_0', '123456789012345678901', 'A'.repeat(64)])(
    'keeps the serial number %s as it is',
    async (serialNumber) => {
      expect((await accepted(fileXml(licenseXml({ serialNumber })))).licenses[0]?.serialNumber).toBe(serialNumber);
    },
  );

  it.each([
    ['A1<![CDATA[ ]]>2', 'reject:schema serial-number-impossible'],
    ['A1 <![CDATA[00]]> 2', 'reject:schema serial-number-impossible'],
    ['A1<!-- -->2', 'accept'],
    ['A1<?pi?>2', 'accept'],
    ['<?pi a>b?>A12', 'accept'],
    ['A12<?pi "?>', 'accept'],
    ['A1<!-- <?x --><?pi <?pi ?>2', 'accept'],
    ['A<![CDATA[1]]><?pi <serialNumber>?>2<?pi?>', 'accept'],
    ['A&#49;2', 'accept'],
    ['<![CDATA[A1]]>2', 'accept'],
    ['<![CDATA[A&#49;2]]>', 'reject:schema serial-number-impossible'],
    ['A&amp;2', 'reject:schema serial-number-impossible'],
  ])('is read by both parsers alike, or refused: %s', async (written, expected) => {
    const xml = fileXml().replace('A1000001', written);

    expect(await codesOf(xml)).toBe(expected);
    if (expected === 'accept') expect((await accepted(xml)).licenses[0]?.serialNumber).toBe('A12');
  });

  it('is refused with the position when the parsers differ', async () => {
    const long = (letter: string) => `&#${'0'.repeat(40)}${letter.charCodeAt(0)};`;
    const inLicense = fileXml().replace('A1000001', `A${long('1')}`);
    const inRoot = fileXml(licenseXml(), `customer="${long('a')}cme" issued="2026-01-15"`);

    expect(await faultsOf(inLicense)).toMatchObject([
      { code: 'readers-differ', place: 'license 1, serialNumber, line 4', text: expect.stringContaining('two ways') },
    ]);
    expect(await faultsOf(inRoot)).toMatchObject([{ code: 'readers-differ', place: 'licenses, line 2' }]);
  });

  it('has a blank for each tab and line break of an attribute', async () => {
    for (const written of ['a\tb', 'a\nb', 'a\r\nb', '\na\nb\t']) {
      const xml = fileXml(licenseXml({ customer: 'a b' }), `\n customer="${written}"\n issued="2026-01-15"\n`);
      expect((await accepted(xml)).customer).toBe('a b');
    }
  });

  it('may have an instruction behind a CDATA section that looks like one', async () => {
    const xml = fileXml().replace('All modules', '<![CDATA[a <?]]><?x?>b');

    expect((await accepted(xml)).licenses[0]?.modules).toBe('a <?b');
  });

  it('may have instructions and comments at every place where XML allows them', async () => {
    const between = [
      '<?x?>',
      '<?x y?>',
      '<!-- <?x -->',
      '<?xml-model href="a>b"?>',
      "<?php echo 'it is <b>'; ?>",
      '<?x ??>',
    ];
    const written = fileXml([licenseXml({ modules: 'Työ & Öst' }), licenseXml({ serialNumber: 'A2' })]);
    const { licenses, customer } = await accepted(written);
    const places = written
      .split(/(<[^>]*>|&amp;)/)
      .flatMap((part) => (part.startsWith('<') || part.startsWith('&') ? [part] : [...part]));

    for (const [index, part] of between.entries()) {
      expect([index, await accepted(places.join(part))]).toMatchObject([index, { customer, licenses }]);
    }
  });

  it.each([
    ['a question mark behind the name', '<?x?y?>'],
    ['two question marks behind the name', '<?x??>'],
    ['a question mark and a blank behind the name', '<?x? y?>'],
    ['no name', '<??>'],
    ['a blank before the name', '<? x?>'],
    ['a digit as the name', '<?1?>'],
    ['the name of the declaration', '<?xml version="1.0"?>'],
    ['the name of the declaration in capitals', '<?XML?>'],
    ['no end', '<?x'],
    ['a no-break blank behind the name', '<?x\u00a0y?>'],
  ])('may not have an instruction with %s', async (_what, instruction) => {
    for (const xml of [
      fileXml().replace('A1000001', `A1${instruction}`),
      fileXml(`${instruction}${licenseXml()}`),
      `${fileXml()}${instruction}`,
    ]) {
      expect(await codesOf(xml)).toBe('reject:xml not-well-formed');
    }
  });

  it('may have a customer of any script and with markup characters', async () => {
    const customer = 'Työ & <Öst> "日本" \u{1F600} \u00a0x';
    const xml = fileXml(licenseXml({ customer }), `customer="${escapeXml(customer)}" issued="2026-01-15"`);

    expect((await accepted(xml)).customer).toBe(customer);
  });
});

const CLOSED = '<licenses customer="acme" issued="2026-01-15"/>';

describe('less common XML', () => {
  const declared = (text: string) => fileXml().replace(' encoding="UTF-8"?>', `${text}?>`);
  const customer = (written: string) => fileXml().replaceAll(/"acme"|>acme</g, (at) => at.replace('acme', written));
  it.each([
    ['XML 1.1', fileXml().replace('1.0', '1.1'), 'accept'],
    ['XML 2.0', fileXml().replace('1.0', '2.0'), 'reject:xml not-well-formed'],
    ['standalone', declared(' encoding="UTF-8" standalone="yes"'), 'accept'],
    ['no encoding', declared(''), 'accept'],
    ['US-ASCII', declared(' encoding="US-ASCII"'), 'reject:xml encoding'],
    ['UTF8 without its hyphen', declared(' encoding="UTF8"'), 'reject:xml encoding'],
    ['no declaration', fileXml().slice(39), 'accept'],
    ['a line before the declaration', `\n${fileXml()}`, 'reject:xml not-well-formed'],
    ['a byte order mark', `\ufeff${fileXml()}`, 'accept'],
    ['two byte order marks', `\ufeff\ufeff${fileXml()}`, 'reject:xml byte-order-marks'],
    ['a default namespace', fileXml().replace('<licenses', '<licenses xmlns="urn:x"'), 'accept'],
    ['a prefix', fileXml().replaceAll(/<(\/?)(?=[a-z])/g, '<$1e:'), 'reject:schema root-unknown'],
    ['carriage returns alone', fileXml().replaceAll('\n', '\r'), 'accept'],
    ['a processing instruction between licenses', fileXml(`<?x?>${licenseXml()}`), 'accept'],
    ['a comment behind the root', `${fileXml()}<!-- x -->`, 'accept'],
    ['text behind the root', `${fileXml()}x`, 'reject:xml not-well-formed'],
    ['a second root', `${fileXml()}<licenses/>`, 'reject:xml not-well-formed'],
    ...[
      '<a/>',
      '<licenses/>',
      '</licenses>',
      'x',
      '&#32;',
      '&amp;',
      '<![CDATA[]]>',
      ']]>',
      '<',
      '<?x',
      '<!--',
      '\ufeff',
    ].map((tail): [string, string, string] => [
      `${tail} behind a root that closes itself`,
      `${CLOSED}${tail}`,
      'reject:xml not-well-formed',
    ]),
    ...['', '\n', '<?x?>', '<!-- x -->'].map((tail): [string, string, string] => [
      `${JSON.stringify(tail)} behind a root that closes itself`,
      `${CLOSED}${tail}`,
      'reject:schema no-license',
    ]),
    ['a NUL behind the root', `${fileXml()}\0`, 'reject:xml not-well-formed'],
    ['an attribute twice', fileXml().replace('issued', 'customer="b" issued'), 'reject:xml not-well-formed'],
    ['a NUL as a reference', customer('a&#0;b'), 'reject:xml not-well-formed'],
    ['half a pair as a reference', customer('a&#xD83D;&#xDE00;b'), 'reject:xml not-well-formed'],
    ['a name of HTML', customer('a&nbsp;b'), 'reject:xml not-well-formed'],
    ['the end of a CDATA section in text', customer('a]]>b'), 'reject:xml not-well-formed'],
    ['a license without elements', fileXml('<license/>'), `reject:schema${' value-missing'.repeat(7)}`],
    ['a name in other case', fileXml().replaceAll('type>', 'Type>'), 'reject:schema value-missing'],
  ])('%s', async (_title, xml, expected) => {
    expect(await codesOf(xml)).toBe(expected);
  });

  it.each([
    ['a&#x1F600;b', 'a\u{1F600}b'],
    ['a&apos;b', "a'b"],
    ['a&amp;lt;b', 'a&lt;b'],
    ['a&amp;#65;b', 'a&#65;b'],
    ['a&amp;amp;b', 'a&amp;b'],
  ])('decodes %s once', async (written, value) => {
    expect((await accepted(customer(written))).customer).toBe(value);
  });
});

describe('a value that is not possible', () => {
  const cases: [keyof typeof LICENSE, string, string][] = [
    ['serialNumber', '', 'value-empty'],
    ['serialNumber', 'A'.repeat(65), 'serial-number-impossible'],
    ['serialNumber', '-A1', 'serial-number-impossible'],
    ['serialNumber', 'A1\n', 'accept'],
    ['serialNumber', 'A1\u2028', 'serial-number-impossible'],
    ['type', 'floating', 'type-unknown'],
    ['type', 'toString', 'type-unknown'],
    ['modules', '', 'value-empty'],
    ['modules', 'All Modules', 'modules-impossible'],
    ['modules', 'ALL MODULES', 'modules-impossible'],
    ['type', '\u00a0Floating', 'type-unknown'],
    ['type', 'DEDICATED', 'type-unknown'],
    ['customer', 'Acme', 'customer-differs'],
    ['expiryDate', '2026-01-15', 'accept'],
    ['expiryDate', '2026-01-14', 'days-reversed'],
    ['expiryDate', '', 'value-empty'],
    ['modules', 'All  modules', 'modules-impossible'],
    ['modules', 'Allmodules', 'modules-impossible'],
    ['modules', 'All\u00a0modules', 'modules-impossible'],
    ['modules', 'A\u200bll modules', 'modules-impossible'],
    ['modules', 'All\u2800modules', 'modules-impossible'],
    ['modules', 'All modules\u3164', 'modules-impossible'],
    ['modules', 'A\u034fll modules', 'modules-impossible'],
    ['serialNumber', 'A1\ufffd', 'letter-lost'],
    ['type', '\ufffdloating', 'letter-lost'],
    ['validFrom', '2026\ufffd01-15', 'letter-lost'],
    ['modules', 'all', 'modules-impossible'],
    ['modules', 'ALL', 'modules-impossible'],
    ['modules', 'All modules 2', 'accept'],
    ['modules', 'IT\nProcesses', 'modules-impossible'],
    ['modules', '\u{1F600}'.repeat(80), 'accept'],
    ['modules', 'x'.repeat(81), 'modules-impossible'],
    ['access', 'Write', 'access-unknown'],
    ['validFrom', '2026-1-15', 'day-impossible'],
    ['validFrom', '2025-02-29', 'day-impossible'],
    ['validFrom', '2026-02-30', 'day-impossible'],
    ['validFrom', '0000-00-00', 'day-impossible'],
    ['validFrom', '+2026-01-15', 'day-impossible'],
    ['validFrom', '\uff12\uff10\uff12\uff16-01-15', 'day-impossible'],
    ['validFrom', ' 2026-01-15\t', 'accept'],
    ['validFrom', '2024-02-29', 'accept'],
    ['validFrom', 'never', 'day-impossible'],
    ['validFrom', '2027-01-14', 'accept'],
    ['validFrom', '2027-01-15', 'days-reversed'],
    ['expiryDate', 'Never', 'day-impossible'],
    ['expiryDate', '2027-01-14T00:00', 'day-impossible'],
    ['customer', 'Acme', 'customer-differs'],
  ];
  it.each(cases)('%s: %j is %s', async (field, value, code) => {
    expect(await codesOf(fileXml(licenseXml({ [field]: value })))).toBe(
      code === 'accept' ? code : `reject:schema ${code}`,
    );
  });

  it.each([
    ['issued="2026-01-15"', 'value-missing'],
    ['customer="" issued="2026-01-15"', 'value-empty'],
    ['customer="acme"', 'value-missing'],
    ['customer="acme" issued="15.1.2026"', 'day-impossible'],
    ['customer="acme" issued="never"', 'day-impossible'],
    ['customer="ac&#10;me" issued="2026-01-15"', 'customer-impossible'],
    ['customer="ac\ufffdme" issued="2026-01-15"', 'letter-lost'],
    ['customer="ac&#xFFFD;me" issued="2026-01-15"', 'letter-lost'],
    ['customer="acme" issued="2026\ufffd01-15"', 'letter-lost'],
  ])('of the root: %s', async (attributes, code) => {
    expect(await codesOf(fileXml(licenseXml(), attributes))).toBe(`reject:schema ${code}`);
  });
});

describe('faults', () => {
  it('are all collected in the order of the file, each once and with its position', async () => {
    const xml = fileXml([
      licenseXml({ serialNumber: 'A1', type: 'Perpetual', expiryDate: '2025-01-01' }),
      licenseXml({ serialNumber: 'A1', access: undefined }, '    <type>Floating</type>\n'),
      licenseXml({ serialNumber: 'A2', modules: 'CMDB</modules><modules>'.slice(0, 4) }).replace(
        '<validFrom>2026',
        '<validFrom><b/>2026',
      ),
    ]);

    expect(await faultsOf(xml)).toEqual([
      {
        code: 'type-unknown',
        place: 'license 1, type, line 5',
        text: '"Perpetual" is not possible here: a license is Floating or Dedicated.',
      },
      {
        code: 'days-reversed',
        place: 'license 1, expiryDate, line 9',
        text: 'The last day of use, 2025-01-01, is before the first, 2026-01-15.',
      },
      {
        code: 'value-missing',
        place: 'license 2, access, line 12',
        text: 'access is missing. Get the file again from the vendor.',
      },
      {
        code: 'serial-number-twice',
        place: 'license 2, serialNumber, line 13',
        text: 'The serial number "A1" is also in license 1 of this file.',
      },
      {
        code: 'element-twice',
        place: 'license 2, type, line 19',
        text: 'The element type appears twice. It belongs once in each license.',
      },
      {
        code: 'element-not-text',
        place: 'license 3, validFrom, line 26',
        text: 'The element validFrom holds other elements where only text belongs.',
      },
    ]);
  });

  it('are listed up to a hundred', async () => {
    const bad = (count: number) =>
      fileXml(Array.from({ length: count }, (_, index) => licenseXml({ serialNumber: `A${index}`, type: 'x' })));

    expect(await faultsOf(bad(100))).toHaveLength(100);
    const more = await faultsOf(bad(101));
    expect(more).toHaveLength(100);
    expect(more.at(-1)?.code).toBe('more-faults');
    expect(await faultsOf(bad(5000))).toHaveLength(100);
  });

  it('quote only the beginning of a value, and on one line', async () => {
    const [fault] = await faultsOf(fileXml(licenseXml({ type: `a\nb${'x'.repeat(900)}` })));

    expect(fault?.text).toContain(`"a[U+000A]b${'x'.repeat(57)}…"`);
  });

  it.each([
    ['a no-break blank', 'All\u00a0modules', '"All[U+00A0]modules"'],
    ['a figure blank', 'All\u2007modules', '"All[U+2007]modules"'],
    ['a dash that looks like a hyphen', 'A\u2011B\u200b', '"A[U+2011]B[U+200B]"'],
    ['a mark that joins a letter', 'a\u0308', '"a[U+0308]"'],
    ['a tag character beyond the first plane', 'x\u{E0041}', '"x[U+E0041]"'],
  ])('show what cannot be seen: %s', async (_what, access, shown) => {
    const [fault] = await faultsOf(fileXml(licenseXml({ access })));

    expect(fault?.text).toContain(shown);
  });

  it.each([
    ['a no-break blank in a tag', fileXml().replace('<licenses ', '<licenses\u00a0'), '"[U+00A0]"'],
    ['a no-break blank before the root', fileXml().replace('<licenses ', '\u00a0<licenses '), '"[U+00A0]"'],
    ['a blank of no width behind the root', `${fileXml()}\n\u200b\n`, '"[U+200B]"'],
    ['text behind the root', `${fileXml()}</x`.replace('</x', ' and more'), '"and more"'],
    ['quotes of a word processor', fileXml(licenseXml(), 'customer=\u201cacme\u201d issued="2026-01-15"'), '"\u201c"'],
    ['a code that is not a character', fileXml().replace('All', 'A\uffffl'), '"[U+FFFF]"'],
    ['a control character', fileXml().replace('All', 'A\u001al'), '"[U+001A]"'],
    ['a long text behind the root', `${fileXml()}${'x'.repeat(100)}`, `"${'x'.repeat(20)}"`],
  ])('show why a text is not well formed: %s', async (_what, xml, shown) => {
    const [fault] = await faultsOf(xml);

    expect(fault).toMatchObject({ code: 'not-well-formed', text: expect.stringContaining(shown) });
  });

  it('show no character that is as it should be', async () => {
    expect((await faultsOf(`${fileXml().slice(0, 300)}ä`))[0]?.text).toContain('(unclosed tag: expiryDate):');
  });

  it('stay short when a value holds many invisible characters', async () => {
    const [fault] = await faultsOf(fileXml(licenseXml({ type: '\u00a0'.repeat(60) })));

    expect(fault?.text).toContain(`"${'[U+00A0]'.repeat(20)}…" is not possible here`);
  });

  it('name the text between elements, also where it cannot be seen', async () => {
    const [fault] = await faultsOf(fileXml(licenseXml().replace('<type>', '\u00a0<type>')));

    expect(fault).toMatchObject({ code: 'stray-text', text: expect.stringContaining('"[U+00A0]"') });
  });

  it('say that a letter was lost when the file was saved', async () => {
    for (const field of ['modules', 'customer'] as const) {
      expect(await faultsOf(fileXml(licenseXml({ [field]: 'K\ufffdytt\ufffd' })))).toMatchObject([
        { code: 'letter-lost', text: expect.stringContaining('"K[U+FFFD]ytt[U+FFFD]"') },
      ]);
    }
  });

  it('say how a license that does not expire is written', async () => {
    const [fault] = await faultsOf(fileXml(licenseXml({ expiryDate: '' })));

    expect(fault?.text).toContain('says "never"');
  });

  it.each([
    ['a license in a license', fileXml(licenseXml({}, licenseXml())), 'reject:schema license-nested'],
    [
      'a license in an unknown element',
      fileXml(`${licenseXml()}<group>${licenseXml({ serialNumber: 'A2' })}</group>`),
      'reject:schema license-nested',
    ],
    ['a license with a prefix', fileXml(`${licenseXml()}<e:license/>`), 'reject:schema license-misspelled'],
    [
      'a license with a character that shows nothing',
      fileXml(`${licenseXml()}<licen\u200dse/>`),
      'reject:schema license-misspelled',
    ],
    ['a License', fileXml(`${licenseXml()}<License/>`), 'reject:schema license-misspelled'],
    ['text between licenses', fileXml(`${licenseXml()}x`), 'reject:schema stray-text'],
    ['text in a license', fileXml(licenseXml({}, 'x')), 'reject:schema stray-text'],
    ['no license', fileXml(''), 'reject:schema no-license'],
    ['an element that is a trap', fileXml(licenseXml({}, '<prototype/>')), 'reject:schema element-reserved'],
    ['another root', '<licences/>', 'reject:schema root-unknown'],
    ['a product license', '<?xml version="1.0"?><ProductLicense host="x"/>', 'reject:schema product-license'],
    ['a DOCTYPE', `<!DOCTYPE licenses>${fileXml().slice(39)}`, 'reject:xml doctype'],
    [
      'a DOCTYPE behind a comment',
      `<!-- x --><!DOCTYPE licenses [<!ENTITY a "b">]>${fileXml().slice(39)}`,
      'reject:xml doctype',
    ],
    [
      'a DOCTYPE behind a long comment',
      `<!-- ${'x'.repeat(100_000)} --><!DOCTYPE licenses>${fileXml().slice(39)}`,
      'reject:xml doctype',
    ],
    ['a DOCTYPE in the middle', fileXml(`${licenseXml()}<!DOCTYPE x>`), 'reject:xml not-well-formed'],
    ['a DOCTYPE in a comment of the body', fileXml(`${licenseXml()}<!-- <!DOCTYPE x> -->`), 'accept'],
    ['another encoding', fileXml().replace('UTF-8', 'ISO-8859-1'), 'reject:xml encoding'],
    ['UTF-8 in small letters', fileXml().replace('UTF-8', 'utf-8'), 'accept'],
    ['a cut file', fileXml().slice(0, 300), 'reject:xml not-well-formed'],
  ])('name %s', async (_title, xml, expected) => {
    expect(await codesOf(xml)).toBe(expected);
  });

  it('refuse a DOCTYPE where it begins, however long it is', async () => {
    const xml = fileXml().replace('<licenses', '<!DOCTYPE licenses [\n<!ENTITY a "b">\n]>\n<licenses');

    expect(await faultsOf(xml)).toMatchObject([{ code: 'doctype', place: 'line 2' }]);
  });

  it('say in which line a byte is not UTF-8', async () => {
    const xml = Buffer.from(fileXml());
    xml[xml.indexOf('write')] = 0xff;

    expect(await faultsOf(xml)).toMatchObject([{ code: 'encoding', place: 'line 7' }]);
  });
});

describe('a file that is something else', () => {
  it.each([
    ['product_license.xml', fileXml(), 'reject:schema product-license'],
    ['C:\\new\\Product_License.xml', '<x/>', 'reject:schema product-license'],
    ['license.xml', '<!DOCTYPE html><html></html>', 'reject:xml html-page'],
    ['license.xml', '\n<html lang="fi">', 'reject:xml html-page'],
    ['license.xml', 'serialNumber;type;modules\nA1;Floating;CMDB\n', 'reject:xml csv-table'],
    ['license.xml', '{"licenses":[]}', 'reject:xml json-text'],
    ['license.xml', 'Hello', 'reject:xml plain-text'],
    ['license.xml', buildZip([{ name: 'license.xml' }]), 'reject:xml zip-archive'],
    ['license.xml', Buffer.from(`\ufeff${fileXml()}`, 'utf16le'), 'reject:xml utf-16-text'],
    ['license.xml', Buffer.from([1, 2, 3, 4]), 'reject:xml binary-file'],
    ['license.xml', '', 'reject:xml empty-file'],
    ['licenses.csv', 'serialNumber,type,modules\n', 'reject:zip csv-table'],
    ['upload.zip', '<html></html>', 'reject:zip html-page'],
    ['upload.zip', fileXml(), 'reject:zip xml-text'],
    ['upload.zip', Buffer.from([1, 2, 3, 4]), 'reject:zip not-a-zip'],
    ['upload', buildZip([{ name: 'license.xml' }]), 'accept'],
    ['LICENSE.XML', fileXml(), 'accept'],
    ['upload.zip', buildZip([{ name: 'product_license.xml' }]), 'reject:zip product-license'],
    ['upload.zip', buildZip([{ name: 'product_license.xml' }, { name: 'license.xml' }]), 'accept'],
    [
      'upload.zip',
      buildZip([{ name: 'in/Licenses.ZIP', data: buildZip([{ name: 'license.xml' }]) }]),
      'reject:zip zip-in-zip',
    ],
    [
      'upload.zip',
      buildZip([{ name: '[Content_Types].xml' }, { name: 'xl/workbook.xml' }]),
      'reject:zip office-document',
    ],
    ['upload.zip', buildZip([{ name: 'licence.xml' }]), 'reject:zip zip-no-license'],
    ['upload.zip', buildZip([]), 'reject:zip zip-no-license'],
    ['upload.zip', buildZip([{ name: 'license.xml', data: '<html></html>' }]), 'reject:xml html-page'],
  ])('%s, %j: %s', async (name, bytes, expected) => {
    expect(await codesOf(bytes, name)).toBe(expected);
  });
});

describe('limits', () => {
  it('allow 64 attributes, 16 levels and 1,024 characters', async () => {
    const attributes = (count: number) =>
      `<n ${Array.from({ length: count }, (_, index) => `a${index}="x"`).join(' ')}/>`;
    const levels = (count: number) => `${'<n>'.repeat(count)}${'</n>'.repeat(count)}`;

    expect(
      await codesOf(
        fileXml(licenseXml({}, `${attributes(64)}${levels(14)}<n a="${'x'.repeat(1024)}">${'x'.repeat(1024)}</n>`)),
      ),
    ).toBe('accept');
    expect(await codesOf(fileXml(licenseXml({}, attributes(65))))).toBe('reject:limit too-many-attributes');
    expect(await codesOf(fileXml(licenseXml({}, levels(15))))).toBe('reject:limit too-deep');
    const certificate = 'x'.repeat(64 * 1024);
    expect(await codesOf(fileXml(licenseXml({}, `<n a="${certificate}">${certificate}</n>`)))).toBe('accept');
    expect(await codesOf(fileXml(licenseXml({}, `<n a="${certificate}x"/>`)))).toBe('reject:limit value-too-long');
    expect(await codesOf(fileXml(licenseXml({}, `<n>${certificate}x</n>`)))).toBe('reject:limit value-too-long');
    const noted = (note: string) => fileXml(licenseXml().replace('<license>', `<license note="${note}">`));
    expect(await codesOf(noted(certificate))).toBe('accept');
    expect(await codesOf(noted(`${certificate}x`))).toBe('reject:limit value-too-long');
    const root = (attributes: string) => codesOf(fileXml(licenseXml(), attributes));
    expect(await root(`customer="acme" issued="2026-01-15" note="${'x'.repeat(5_000)}"`)).toBe('accept');
    expect(await root(`customer="${'x'.repeat(1025)}" issued="2026-01-15"`)).toBe('reject:limit value-too-long');
    expect(await codesOf(fileXml(licenseXml({ type: 'x'.repeat(1025) })))).toBe('reject:limit value-too-long');
    expect(await codesOf(fileXml(licenseXml({ type: `${' '.repeat(17_000)}Floating` })))).toBe(
      'reject:limit value-too-long',
    );
    expect(await codesOf(fileXml(licenseXml(), `customer="acme" issued="2026-01-15"${' '.repeat(70_000)}`))).toBe(
      'reject:limit tag-too-long',
    );
  });
});
