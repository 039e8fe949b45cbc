import type { Path, Value } from '../licensing/clause.ts';
import { entryOf, setEntry } from '../licensing/entries.ts';
import type { Item, Key, Write } from '../platform/ports/table.ts';

type Mutable = { [name: string]: Value };

/**
 * Returns what an item becomes by an update, as DynamoDB makes it. `item` is only a key when there is no item yet.
 * Throws for a document path that is not in the item, and for adding to a value that is not a number.
 */
export function updatedItem(
  item: Item | Key,
  { set = [], remove = [], add = [] }: Extract<Write, { readonly update: Key }>,
): Item {
  const result: Mutable = structuredClone({ ...item });
  for (const [path, value] of set) {
    const [parent, name] = parentOf(result, path);
    setEntry(parent, name, structuredClone(value));
  }
  for (const path of remove) {
    const [parent, name] = parentOf(result, path);
    delete parent[name];
  }
  for (const [attribute, amount] of add) {
    const before = entryOf(result, attribute) ?? 0;
    if (typeof before !== 'number') throw new Error(`${attribute} is not a number`);
    result[attribute] = before + amount;
  }
  return { ...result, pk: item.pk, sk: item.sk };
}

function parentOf(item: Mutable, path: Path): readonly [Mutable, string] {
  const names = typeof path === 'string' ? [path] : [...path];
  const name = names.pop() ?? '';
  let parent = item;
  for (const step of names) {
    const next = entryOf(parent, step);
    if (!isMap(next)) throw new Error(`the document path ${names.join('.')} is not in the item`);
    parent = next;
  }
  return [parent, name];
}

function isMap(value: Value | undefined): value is Mutable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
