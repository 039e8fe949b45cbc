import { holds, type Path, type Value } from '../../shared/licensing/clause.ts';
import type { IndexRange, Item, Key, Range, Refusal, Table, Write, WriteAnswer } from '../../shared/store/table.ts';
import { TABLE } from '../../shared/store/table-definition.ts';

type Mutable = { [name: string]: Value };

/** A table in memory that obeys the rules the service relies on; one contract suite runs on it and on the real engine. */
export function memoryTable(): Table & { readonly items: () => readonly Item[] } {
  const stored = new Map<string, Item>();
  const idOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
  const targetOf = (write: Write): Key =>
    'put' in write ? write.put : 'update' in write ? write.update : 'delete' in write ? write.delete : write.check;

  const write = (writes: readonly Write[]): WriteAnswer => {
    const ids = writes.map((one) => idOf(targetOf(one)));
    if (new Set(ids).size !== ids.length) throw new Error('two writes of one call touch the same item');
    if (writes.length > 100) throw new Error('at most 100 writes');
    const refusals = writes.map((one, index): Refusal | undefined => {
      const item = stored.get(ids[index]!);
      return holds(one.onlyIf ?? [], item) ? undefined : { because: 'condition', item };
    });
    if (refusals.some((refusal) => refusal !== undefined)) return { done: false, refusals };
    writes.forEach((one, index) => {
      const id = ids[index]!;
      if ('put' in one) stored.set(id, structuredClone(one.put));
      else if ('delete' in one) stored.delete(id);
      else if ('update' in one) stored.set(id, updated(stored.get(id) ?? one.update, one));
    });
    return { done: true };
  };

  const query = ({ pk, from = ' ', to = '~', descending = false, limit = 1_000 }: Range) => {
    const found = [...stored.values()].filter((item) => item.pk === pk && item.sk >= from && item.sk <= to);
    const ordered = sorted(found, (item) => item.sk, descending);
    return { items: structuredClone(ordered.slice(0, limit)), more: ordered.length > limit };
  };

  const list = (index: keyof typeof TABLE.indexes, range: IndexRange) => {
    const { partitionKey, sortKey } = TABLE.indexes[index];
    const { partition, from = ' ', to = '\u{10FFFF}', descending = false, limit = 1_000, after } = range;
    const sortOf = (item: Item): string => `${item[sortKey]}`;
    const found = [...stored.values()].filter(
      (item) =>
        item[partitionKey] === partition && item[sortKey] !== undefined && sortOf(item) >= from && sortOf(item) <= to,
    );
    const ordered = sorted(found, (item) => `${sortOf(item)}\n${idOf(item)}`, descending);
    const start = after === undefined ? 0 : ordered.findIndex((item) => idOf(item) === idOf(after)) + 1;
    const page = ordered.slice(start, start + limit).map(({ pk, sk }) => ({ pk, sk }));
    const last = page.at(-1);
    return start + limit < ordered.length && last !== undefined ? { keys: page, next: last } : { keys: page };
  };

  return {
    get: async (key) => structuredClone(stored.get(idOf(key))),
    getMany: async (keys) => keys.map((key) => structuredClone(stored.get(idOf(key)))),
    query: async (range) => query(range),
    list: async (index, range) => list(index, range),
    write: async (writes) => structuredClone(write(writes)),
    items: () => [...stored.values()],
  };
}

function sorted(items: readonly Item[], by: (item: Item) => string, descending: boolean): readonly Item[] {
  const order = descending ? -1 : 1;
  return items.toSorted((one, other) => (by(one) < by(other) ? -order : order));
}

function updated(
  item: Item | Key,
  { set = [], remove = [], add = [] }: Extract<Write, { readonly update: Key }>,
): Item {
  const result: Mutable = structuredClone({ ...item });
  for (const [path, value] of set) {
    const [parent, name] = parentOf(result, path);
    parent[name] = structuredClone(value);
  }
  for (const path of remove) {
    const [parent, name] = parentOf(result, path);
    delete parent[name];
  }
  for (const [attribute, amount] of add) result[attribute] = Number(result[attribute] ?? 0) + amount;
  return result as Item;
}

function parentOf(item: Mutable, path: Path): readonly [Mutable, string] {
  const names = typeof path === 'string' ? [path] : [...path];
  const name = names.pop()!;
  let parent = item;
  for (const step of names) {
    const next = parent[step];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) {
      throw new Error(`the document path ${names.join('.')} is not in the item`);
    }
    parent = next as Mutable;
  }
  return [parent, name];
}
