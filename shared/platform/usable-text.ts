/** Deeper than anything that somebody sends here, and far from what a program's stack holds. */
const DEEPEST = 64;

export const UNUSABLE_TEXT = 'must be well-formed text, and not nested too deeply';

/**
 * Whether a value of JSON has a text or a name with half a surrogate pair (`"\\ud800"`), which the table takes in no item
 * and in no key, or is nested deeper than it could be written as JSON again.
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
