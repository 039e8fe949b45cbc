import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { buildZip, fileXml, licenseXml } from '../license-file/build-file.ts';
import { type CorpusCase, corpusCases } from '../license-file/corpora.ts';

/** In milliseconds of the machine's clock. It stops a reader that hangs. */
const KILL_AFTER = 100_000;
const LONGEST_MS = 5_000;
const MOST_EXTRA_KB = 200 * 1024;
const checkFile = fileURLToPath(new URL('../../functions/import-licenses/check-file.ts', import.meta.url));
const readOne = fileURLToPath(new URL('../license-file/read-one.ts', import.meta.url));

type Run = { code: number | string | null | undefined; killed: boolean; stdout: string; stderr: string };

/** Each in a process of its own, with a kill timer. */
function run(
  program: string,
  args: readonly string[],
  { before = [], ...options }: { timeout?: number; cwd?: string; before?: readonly string[] } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const settings = { timeout: KILL_AFTER, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024, ...options } as const;
    execFile(
      process.execPath,
      [...before, program, ...args],
      settings,
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ code: error === null ? 0 : error.code, killed: error?.killed === true, stdout, stderr });
      },
    );
  });
}

const report = z.object({ verdict: z.string(), licenses: z.array(z.unknown()), ms: z.number(), extraKb: z.number() });
const row = z.strictObject({
  file: z.string(),
  verdict: z.string(),
  licenses: z.array(z.record(z.string(), z.string())),
  ignored: z.array(z.string()),
  faults: z.array(z.strictObject({ code: z.string(), place: z.string(), text: z.string() })),
});

function expectCase(found: { verdict: string; licenses: readonly unknown[] }, { verdicts, records }: CorpusCase): void {
  expect(verdicts).toContain(found.verdict);
  if (found.verdict !== 'accept' || records === undefined) return;
  expect(found.licenses).toHaveLength(records.count);
  for (const [index, license] of records.licenses) expect(found.licenses[index]).toEqual(license);
}

describe('each published case, in a process of its own with a kill timer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-one-'));
  const program = join(folder, 'read-one.mjs');
  beforeAll(async () => {
    // One bundle, as it is deployed: 153 processes would spend their time on loading modules.
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    await build({ entryPoints: [readOne], outfile: program, bundle: true, platform: 'node', format: 'esm', banner });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(corpusCases())('$file takes at most 5 s and 200 MB: $what', async (corpusCase) => {
    const { killed, stdout, stderr } = await run(program, [corpusCase.path]);

    expect({ killed, stderr }).toEqual({ killed: false, stderr: '' });
    const found = report.parse(JSON.parse(stdout));
    expectCase(found, corpusCase);
    expect(found.ms).toBeLessThan(LONGEST_MS);
    expect(found.extraKb).toBeLessThan(MOST_EXTRA_KB);
  });
});

