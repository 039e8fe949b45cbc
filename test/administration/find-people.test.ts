import { expect, test } from 'vitest';
import { indexPerson } from '../../shared/history/index-person.ts';
import { userCardItem } from '../../shared/store/items.ts';
import { aCommandWorld } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aUserCard } from '../fakes/world.ts';

const cards = [
  aUserCard({ user: '00000003-aaaa-4bbb', name: 'Ada Lovelace' }),
  aUserCard({ user: 'aino@acme.example', name: 'Aino Väisälä-Öhman', folderId: 'sales' }),
  aUserCard({ user: 'lovisa', name: 'Bo Berg' }),
  aUserCard({ user: 'nameless' }),
  aUserCard({ user: 'zoe\u{1F600}', name: 'Ito \u{20BB7}\u{20BB7}' }),
  ...Array.from({ length: 30 }, (_, index) => aUserCard({ user: `u${index}`, name: `Matti Meikäläinen ${index}` })),
];

async function aSearchableWorld() {
  const table = memoryTable();
  const office = await aCommandWorld({ table, cards });
  for (const card of cards) await indexPerson(table, { sequenceNumber: '1', after: userCardItem(card, undefined) });
  const search = async (text: string, more: object = {}) => {
    const { userCards, cursor } = (await office.ask('list-user-cards', { search: text, ...more })) as {
      userCards: { user: string }[];
      cursor?: string;
    };
    return { users: userCards.map(({ user }) => user), cursor };
  };
  return { ...office, search };
}

test.each([
  ['the start of a word of the name', 'lovel', ['00000003-aaaa-4bbb']],
  ['the start of an id, and of a word of another name', 'lov', ['00000003-aaaa-4bbb', 'lovisa']],
  ['another case and no accents', 'VAISALA', ['aino@acme.example']],
  ['a part of a double name', 'öhm', ['aino@acme.example']],
  ['words in any order', 'lovelace ada', ['00000003-aaaa-4bbb']],
  ['the start of an id with other characters', 'aino@acme', ['aino@acme.example']],
  ['the start of an id, whatever character follows', 'zoe', ['zoe\u{1F600}']],
  ['the start of a word with characters beyond the first 65,536', '\u{20BB7}', ['zoe\u{1F600}']],
  ['an id with hyphens', '00000003-aa', ['00000003-aaaa-4bbb']],
  ['nobody, for the middle of a word', 'ovelace', []],
  ['nobody, where one of the words fits nobody', 'ada berg', []],
  ['nobody, for signs alone', '!!', []],
])('finds people by %s', async (_what, text, users) => {
  const { search } = await aSearchableWorld();

  expect((await search(text)).users).toEqual(users);
});

test('finds each person once over all pages, and only people in the requested folder', async () => {
  const { search } = await aSearchableWorld();
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await search('matti m', { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.users);
    cursor = page.cursor;
  } while (cursor !== undefined);

  expect(found.toSorted()).toEqual(Array.from({ length: 30 }, (_, index) => `u${index}`).toSorted());
  expect((await search('aino', { folder: 'Sales' })).users).toEqual(['aino@acme.example']);
  expect((await search('aino', { folder: 'Finance' })).users).toEqual([]);
});
