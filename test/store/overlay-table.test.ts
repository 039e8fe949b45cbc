import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, present } from '../../shared/licensing/clause.ts';
import { defined } from '../../shared/licensing/defined.ts';
import {
  type Item,
  type Key,
  type Range,
  type Table,
  targetOf,
  type Write,
} from '../../shared/platform/ports/table.ts';
import { overlayTable } from '../../shared/store/overlay-table.ts';
import { memoryTable } from '../fakes/memory-table.ts';

const key: fc.Arbitrary<Key> = fc.record({
  pk: fc.constantFrom('A', 'B'),
  sk: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
});
const value = fc.integer({ min: 0, max: 9 });
const onlyIf = fc.constantFrom([], [present('pk')], [absent('pk')]);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc
    .record({ key, value, onlyIf })
    .map((one): Write => ({ put: { ...one.key, value: one.value }, onlyIf: one.onlyIf })),
  fc.record({ key, onlyIf }).map((one): Write => ({ delete: one.key, onlyIf: one.onlyIf })),
  fc.record({ key, value, onlyIf }).map(
    (one): Write => ({
      update: one.key,
      set: [['seen', one.value]],
      remove: ['value'],
      add: [['count', 1]],
      onlyIf: one.onlyIf,
    }),
  ),
);
const writes = fc.uniqueArray(write, {
  maxLength: 3,
  selector: (one) => `${targetOf(one).pk} ${targetOf(one).sk}`,
});

describe('an overlay table', () => {
  it('answers as the table would after the writes, and writes nothing', async () => {
    const range = fc.record({
      pk: fc.constantFrom('A', 'B'),
      from: fc.constantFrom('a', 'b', 'c'),
      to: fc.constantFrom('c', 'd', 'e'),
      descending: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(key), fc.array(writes, { maxLength: 6 }), range, async (filled, groups, asked) => {
        const [beneath, real] = [memoryTable(), memoryTable()];
        for (const table of [beneath, real])
          for (const one of filled) await table.write([{ put: { ...one, value: 1 } }]);
        const before = beneath.items();
        const foreseen = overlayTable(beneath);

        for (const group of groups) {
          expect(await foreseen.write(group)).toEqual(await real.write(group));
        }

        const { items } = await real.query(asked);
        expect((await foreseen.query(asked)).items).toEqual(items);
        const keys = items.map(({ pk, sk }) => ({ pk, sk }));
        expect(await foreseen.getAtOnce(keys)).toEqual(items);
        for (const one of keys) expect(await foreseen.get(one)).toEqual(await real.get(one));
        expect(beneath.items()).toEqual(before);
        // Page by page nothing is passed over either, though the pages end elsewhere.
        expect(await pagesOf(foreseen, { ...asked, descending: false })).toEqual(
          (await real.query({ ...asked, descending: false })).items,
        );
      }),
      { numRuns: 500 },
    );
  });
});

async function pagesOf(table: Table, asked: Range) {
  const items: Item[] = [];
  for (let from = asked.from; ; from = `${items.at(-1)?.sk} `) {
    const page = await table.query(defined({ ...asked, from, limit: 2 }));
    items.push(...page.items);
    if (!page.more || page.items.length === 0 || items.length > 10) return items;
    if (`${items.at(-1)?.sk} ` > `${asked.to}`) return items;
  }
}
