/**
 * Returns at most so many UTF-16 units from the beginning of a text. Half a surrogate pair at the cut is left out: keys
 * of the table cannot hold it.
 */
export function beginning(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}
