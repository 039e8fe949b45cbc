/**
 * Matches every place where a spreadsheet would begin a formula, as the exports of the service do: the beginning, or the
 * place after a separator, followed by a formula's first character. Blanks, quotes and invisible characters may come in
 * between.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern must match these characters.
const FORMULA = /(?<=^|[,;\t\r\n\u0000])(?=["'\s\p{Cf}\u0000]*[=+\-@＝＋－＠])/gu;

/** Writes rows as CSV (RFC 4180) with a byte order mark, without which Excel does not read UTF-8. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => row.map((cell) => `"${cell.replace(FORMULA, "'").replaceAll('"', '""')}"`).join(','));
  return `\uFEFF${lines.map((line) => `${line}\r\n`).join('')}`;
}
