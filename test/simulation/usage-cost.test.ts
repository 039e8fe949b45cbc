import { beforeAll, describe, expect, it } from 'vitest';
import { aUsageWorld, USAGE_ANSWERS } from '../fakes/usage-world.ts';

let worlds: Record<'small' | 'large', Awaited<ReturnType<typeof aUsageWorld>>>;
beforeAll(async () => {
  worlds = { small: await aUsageWorld(1_000), large: await aUsageWorld(100_000) };
}, 60_000);

describe('the pools', () => {
  it('cost 8 calls for a thousand licenses, and 24 for a hundred thousand, linear in units', async () => {
    const small = await worlds.small.metered('get-pools');
    const large = await worlds.large.metered('get-pools');

    expect(small.answer).toMatchObject({ pools: [{ owned: 500, free: 500 }, { owned: 500 }] });
    expect(large.answer).toMatchObject({ pools: [{ owned: 50_000, free: 50_000 }, { owned: 50_000 }] });
    expect(small.meter.calls).toBe(8);
    expect(large.meter.calls).toBe(24);
    expect(small.meter.units).toBeLessThanOrEqual(60);
    expect(large.meter.units).toBeLessThanOrEqual(5_500);
    expect(large.meter.held).toBeLessThanOrEqual(5_000);
  }, 60_000);
});

describe('what is counted by day and by hour', () => {
  it.each(USAGE_ANSWERS.slice(1))('%s %j costs the same with a hundred thousand licenses', async (command, members) => {
    const small = await worlds.small.metered(command, members);
    const large = await worlds.large.metered(command, members);

    expect(small.answer).not.toHaveProperty('error');
    expect(small.answer).not.toHaveProperty('cursor');
    expect(large.meter.calls).toBe(small.meter.calls);
    // Numbers of more digits.
    expect(large.meter.units / small.meter.units).toBeLessThanOrEqual(1.05);
    expect(large.meter.calls).toBeLessThanOrEqual(60);
    expect(large.meter.units).toBeLessThanOrEqual(400);
  });
});
