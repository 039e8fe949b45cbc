/** How many seconds pass after each try that failed, as Standard Webhooks recommends; after the last try none is left. */
const PAUSES = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const;

/** Together a little more than a day. */
export const MOST_TRIES = PAUSES.length + 1;

export function pauseAfter(tries: number): number {
  return PAUSES[tries - 1] ?? 0;
}
