import { expect, test } from 'vitest';
import { changedFacts } from '../../../../functions/console/app/users/card-facts.ts';

const ada = { name: 'Ada', folder: 'Finance', access: 'write', level: 'normal' } as const;

test('only what differs from what was read is sent', () => {
  expect(changedFacts(ada, { ...ada, folder: '' })).toEqual({ folder: '' });
  expect(changedFacts(ada, ada)).toEqual({});
});

test('a name that is empty is not sent, and keeps the one that the card has', () => {
  expect(changedFacts(ada, { ...ada, name: undefined, level: 'root' })).toEqual({ level: 'root' });
});

test('everything of a new card is sent', () => {
  expect(changedFacts(undefined, ada)).toEqual(ada);
});
