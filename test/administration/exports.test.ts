import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../shared/administration/csv.ts';
import type { ExportPage } from '../../shared/administration/exports.ts';
import { encodeCursor } from '../../shared/administration/pages.ts';
import { writeEntry } from '../../shared/history/write-entries.ts';
import { defined } from '../../shared/licensing/defined.ts';
import type { LicenseChange } from '../../shared/licensing/history/history.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aLicense, aUserCard, keyedHash } from '../fakes/world.ts';

describe('CSV', () => {
  it.each([
    ['=1+1', `'=1+1`],
    ['+358 9 1', `'+358 9 1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\t'=1`],
    ['\r=1', `"'\r'=1"`],
    ['\u0000=1', `'\u0000'=1`],
    [' =1', `' =1`],
    ['＝1', `'＝1`],
    ['\u200b=1', `'\u200b=1`],
    [`Eve;=cmd|'/C calc'!A0;x`, `Eve;'=cmd|'/C calc'!A0;x`],
    ['a;"=1', `"a;'""=1"`],
    ['a,-1', `"a,'-1"`],
    ['a\t@b', `a\t'@b`],
    ['a; b=c', 'a; b=c'],
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ['Virtanen, Ada', '"Virtanen, Ada"'],
    ['two\r\nlines', '"two\r\nlines"'],
    [' blank', '" blank"'],
    ['a=b', 'a=b'],
    ['Käsi', 'Käsi'],
  ])('has %j as %j', (text, cell) => {
    expect(csvOf(['a', 'b'], [{ a: text, b: 7 }], false)).toBe(`${cell},7\r\n`);
  });

  it('names its columns once, and leaves the cell of a missing value empty', () => {
    const rows = [{ a: 1, b: { c: true } }, { b: {} }];
    expect(csvOf(['a', 'b.c'], rows, true)).toBe('\ufeffa,b.c\r\n1,true\r\n,\r\n');
  });
});

/** The cells that a spreadsheet reads. It heeds a quote only where a cell begins. */
function cellsOf(text: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; at < text.length && (text[at] !== '"' || text[at + 1] === '"'); at += text[at] === '"' ? 2 : 1) {
        cell += text[at];
      }
      at += 1;
    }
    for (; at < text.length && !`${separator}\r\n`.includes(text[at] ?? ''); at += 1) cell += text[at];
    cells.push(cell);
    at += 1;
  }
  return cells;
}

it('has no cell that begins a formula, whichever character separates the cells', () => {
  const part = fc.constantFrom('a', ' ', ',', ';', '\t', '\r', '\n', '"', "'", '=', '+', '-', '@', '\u200b', '\u0000');
  const name = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(name, name, (one, other) => {
      const text = csvOf(['a', 'b'], [{ a: one, b: other }], true).slice(1);
      for (const separator of [',', ';', '\t']) {
        for (const cell of cellsOf(text, separator)) expect(cell).not.toMatch(/^[=+\-@]/);
      }
    }),
    { numRuns: 2_000 },
  );
});

