import { expect, it } from 'vitest';
import { costOfFolder } from '../fakes/question-costs.ts';

const SMALL = 1_000;
const LARGE = 100_000;

it('explains a folder at a cost that does not grow with the licenses', async () => {
  const [small, large] = [
    await costOfFolder({ people: 100, licenses: SMALL }),
    await costOfFolder({ people: 100, licenses: LARGE }),
  ];

  expect(small).toMatchObject({ people: 100, allocated: 100 });
  expect(large.calls).toBe(small.calls);
}, 60_000);

it('explains a folder at a cost that is linear in its people: a hundred cards in a read', async () => {
  for (const people of [SMALL, LARGE]) {
    const { allocated, calls, writes } = await costOfFolder({ people, licenses: people / 2 });

    expect(allocated).toBe(people / 2);
    // Pages of keys and of licenses, and the lock of reading.
    expect(calls).toBeLessThanOrEqual(people / 100 + people / 500 + people / 2 / 1_000 + 20);
    expect(writes).toBe(2);
  }
}, 120_000);
