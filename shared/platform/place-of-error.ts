/** Returns the name of an error, and the line of code that threw it. Its message is not logged, because it may quote input. */
export function placeOfError(error: unknown): { readonly why: string; readonly where: string | undefined } {
  if (!(error instanceof Error)) return { why: 'unknown', where: undefined };
  const lines = error.stack?.split('\n');
  return { why: error.name, where: lines?.find((line) => /^ +at /.test(line))?.trim() };
}
