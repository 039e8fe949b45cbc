import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCsv } from '../../../../functions/console/app/ui/csv.ts';
import { csvOf } from '../../../../shared/administration/csv.ts';

test('a cell that a spreadsheet could take for a formula is harmless, as in the exports of the service', () => {
  const signs = fc.constantFrom('=', '＋', '-', '@', '"', "'", ' ', ',', ';', '\t', '\n', '\u200b', 'a');
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 8 }), (cell) => {
      const [, ...exported] = csvOf(['one'], [{ one: `x${cell.join('')}` }, { one: cell.join('') }], true).split(
        '\r\n',
      );
      const own = toCsv([[`x${cell.join('')}`], [cell.join('')]])
        .replace('\ufeff', '')
        .split('\r\n');
      const plain = (line: string) => (line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line);
      expect(own.map(plain)).toEqual(exported.map(plain));
    }),
  );
});
