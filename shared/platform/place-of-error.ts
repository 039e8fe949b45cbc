/**
 * Returns the name of an error, and the place in our own code that it came from, as file and line. Its message is not
 * logged, because it may quote input.
 */
export function placeOfError(error: unknown): { readonly why: string; readonly where: string | undefined } {
  if (!(error instanceof Error)) return { why: 'unknown', where: undefined };
  const [, source] = OURS.exec(error.stack ?? '') ?? [];
  const [, first] = /^ +at (.*)$/m.exec(error.stack ?? '') ?? [];
  return { why: error.name, where: source ?? first };
}

/** The first line of a stack that is in our sources. Above it may be lines of Node and of libraries. */
const OURS = /^ +at .*?\b((?:functions|shared)\/[^\s():]+\.ts:\d+):\d+\)?$/m;
