/** How many licenses or user cards a command changes at a time. */
const AT_A_TIME = 10;

/** Calls `each` for all, a group at a time, and returns the results in the order of `all`. */
export async function mapInGroups<One, Result>(
  all: readonly One[],
  each: (one: One) => Promise<Result>,
  atATime: number = AT_A_TIME,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < all.length; start += atATime) {
    results.push(...(await Promise.all(all.slice(start, start + atATime).map(each))));
  }
  return results;
}
