/** One fault in a file: a stable code, its place, and a text that says what an administrator can do about it. */
export type FileFault = { code: string; place: string; text: string };

export type Rejection = 'reject:zip' | 'reject:xml' | 'reject:schema' | 'reject:limit';
export type Refusal = { verdict: Rejection; faults: readonly FileFault[] };

/**
 * The most faults that the report of one file names. A file with more needs to be replaced, and a longer list would not
 * help.
 */
export const MOST_FAULTS = 100;

/** Returns a refusal with a single fault. */
export function refuse(verdict: Rejection, code: string, place: string, text: string): Refusal {
  return { verdict, faults: [{ code, place, text }] };
}

export function isRefusal(outcome: object): outcome is Refusal {
  return 'verdict' in outcome && 'faults' in outcome;
}

/** Returns a value in quotes for a fault's text: at most 60 characters, on one line. */
export function quote(value: string): string {
  return `"${shorten(value)}"`;
}

/**
 * Returns at most 60 characters of a value, on one line. Characters that cannot be seen, or that look like others, are
 * shown by their code: `All[U+00A0]modules`.
 */
export function shorten(value: string): string {
  const characters = [...value.slice(0, 121)];
  const start = characters.slice(0, 60).map(shown).join('');
  return characters.length > 60 ? `${start}…` : start;
}

function shown(character: string): string {
  if (!UNSEEN.test(character)) return character;
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/**
 * Control and format characters, blanks but the usual one, hyphens and dashes beyond ASCII, combining marks, characters
 * that show nothing, and codes without a character, U+FFFD for a lost letter among them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{M}\p{Default_Ignorable_Code_Point}\u2010-\u2015\uFFFD]|(?! )\p{Zs}/u;

/** Returns the first hundred faults in the order of the file. If there are more, the last one says so. */
export function inFileOrder(faults: readonly (FileFault & { line: number })[]): readonly FileFault[] {
  const ordered = faults
    .toSorted((one, other) => one.line - other.line)
    .map(({ code, place, text }) => ({ code, place, text }));
  if (ordered.length <= MOST_FAULTS) return ordered;
  const more = `There are more than ${MOST_FAULTS} faults in this file; only the first are listed.`;
  return [...ordered.slice(0, MOST_FAULTS - 1), { code: 'more-faults', place: 'file', text: more }];
}
