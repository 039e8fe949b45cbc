/**
 * The deepest nesting that is accepted. It is deeper than any real request, and far below what the stack of a program
 * can hold.
 */
const DEEPEST = 64;

export const UNUSABLE_TEXT = 'must be well-formed text, and not nested too deeply';

/**
 * Returns whether a JSON value has a text or a name with half a surrogate pair (`"\\ud800"`), which DynamoDB accepts in
 * no item and no key, or is nested so deeply that it could not be written as JSON again.
 */
export function hasUnusableText(given: unknown): boolean {
  let level: readonly unknown[] = [given];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    if (level.some((value) => typeof value === 'string' && !value.isWellFormed())) return true;
    const inner = level.filter((value) => typeof value === 'object' && value !== null);
    level = inner.flatMap((value) => (Array.isArray(value) ? value : Object.entries(value).flat()));
  }
  return false;
}