/** All pages of an export, and the whole file. */
async function exported(ask: (command: string, members: object) => Promise<unknown>, command: string, members = {}) {
  const pages: ExportPage[] = [];
  let cursor: string | undefined;
  do {
    const page = (await ask(command, defined({ ...members, cursor }))) as ExportPage;
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { pages, file: pages.map(({ text }) => text).join('') };
}

describe('export-licenses', () => {
  it('has one header and every license once, over any number of pages', async () => {
    const licenses = Array.from({ length: 7 }, (_, index) => aLicense({ serialNumber: `A${index}` }));
    const { ask } = await aCommandWorld({ licenses });

    const { pages, file } = await exported(ask, 'export-licenses', { limit: 3 });

    expect(pages.map(({ rows }) => rows)).toEqual([3, 3, 1]);
    const lines = file.split('\r\n');
    expect(lines[0]).toBe(
      '\ufeffserialNumber,type,access,modules,validFrom,expiresOn,folder,assignedTo,currentUser,since,state,version,assignedToName,currentUserName',
    );
    expect(lines.slice(1, -1)).toHaveLength(7);
    expect(lines[1]).toBe('A0,floating,write,all,2026-01-15,2027-01-14,,,,,free,1,,');
  });

  it('is the same file whatever the page size, in numbered parts', async () => {
    const licenses = Array.from({ length: 7 }, (_, index) => aLicense({ serialNumber: `A${index}` }));
    const { ask } = await aCommandWorld({ licenses });

    const whole = await exported(ask, 'export-licenses');

    expect(whole.pages).toMatchObject([{ part: 1 }]);
    for (const limit of [1, 2, 3, 7]) {
      const { pages, file } = await exported(ask, 'export-licenses', { limit });
      expect(file).toBe(whole.file);
      expect(pages.map(({ part }) => part)).toEqual(pages.map((_, index) => index + 1));
    }
  });

  it('names the users beside their ids', async () => {
    const taken = { assignedTo: 'ada', type: 'dedicated' } as const;
    const { ask } = await aCommandWorld({ licenses: [aLicense(taken)], cards: [aUserCard({ name: 'Ada Lovelace' })] });

    expect(await ask('list-licenses')).toMatchObject({
      licenses: [{ assignedTo: 'ada', assignedToName: 'Ada Lovelace' }],
    });
    expect((await exported(ask, 'export-licenses')).file).toContain(',assigned,1,Ada Lovelace,\r\n');
  });

  it('has the same licenses as the list in JSON lines, with the same filters', async () => {
    const licenses = ['finance', 'sales'].map((folderId) => aLicense({ serialNumber: folderId, folderId }));
    const { ask } = await aCommandWorld({ licenses });

    const { file } = await exported(ask, 'export-licenses', { format: 'json-lines', folder: 'Sales' });

    const { licenses: listed } = (await ask('list-licenses', { folder: 'Sales' })) as { licenses: object[] };
    expect(file).toBe(`${JSON.stringify(listed[0])}\n`);
    expect(await ask('export-licenses', { folder: 'Nowhere' })).toEqual(refusal('unknown-folder'));
  });
});

describe('export-user-cards', () => {
  it('writes no name as a formula', async () => {
    const { ask } = await aCommandWorld({ cards: [aUserCard({ user: '=1+1', name: '@Ada' })] });

    const { file } = await exported(ask, 'export-user-cards');

    expect(file).toContain(`\r\n'=1+1,'@Ada,Finance,write,normal,`);
  });
});

describe('export-history', () => {
  const on = (day: string, version: number): LicenseChange => ({
    kind: 'license',
    tenant: 'acme',
    serialNumber: 'A1',
    type: 'dedicated',
    access: 'write',
    modules: 'all',
    change: { actor: 'olga', cause: 'assign-license', at: `${day}T10:00:00.000Z` },
    version,
    after: { folderId: 'finance', assignedTo: 'ada', validFrom: '2026-01-01' },
  });

  it('goes from day to day, skips days without an entry, and has each entry once', async () => {
    const { ask, table } = await aCommandWorld();
    const entries = [on('2026-01-05', 1), on('2026-01-05', 2), on('2026-01-05', 3), on('2026-02-20', 4)];
    for (const entry of entries) await writeEntry({ table, keyedHash }, entry);

    const { pages, file } = await exported(ask, 'export-history', {
      from: '2026-01-01',
      format: 'json-lines',
      limit: 2,
    });

    const versions = file
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { version: number }).version);
    expect(versions).toEqual([1, 2, 3, 4]);
    expect(Math.max(...pages.map(({ rows }) => rows))).toBe(2);
  });

  it('ends at the last day of the request, and at the present day', async () => {
    const { ask, table } = await aCommandWorld();
    for (const entry of [on('2026-01-05', 1), on('2026-01-06', 2)]) await writeEntry({ table, keyedHash }, entry);

    const { file } = await exported(ask, 'export-history', { from: '2026-01-05', to: '2026-01-05' });

    expect(file.split('\r\n')[1]).toContain('2026-01-05T10:00:00.000Z,license,olga,assign-license,A1,dedicated');
    expect(file.split('\r\n')).toHaveLength(3);
    expect(await ask('export-history', { from: '2027-01-01', to: '2027-12-31' })).toMatchObject({ rows: 0 });
  });

  it.each([
    ['days in the wrong order', { from: '2026-02-02', to: '2026-02-01' }],
    ['a cursor of another list', { from: '2026-02-02', cursor: encodeCursor('by-tenant', { pk: 'a', sk: 'b' }) }],
    [
      'a cursor outside the days',
      { from: '2026-02-02', cursor: encodeCursor('export of history', { pk: '2026-01-01', sk: '' }) },
    ],
    [
      'a cursor whose entry is of another day',
      { from: '2026-02-02', cursor: encodeCursor('export of history', { pk: '2026-02-02', sk: '-1' }) },
    ],
    [
      'a day that there is not',
      { from: '2026-02-02', cursor: encodeCursor('export of history', { pk: '2026-02-31', sk: '' }) },
    ],
  ])('refuses %s', async (_, members) => {
    const { ask } = await aCommandWorld();
    expect(await ask('export-history', members)).toMatchObject(refusal('invalid-request'));
  });
});
