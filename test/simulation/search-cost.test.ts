import { expect, it } from 'vitest';
import { aSearchWorld, SEARCHES } from '../fakes/question-costs.ts';

it('searches for people at a cost that does not grow with the tenant, also when no name fits', async () => {
  const [small, large] = [await aSearchWorld(1_500), await aSearchWorld(3_000)];
  const pair = SEARCHES['two common names that nobody has both'];

  // Ten readings of ten words, each with its cards, and the other words as a user id.
  expect(await small(pair, 10)).toEqual({ found: 0, calls: 21, units: 111 });
  expect(await large(pair, 10)).toEqual(await small(pair, 10));
  expect(await large(SEARCHES['a user id'], 10)).toMatchObject({ found: 1, calls: 3 });
  expect(await large(SEARCHES['nobody has it'], 10)).toMatchObject({ found: 0, calls: 1 });
});
