/**
 * Calls a function for every index from 0 to below `count`, at most `atOnce` at a time. After an error it starts no
 * more calls, and throws the error at the end.
 */
export async function mapConcurrently(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const lanes = { next: 0, failed: false };
  const lane = async (): Promise<void> => {
    while (lanes.next < count && !lanes.failed) {
      const index = lanes.next;
      lanes.next += 1;
      await work(index).catch((error: unknown) => {
        lanes.failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
