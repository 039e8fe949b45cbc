const BYTE_ORDER_MARK = '\ufeff';

type Row = { readonly [name: string]: unknown };

/**
 * Writes rows as CSV (RFC 4180) with a column for each name. The column `before.folder` has the member `folder` of the
 * member `before`. No spreadsheet takes a cell for a formula. The first page begins with a byte order mark, without
 * which Excel does not read UTF-8, and with the names of the columns.
 */
export function csvOf(columns: readonly string[], rows: readonly Row[], isFirst: boolean): string {
  const lines = rows.map((row) => columns.map((column) => cell(valueAt(row, column.split('.')))));
  const text = (isFirst ? [columns, ...lines] : lines).map((line) => `${line.join(',')}\r\n`).join('');
  return isFirst ? `${BYTE_ORDER_MARK}${text}` : text;
}

function valueAt(value: unknown, [name, ...further]: readonly string[]): unknown {
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null && name in value
    ? valueAt(Object.entries(value).find(([key]) => key === name)?.[1], further)
    : undefined;
}

function cell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  const harmless = text.replace(FORMULA, "'");
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * Matches every place where a spreadsheet would begin a formula (OWASP, CSV injection), whether its cells are separated
 * by a comma, a semicolon or a tab. It is the beginning, or the place after a separator, followed by a formula's first
 * character. Blanks, quotes and invisible characters may come in between.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern must match these characters.
const FORMULA = /(?<=^|[,;\t\r\n\u0000])(?=["'\s\p{Cf}\u0000]*[=+\-@＝＋－＠])/gu;
const QUOTED = /[",\r\n]|^\s|\s$/;