describe('check-file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-file-'));
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  beforeAll(() => {
    write('good.xml', fileXml(licenseXml({ serialNumber: '00042', expiryDate: 'never' }, '<edition>E</edition>')));
    write('bad.xml', fileXml(licenseXml({ type: 'Perpetual' })));
    write('good.zip', buildZip([{ name: 'license.xml' }]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const check = (...args: string[]) => run(checkFile, args, { cwd: folder, timeout: KILL_AFTER });

  it('prints one JSON line per file, with the values as they are in the file', async () => {
    const { code, stdout } = await check('good.xml', 'good.zip');

    expect(code).toBe(0);
    const [first] = stdout.split('\n');
    expect(first).toBe(
      '{"file":"good.xml","verdict":"accept","licenses":[{"serialNumber":"00042","type":"Floating","modules":"All modules","access":"write","validFrom":"2026-01-15","expiryDate":"never","customer":"acme"}],"ignored":["licenses/license/edition"],"faults":[]}',
    );
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => row.parse(JSON.parse(line)).file),
    ).toEqual(['good.xml', 'good.zip']);
  });

  it('ends with 1 when one file is rejected, and says why', async () => {
    const { code, stdout } = await check('bad.xml', 'good.zip');

    expect(code).toBe(1);
    expect(row.parse(JSON.parse(stdout.split('\n')[0]!))).toMatchObject({
      verdict: 'reject:schema',
      licenses: [],
      faults: [{ code: 'type-unknown', place: 'license 1, type, line 5' }],
    });
  });

  it('rejects an issue date in the future, as an import does (R4)', async () => {
    write('future.xml', fileXml(licenseXml(), 'customer="acme" issued="9999-12-31"'));
    const { code, stdout } = await check('future.xml');

    expect(code).toBe(1);
    expect(row.parse(JSON.parse(stdout))).toMatchObject({
      verdict: 'reject:schema',
      licenses: [],
      faults: [{ code: 'issued-in-future', place: 'licenses, issued' }],
    });
  });

  it.each([[[]], [['--unknown', 'good.xml']], [['--text']], [['missing.xml']], [['.']], [['good.xml', 'missing.xml']]])(
    'ends with 2 for wrong use: %j',
    async (args) => {
      const { code, stderr } = await check(...args);

      expect(code).toBe(2);
      expect(stderr).not.toBe('');
    },
  );

  it('prints text for people', async () => {
    const { stdout } = await check('--text', 'good.xml', 'bad.xml');

    expect(stdout).toBe(
      [
        'good.xml: accepted, 1 license for acme, issued 2026-01-15',
        '  00042  Floating  All modules  write  2026-01-15 to never',
        '  ignored: licenses/license/edition',
        'bad.xml: rejected (reject:schema)',
        '  license 1, type, line 5: "Perpetual" is not possible here: a license is Floating or Dedicated. [type-unknown]',
        '',
      ].join('\n'),
    );
  });

  it('reads all published cases in one go', async () => {
    const cases = corpusCases();
    const { stdout } = await check(...cases.map(({ path }) => path));

    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => row.parse(JSON.parse(line)));
    expect(rows).toHaveLength(cases.length);
    for (const [index, corpusCase] of cases.entries()) expectCase(rows[index]!, corpusCase);
  });

  it('needs at most 256 MB for 20,000 licenses, and for many such files in one go', async () => {
    const some = Array.from({ length: 20_000 }, (_, index) => licenseXml({ serialNumber: `S${index}` }));
    const xml = fileXml(some.map((license) => license.replaceAll(/\n */g, '')));
    write('big.zip', buildZip([{ name: 'license.xml', data: xml }]));
    write('full.xml', xml.replace('</licenses>', `${' '.repeat(8 * 1024 * 1024 - xml.length)}</licenses>`));
    const telling = 'process.on("exit", () => process.stderr.write(process.resourceUsage().maxRSS + "\\n"))';

    const options = { timeout: KILL_AFTER, cwd: folder, before: ['--import', `data:text/javascript,${telling}`] };
    const files = ['big.zip', 'full.xml', 'big.zip', 'full.xml'];
    const { code, stdout, stderr } = await run(checkFile, files, options);

    expect(code).toBe(0);
    for (const line of stdout.trimEnd().split('\n')) expect(row.parse(JSON.parse(line)).licenses).toHaveLength(20_000);
    const peaks = stderr.trim().split('\n').map(Number);
    expect(Math.max(...peaks)).toBeGreaterThan(40 * 1024);
    expect(Math.max(...peaks)).toBeLessThan(256 * 1024);
  });

  it('rejects a file that is larger than any upload without reading it', async () => {
    write('huge.zip', Buffer.alloc(22 * 1024 * 1024));
    const { code, stdout } = await check('huge.zip');

    expect(code).toBe(1);
    expect(row.parse(JSON.parse(stdout))).toMatchObject({
      verdict: 'reject:limit',
      faults: [{ code: 'file-too-big' }],
    });
  });
});

describe('at its limits a file', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => licenseXml({ serialNumber: `S${index}` }));
  const codeOf = async (content: string | Buffer, name = 'license.xml') => {
    const reading = await readLicenseFile(Buffer.from(content), name);
    return reading.verdict === 'accept' ? reading.licenses.length : `${reading.verdict} ${reading.faults[0]?.code}`;
  };

  it('may have 20,000 licenses', async () => {
    const licenses = many(20_001);

    expect(await codeOf(fileXml(licenses.slice(1)))).toBe(20_000);
    expect(await codeOf(fileXml(licenses))).toBe('reject:limit too-many-licenses');
  });

  it('may have 8 MiB of XML, bare and in a zip', async () => {
    const xml = fileXml().padEnd(8 * 1024 * 1024, ' ');

    expect(await codeOf(xml)).toBe(1);
    expect(await codeOf(`${xml} `)).toBe('reject:limit xml-too-big');
    expect(await codeOf(buildZip([{ name: 'license.xml', data: xml }]), 'upload.zip')).toBe(1);
  });

  const fill = (piece: string) => piece.repeat(Math.floor((8 * 1024 * 1024 - 2000) / piece.length));
  it.each([
    ['elements', licenseXml({}, '<n/>'.repeat(500_000)), 'reject:limit too-many-elements'],
    ['a processing instruction', licenseXml({}, `<?n ${'b '.repeat(250_001)}?>`), 'reject:limit too-many-elements'],
    ['brackets', licenseXml({}, `<n><![CDATA[${']'.repeat(1_000_001)}]]></n>`), 'reject:limit too-many-marks'],
    ['hyphens', licenseXml({}, `<!--${'- '.repeat(1_000_001)}-->`), 'reject:limit too-many-marks'],
    ['carriage returns', `${fill('\r')}${licenseXml()}`, 1],
    ['blanks', `${licenseXml({}, fill(' '))}`, 1],
    ['references', licenseXml({}, `<n>${fill('&amp;')}</n>`), 'reject:limit value-too-long'],
  ])('is read in bounded time and memory when it is full of %s', async (_title, body, expected) => {
    const before = process.resourceUsage().maxRSS;
    const started = process.cpuUsage();

    expect(await codeOf(fileXml(body))).toBe(expected);

    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(LONGEST_MS);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(MOST_EXTRA_KB);
  });
});
