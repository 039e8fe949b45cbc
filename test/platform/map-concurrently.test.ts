import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../shared/platform/map-concurrently.ts';

describe('concurrent calls', () => {
  it('run for every index once, at most so many at a time', async () => {
    const called: number[] = [];
    let running = 0;
    let most = 0;

    await mapConcurrently(7, 3, async (index) => {
      called.push(index);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });

    expect(called).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });

  it('start no more after an error, which is thrown when the running ones have ended', async () => {
    const ended: number[] = [];
    const calls = mapConcurrently(9, 2, async (index) => {
      if (index === 1) throw new Error('down');
      await Promise.resolve().then(() => Promise.resolve());
      ended.push(index);
    });

    await expect(calls).rejects.toThrow('down');
    expect(ended).toEqual([0]);
  });
});
