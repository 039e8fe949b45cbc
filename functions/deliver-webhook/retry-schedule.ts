/** The seconds to wait after each failed try, as Standard Webhooks recommends. After the last try there is no pause. */
const PAUSES = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const;

/** The sum is a little more than a day. */
export const MOST_TRIES = PAUSES.length + 1;

/** Returns the seconds until the next try. There is no pause after the last one. */
export function pauseAfter(tries: number): number {
  return PAUSES[tries - 1] ?? 0;
}
