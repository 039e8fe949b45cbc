/** A value of a row; nothing for one that is absent. */
type Row = { readonly [name: string]: unknown };

/**
 * Rows as CSV (RFC 4180), a column per name: `before.folder` is the member `folder` of the member `before`. A spreadsheet
 * takes nothing in it for a formula.
 */
export function csvOf(columns: readonly string[], rows: readonly Row[], withHeader: boolean): string {
  const lines = rows.map((row) => columns.map((column) => cell(valueAt(row, column.split('.')))));
  return (withHeader ? [columns, ...lines] : lines).map((line) => `${line.join(',')}\r\n`).join('');
}

function valueAt(value: unknown, [name, ...further]: readonly string[]): unknown {
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null && name in value
    ? valueAt(Object.entries(value).find(([key]) => key === name)?.[1], further)
    : undefined;
}

function cell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** What spreadsheets take for a formula, or for the cell after which one begins (OWASP, CSV injection). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const FORMULA = /^[=+\-@\t\r\n\u0000]/;
const QUOTED = /[",\r\n]|^\s|\s$/;
