import { expect, test } from 'vitest';
import { readJourney } from '../../../../functions/console/app/sign-in/journey.ts';

test('a journey to the provider is read as it was kept', () => {
  const journey = { verifier: 'v', state: 's', page: '/console/' };

  expect(readJourney(JSON.stringify(journey))).toEqual(journey);
});

test.each([null, '', 'null', '{x', '[]', '7', '"text"', '{"verifier":1,"state":"s","page":"/console/"}', '{}'])(
  'anything else in its place is no journey: %s',
  (text) => {
    expect(readJourney(text)).toBeUndefined();
  },
);
