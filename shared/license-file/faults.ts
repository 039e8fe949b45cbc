import { showInvisible } from '../licensing/show-invisible.ts';

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

/** The most characters of a value that a text quotes, and the most that it shows with the codes of invisible ones. */
const MOST_QUOTED = 60;
const MOST_SHOWN = 160;

/** Returns the beginning of a value in quotes, on one line, with invisible characters as codes. */
export function quote(value: string): string {
  return `"${shorten(value)}"`;
}

/** Returns the beginning of a value, on one line, with invisible characters as codes: `All[U+00A0]modules`. */
export function shorten(value: string): string {
  const start = [...value.slice(0, 2 * MOST_QUOTED)].slice(0, MOST_QUOTED).join('');
  const shown = showInvisible(start);
  const short = shown.length > MOST_SHOWN ? shown.slice(0, shown.lastIndexOf('[', MOST_SHOWN)) : shown;
  return start.length < value.length || short !== shown ? `${short}…` : short;
}

/** Returns the first hundred faults in the order of the file. If there are more, the last one says so. */
export function inFileOrder(faults: readonly (FileFault & { line: number })[]): readonly FileFault[] {
  const ordered = faults
    .toSorted((one, other) => one.line - other.line)
    .map(({ code, place, text }) => ({ code, place, text }));
  if (ordered.length <= MOST_FAULTS) return ordered;
  const more = `There are more than ${MOST_FAULTS} faults in this file; only the first are listed.`;
  return [...ordered.slice(0, MOST_FAULTS - 1), { code: 'more-faults', place: 'file', text: more }];
}
