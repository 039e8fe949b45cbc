import { expect, test } from 'vitest';
import { indexPerson } from '../../shared/history/index-person.ts';
import type { UserCard } from '../../shared/licensing/login/user-card.ts';
import { userCardItem } from '../../shared/store/items.ts';
import { searchKey, userCardKey } from '../../shared/store/keys.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aUserCard } from '../fakes/world.ts';

const itemOf = (facts: Partial<UserCard>) => userCardItem(aUserCard(facts), undefined);
const ADA = itemOf({ name: 'Ada Lovelace' });

function aTable() {
  const table = memoryTable();
  const words = () =>
    table
      .items()
      .filter(({ pk }) => pk === searchKey('acme', '', '').pk)
      .map(({ sk, user }) => [sk.split('#')[0], user]);
  return { table, words };
}

test('makes a new user findable by the id and each word of the name', async () => {
  const { table, words } = aTable();
  await table.write([{ put: ADA }]);

  await indexPerson(table, { sequenceNumber: '1', after: ADA });
  await indexPerson(table, { sequenceNumber: '1', after: ADA });

  expect(words()).toEqual([
    ['ada', 'ada'],
    ['lovelace', 'ada'],
  ]);
});

test('follows a change of the name, and forgets a user who is removed', async () => {
  const { table, words } = aTable();
  const married = itemOf({ name: 'Ada King' });
  await table.write([{ put: married }]);
  await indexPerson(table, { sequenceNumber: '1', after: ADA });
  await indexPerson(table, { sequenceNumber: '2', before: ADA, after: married });

  expect(words()).toEqual([
    ['ada', 'ada'],
    ['king', 'ada'],
  ]);

  const marks = { tenant: 'acme', user: 'ada', ended: {}, ...userCardKey('acme', 'ada') };
  await table.write([{ put: marks }]);
  await indexPerson(table, { sequenceNumber: '3', before: married, after: marks });
  expect(words()).toEqual([]);
});

test('follows the card as it is now when records come late: a removed user cannot be found', async () => {
  const { table, words } = aTable();

  await indexPerson(table, { sequenceNumber: '1', after: ADA });

  expect(words()).toEqual([]);
});

test('reads and writes nothing when the words stay the same', async () => {
  const { table } = aTable();
  const reading = { ...table, get: () => Promise.reject(new Error('nothing is read')) };
  const moved = itemOf({ name: 'Ada Lovelace', folderId: 'sales' });

  await expect(indexPerson(reading, { sequenceNumber: '1', before: ADA, after: moved })).resolves.toBeUndefined();
  const license = { pk: 'L#acme#F1', sk: 'LICENSE' };
  await expect(indexPerson(reading, { sequenceNumber: '2', before: license })).resolves.toBeUndefined();
});
