import { searchWords } from '../licensing/login/search-words.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { isUserCard, userCardOf } from '../store/items.ts';
import { searchKey, userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import { searchItem } from '../store/search-items.ts';
import type { ChangedItem } from './changed-item.ts';

/**
 * Makes a user findable by the words of their id and name, after a change of the card. It follows the card as it is
 * now, so records that come twice, late or in another order change nothing, and a removed user is no longer found. A
 * change that leaves the words as they are costs nothing. Any other costs one read and one write.
 */
export async function indexPerson(table: Table, { before, after }: ChangedItem): Promise<void> {
  const [old, changed] = [wordsIn(before), wordsIn(after)];
  const whose = old ?? changed;
  if (whose === undefined || sameWords(old?.words, changed?.words)) return;
  const { tenant, user } = whose;
  const { card } = foundCard(await table.get(userCardKey(tenant, user)));
  const words = card === undefined ? [] : searchWords(card);
  const stale = [...new Set([...(old?.words ?? []), ...(changed?.words ?? [])])].filter(
    (word) => !words.includes(word),
  );
  const writes: readonly Write[] = [
    ...words.map((word) => ({ put: searchItem(tenant, word, user) })),
    ...stale.map((word) => ({ delete: searchKey(tenant, word, user) })),
  ];
  if (writes.length > 0) await table.write(writes);
}

function wordsIn(item: ChangedItem['after']) {
  if (item?.sk !== 'CARD') return undefined;
  const card = userCardOf(item);
  return isUserCard(card) ? { tenant: card.tenant, user: card.user, words: searchWords(card) } : undefined;
}

function sameWords(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one?.join(' ') === other?.join(' ');
}
