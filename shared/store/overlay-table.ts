import { holds } from '../licensing/clause.ts';
import { type Item, type Key, type Table, targetOf, type Write, type WriteRefusal } from '../platform/ports/table.ts';
import { updatedItem } from './updated-item.ts';

/**
 * Returns the table as it would be after writes that are not made. The writes stay in memory, and every later strongly
 * consistent read sees them; `list` does not. It serves to explain what somebody would get, and is meant for a few
 * writes.
 */
export function overlayTable(table: Table): Table {
  /** By key: the item as it would be, or undefined if it would be deleted. */
  const foreseen = new Map<string, { readonly item: Item | undefined }>();
  const seen = (key: Key, item: Item | undefined) => (foreseen.has(idOf(key)) ? foreseen.get(idOf(key))?.item : item);
  const getMany: Table['getMany'] = async (keys) => {
    const items = await table.getMany(keys);
    return keys.map((key, position) => seen(key, items[position]));
  };

  return {
    get: async (key) => seen(key, await table.get(key)),
    getMany,
    getAtOnce: getMany,
    list: table.list,
    query: async (range) => {
      const { pk, from = ' ', to = '~', descending = false, limit } = range;
      // Asks for as many more as may be deleted, so that no page is empty before the last one.
      const asked = limit === undefined ? {} : { limit: limit + foreseen.size };
      const { items, more } = await table.query({ ...range, ...asked });
      const others = items.filter((item) => !foreseen.has(idOf(item)));
      // Items in memory behind the end of this page belong to a later page.
      const last = more ? items.at(-1)?.sk : undefined;
      const [first, end] = last === undefined ? [from, to] : descending ? [last, to] : [from, last];
      const added = [...foreseen.values()].flatMap(({ item }) =>
        item !== undefined && item.pk === pk && item.sk >= first && item.sk <= end ? [item] : [],
      );
      const sorted = [...others, ...added].toSorted((one, other) => (one.sk < other.sk !== descending ? -1 : 1));
      const page = sorted.slice(0, limit);
      return { items: page, more: more || page.length < sorted.length };
    },
    write: async (writes) => {
      const before = await getMany(writes.map(targetOf));
      const refusals = writes.map((one, position): WriteRefusal | undefined => {
        const item = before[position];
        return holds(one.onlyIf ?? [], item) ? undefined : { because: 'condition', item };
      });
      if (refusals.some((refusal) => refusal !== undefined)) return { done: false, refusals };
      for (const [position, one] of writes.entries()) {
        foreseen.set(idOf(targetOf(one)), { item: resultOf(one, before[position]) });
      }
      return { done: true };
    },
  };
}

function resultOf(write: Write, item: Item | undefined): Item | undefined {
  if ('put' in write) return write.put;
  if ('delete' in write) return undefined;
  return 'update' in write ? updatedItem(item ?? write.update, write) : item;
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}
