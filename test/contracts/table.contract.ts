import { beforeAll, describe, expect, it } from 'vitest';
import {
  absent,
  any,
  atLeast,
  atMost,
  type Clause,
  different,
  equal,
  holds,
  present,
  type Value,
} from '../../shared/licensing/clause.ts';
import {
  type Item,
  ItemTooLarge,
  type Key,
  MOST_ITEM_BYTES,
  type Table,
  type Write,
} from '../../shared/platform/ports/table.ts';
import { type IndexName, TABLE } from '../../shared/platform/ports/table-definition.ts';

const KEY: Key = { pk: 'A#1', sk: 'ITEM' };
const ITEM: Item = {
  ...KEY,
  text: 'm',
  number: 5,
  flag: true,
  nothing: null,
  empty: {},
  blank: '',
  list: [1, 'two', { three: 3 }],
  map: { one: 1, inner: { name: 'deep', 'a b.c#d': 'odd', '': 'nameless' } },
};

/** Each clause with what it must say of `ITEM`, and of no item at all. */
const CLAUSES: readonly (readonly [title: string, clause: Clause, ofItem: boolean, ofNone: boolean])[] = [
  ['absent: there', absent('text'), false, true],
  ['absent: not there', absent('other'), true, true],
  ['absent: null is there', absent('nothing'), false, true],
  ['absent: inside a map', absent(['map', 'one']), false, true],
  ['absent: inside a map that is not there', absent(['other', 'one']), true, true],
  ['absent: inside what is no map', absent(['text', 'one']), true, true],
  ['absent: the key', absent('pk'), false, true],
  ['present: there', present('text'), true, false],
  ['present: an empty text', present('blank'), true, false],
  ['present: not there', present('other'), false, false],
  ['present: the key', present('pk'), true, false],
  ['present: deep', present(['map', 'inner', 'name']), true, false],
  ['equal: text', equal('text', 'm'), true, false],
  ['equal: another text', equal('text', 'M'), false, false],
  ['equal: number', equal('number', 5), true, false],
  ['equal: a number as text', equal('number', '5'), false, false],
  ['equal: boolean', equal('flag', true), true, false],
  ['equal: null', equal('nothing', null), true, false],
  ['equal: null and nothing', equal('other', null), false, false],
  ['equal: an empty map', equal('empty', {}), true, false],
  ['equal: an empty map and a full one', equal('map', {}), false, false],
  ['equal: a list', equal('list', [1, 'two', { three: 3 }]), true, false],
  ['equal: a list in another order', equal('list', ['two', 1, { three: 3 }]), false, false],
  [
    'equal: a map whatever the order of its names',
    equal('map', { inner: { '': 'nameless', 'a b.c#d': 'odd', name: 'deep' }, one: 1 }),
    true,
    false,
  ],
  ['equal: a part of a map', equal('map', { one: 1 }), false, false],
  ['equal: a name with blanks, dots and signs', equal(['map', 'inner', 'a b.c#d'], 'odd'), true, false],
  ['different: another text', different('text', 'n'), true, true],
  ['different: the same text', different('text', 'm'), false, true],
  ['different: an absent attribute differs from everything', different('other', 'm'), true, true],
  ['different: another kind', different('number', '5'), true, true],
  ['atLeast: equal', atLeast('text', 'm'), true, false],
  ['atLeast: above', atLeast('text', 'l'), true, false],
  ['atLeast: below', atLeast('text', 'n'), false, false],
  ['atLeast: an absent attribute', atLeast('other', 'a'), false, false],
  ['atLeast: another kind', atLeast('number', 'a'), false, false],
  ['atLeast: numbers are not texts', atLeast('number', 10), false, false],
  ['atMost: equal', atMost('number', 5), true, false],
  ['atMost: above', atMost('number', 10), true, false],
  ['atMost: below', atMost('number', 4), false, false],
  ['atMost: an absent attribute', atMost('other', 'z'), false, false],
  ['atMost: another kind', atMost('text', 5), false, false],
  ['any: none', any(absent('text'), equal('number', 6)), false, true],
  ['any: the second', any(absent('text'), equal('number', 5)), true, true],
  ['any: nested', any(equal('text', 'x'), any(equal('number', 5), equal('number', 6))), true, false],
];

/** Names that every object has, or that stand for its prototype. */
const INHERITED = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'isPrototypeOf',
  'length',
  '~__proto__',
];

const nested = (levels: number): Value => (levels === 0 ? 'deep' : { inner: nested(levels - 1) });

const putting = (attributes: Record<string, Value>) => (table: Table) =>
  table.write([{ put: { ...KEY, ...attributes } }]);
const updating = (update: Omit<Extract<Write, { update: Key }>, 'update' | 'onlyIf'>) => (table: Table) =>
  table.write([{ update: KEY, onlyIf: [], ...update }]);

/** The longest key, once of one byte for each character, and once of three. */
const LONGEST: readonly Key[] = [
  { pk: 'p'.repeat(2_048), sk: 's'.repeat(1_024) },
  { pk: `${'€'.repeat(682)}pp`, sk: `${'€'.repeat(341)}s` },
];

/** Keys that no call accepts. */
const NO_KEYS: readonly (readonly [title: string, key: Key])[] = [
  ['an empty partition key', { ...KEY, pk: '' }],
  ['an empty sort key', { ...KEY, sk: '' }],
  ...LONGEST.flatMap((key): (readonly [string, Key])[] => [
    [`a byte more of a partition key of ${key.pk[0]}`, { ...key, pk: `${key.pk}p` }],
    [`a byte more of a sort key of ${key.sk[0]}`, { ...key, sk: `${key.sk}s` }],
  ]),
  ['half a surrogate pair in a partition key', { ...KEY, pk: '\uD83D' }],
  ['half a surrogate pair in a sort key', { ...KEY, sk: 'x\uDE00' }],
];

/** Other calls that fail whatever is stored. */
const REFUSED: readonly (readonly [title: string, call: (table: Table) => Promise<unknown>])[] = [
  ['half a surrogate pair in a value', putting({ text: '\uD83D' })],
  ['half a surrogate pair deep in a value', putting({ list: [{ name: '\uD83D' }] })],
  ['half a surrogate pair in a name', putting({ map: { '\uD83D': 1 } })],
  ['half a surrogate pair in an update', updating({ set: [['text', '\uD83D']] })],
  ['half a surrogate pair in a condition', (table) => table.write([{ put: KEY, onlyIf: [equal('text', '\uD83D')] }])],
  ['half a surrogate pair in a range', (table) => table.query({ ...KEY, from: '\uD83D', to: '\uFFFF' })],
  ['half a surrogate pair in a list', (table) => table.list('by-tenant', { partition: '\uD83D' })],
  ['a place without the keys of the index', (table) => table.list('by-tenant', { partition: 'T', after: KEY })],
  ['an empty key of an index', putting({ tenantKey: 'T', tenantSort: '' })],
  ['an update to an empty key of an index', updating({ set: [['tenantSort', '']] })],
  ['a number as key of an index', putting({ tenantKey: 'T', tenantSort: 1 })],
  ['a value that is nested too deeply', putting({ value: nested(32) })],
  ['a number that is none', putting({ number: Number.NaN })],
  ['a change of a key', updating({ set: [['sk', 'other']] })],
  ['a path twice in an update', updating({ set: [['text', 'a']], remove: ['text'] })],
  [
    'a path within another one in an update',
    updating({
      set: [
        ['map', {}],
        [['map', 'one'], 1],
      ],
    }),
  ],
  ['an expression that is too long', updating({ set: Array.from({ length: 400 }, (_, index) => [`name${index}`, 1]) })],
  ['a check without a condition', (table) => table.write([{ check: KEY, onlyIf: [] }])],
  ['a limit of 0', (table) => table.query({ pk: KEY.pk, limit: 0 })],
  [
    'more than 4 MB at once',
    (table) =>
      table.write(
        Array.from({ length: 11 }, (_, index) => ({
          put: { pk: `B#${index}`, sk: 'ITEM', text: 'x'.repeat(400_000) },
        })),
      ),
  ],
];

/** What a `Table` promises: runs on the fake and on the real engine. */
export function tableContract(name: string, newTable: () => Promise<Table>): void {
  describe(`the table: ${name}`, () => {
    let table: Table;
    const fresh = (): void => {
      beforeAll(async () => {
        table = await newTable();
      });
    };

    describe('conditions', () => {
      fresh();

      it.each(CLAUSES)('%s', async (_title, clause, ofItem, ofNone) => {
        await table.write([{ put: ITEM }]);
        const none: Key = { pk: 'A#none', sk: 'ITEM' };

        const alone = await table.write([{ check: KEY, onlyIf: [clause] }]);
        const single = await table.write([{ put: ITEM, onlyIf: [clause] }]);
        const inGroup = await table.write([
          { check: KEY, onlyIf: [clause] },
          { check: { pk: 'A#2', sk: 'ITEM' }, onlyIf: [absent('pk')] },
        ]);
        const onNone = await table.write([{ check: none, onlyIf: [clause] }]);

        const refusal = { because: 'condition', item: ITEM };
        expect(alone).toEqual(ofItem ? { done: true } : { done: false, refusals: [refusal] });
        expect(single).toEqual(alone);
        expect(inGroup).toEqual(ofItem ? { done: true } : { done: false, refusals: [refusal, undefined] });
        expect(onNone).toEqual(
          ofNone ? { done: true } : { done: false, refusals: [{ because: 'condition', item: undefined }] },
        );
        expect(holds([clause], ITEM), 'the pure check').toBe(ofItem);
        expect(holds([clause], undefined), 'the pure check of no item').toBe(ofNone);
      });

      it('demands all of several clauses', async () => {
        await table.write([{ put: ITEM }]);

        expect(await table.write([{ check: KEY, onlyIf: [equal('text', 'm'), equal('number', 5)] }])).toEqual({
          done: true,
        });
        expect(await table.write([{ check: KEY, onlyIf: [equal('text', 'm'), equal('number', 6)] }])).toMatchObject({
          done: false,
        });
      });
    });

    describe('writes', () => {
      fresh();
      const key: Key = { pk: 'W#1', sk: 'ITEM' };

      it('returns values as they were put', async () => {
        await table.write([{ put: ITEM }]);

        expect(await table.get(KEY)).toEqual(ITEM);
      });

      it.each(INHERITED)('keeps an entry of a map that is named like a member of every object: %s', async (name) => {
        const map = (value: string) => Object.fromEntries([[name, value]]);
        const entriesOf = async () => Object.entries((await table.get(key))?.['map'] ?? {});
        await table.write([{ put: { ...key, map: {} } }]);
        const free = await table.write([
          { update: key, set: [[['map', name], 'first']], onlyIf: [absent(['map', name])] },
        ]);
        const taken = await table.write([
          { update: key, set: [[['map', name], 'other']], onlyIf: [absent(['map', name])] },
        ]);
        expect([free.done, taken.done]).toEqual([true, false]);
        expect(await entriesOf()).toEqual([[name, 'first']]);

        await table.write([
          { update: key, set: [['map', map('second')]], onlyIf: [equal(['map', name], 'first')] },
          { check: { pk: 'W#none', sk: 'ITEM' }, onlyIf: [absent('pk')] },
        ]);
        expect(await entriesOf()).toEqual([[name, 'second']]);
        expect(await table.write([{ check: key, onlyIf: [equal('map', map('second'))] }])).toEqual({ done: true });
        expect(await table.write([{ check: key, onlyIf: [equal('map', {})] }])).toMatchObject({ done: false });

        await table.write([{ update: key, remove: [['map', name]], onlyIf: [present(['map', name])] }]);
        expect(await entriesOf()).toEqual([]);

        await table.write([{ put: { ...key, map: map('put') } }]);
        expect(await entriesOf()).toEqual([[name, 'put']]);
      });

      it('replaces the whole former item', async () => {
        await table.write([{ put: { ...key, one: 1, two: 2 } }]);
        await table.write([{ put: { ...key, one: 3 } }]);

        expect(await table.get(key)).toEqual({ ...key, one: 3 });
      });

      it('sets, removes and adds, at the top and inside maps', async () => {
        await table.write([{ put: { ...key, keep: 1, gone: 1, count: 2, map: { keep: 1, gone: 1, changed: 1 } } }]);

        const answer = await table.write([
          {
            update: key,
            set: [
              ['fresh', { a: [1] }],
              [['map', 'changed'], 'now'],
              [['map', 'a b#.'], { deep: true }],
            ],
            remove: ['gone', 'never-there', ['map', 'gone'], ['map', 'never-there']],
            add: [
              ['count', 3],
              ['counted-from-nothing', -1],
            ],
            onlyIf: [present('pk')],
          },
        ]);

        expect(answer).toEqual({ done: true });
        expect(await table.get(key)).toEqual({
          ...key,
          keep: 1,
          count: 5,
          'counted-from-nothing': -1,
          fresh: { a: [1] },
          map: { keep: 1, changed: 'now', 'a b#.': { deep: true } },
        });
      });

      it('creates an item when the updated one does not exist', async () => {
        const made: Key = { pk: 'W#made', sk: 'ITEM' };
        await table.write([{ update: made, set: [['one', 1]], add: [['version', 1]], onlyIf: [absent('pk')] }]);

        expect(await table.get(made)).toEqual({ ...made, one: 1, version: 1 });
      });

      it('throws, and changes nothing, when the map to set an entry in does not exist', async () => {
        await table.write([{ put: { ...key, one: 1 } }]);
        const other: Key = { pk: 'W#other', sk: 'ITEM' };

        const writing = table.write([
          { put: { ...other } },
          { update: key, set: [[['map', 'name'], 1]], onlyIf: [present('pk')] },
        ]);

        await expect(writing).rejects.toThrow();
        expect(await table.get(key)).toEqual({ ...key, one: 1 });
        expect(await table.get(other)).toBeUndefined();
      });

      it('deletes an item, and a missing item is no error unless the condition demands it', async () => {
        await table.write([{ put: { ...key } }]);

        expect(await table.write([{ delete: key, onlyIf: [present('pk')] }])).toEqual({ done: true });
        expect(await table.get(key)).toBeUndefined();
        expect(await table.write([{ delete: key }])).toEqual({ done: true });
        expect(await table.write([{ delete: key, onlyIf: [present('pk')] }])).toEqual({
          done: false,
          refusals: [{ because: 'condition', item: undefined }],
        });
      });

      it('makes all writes of a group or none, and gives the reason for each of them', async () => {
        const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((one): Key => ({ pk: `G#${one}`, sk: 'ITEM' }));
        await table.write([{ put: { ...b!, holder: 'ada' } }, { put: { ...c!, map: { x: 1 } } }]);

        const answer = await table.write([
          { put: { ...a!, one: 1 }, onlyIf: [absent('pk')] },
          { update: b!, set: [['holder', 'bob']], onlyIf: [absent('holder')] },
          { delete: c!, onlyIf: [equal(['map', 'x'], 1)] },
          { check: d!, onlyIf: [present('pk')] },
        ]);

        expect(answer).toEqual({
          done: false,
          refusals: [
            undefined,
            { because: 'condition', item: { ...b!, holder: 'ada' } },
            undefined,
            { because: 'condition', item: undefined },
          ],
        });
        expect(await table.getMany([a!, b!, c!, d!])).toEqual([
          undefined,
          { ...b!, holder: 'ada' },
          { ...c!, map: { x: 1 } },
          undefined,
        ]);
      });

      it('makes a hundred writes at once, and no more', async () => {
        const keys = Array.from({ length: 101 }, (_, index): Key => ({ pk: `H#${index}`, sk: 'ITEM' }));
        const puts = keys.map((one) => ({ put: { ...one } }));

        expect(await table.write(puts.slice(0, 100))).toEqual({ done: true });
        await expect(table.write(puts)).rejects.toThrow();
        expect(await table.get(keys[100]!)).toBeUndefined();
      });

      it('takes an item of 400 KB, and throws ItemTooLarge for a byte more, alone and in a group', async () => {
        const full: Key = { pk: 'W#full', sk: 'ITEM' };
        const names = 'pksktext'.length + full.pk.length + full.sk.length;
        const room = 'x'.repeat(MOST_ITEM_BYTES - names);
        const other = { put: { pk: 'W#beside', sk: 'ITEM' } };
        expect(await table.write([{ put: { ...full, text: room } }])).toEqual({ done: true });

        const tooMuch: readonly Write[] = [
          { put: { ...full, text: `${room}x` } },
          { update: full, set: [['text', `${room}x`]], onlyIf: [present('pk')] },
        ];
        for (const one of tooMuch) {
          await expect(table.write([one])).rejects.toThrow(ItemTooLarge);
          await expect(table.write([other, one])).rejects.toThrow(ItemTooLarge);
        }
        expect(await table.get(full)).toEqual({ ...full, text: room });
        expect(await table.get({ pk: 'W#beside', sk: 'ITEM' })).toBeUndefined();
      });

      it('throws when two writes of a group touch one item', async () => {
        await expect(table.write([{ put: { ...key } }, { check: key, onlyIf: [present('pk')] }])).rejects.toThrow();
      });

      it('does nothing for an empty list', async () => {
        expect(await table.write([])).toEqual({ done: true });
      });

      it('lets one of many concurrent writers win', async () => {
        const seat: Key = { pk: 'W#seat', sk: 'ITEM' };
        await table.write([{ put: { ...seat } }]);

        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            table.write([
              { update: seat, set: [['holder', `user-${index}`]], onlyIf: [present('pk'), absent('holder')] },
              { put: { pk: `W#winner-${index}`, sk: 'ITEM' }, onlyIf: [absent('pk')] },
            ]),
          ),
        );

        expect(answers.filter(({ done }) => done)).toHaveLength(1);
        const winner = answers.findIndex(({ done }) => done);
        expect(await table.get(seat)).toEqual({ ...seat, holder: `user-${winner}` });
      });
    });

    describe('refusals', () => {
      fresh();

      it.each(LONGEST)('takes the longest keys, and characters that are not used otherwise', async (key) => {
        for (const one of [key, { ...KEY, sk: '\u0000' }, { ...KEY, sk: '\uFFFF' }, { ...KEY, sk: '\u{10FFFF}' }]) {
          expect(await table.write([{ put: one }])).toEqual({ done: true });
          expect(await table.getMany([one])).toEqual([one]);
        }
      });

      it.each(NO_KEYS)('reads and writes no key with %s', async (_title, key) => {
        await expect(table.get(key)).rejects.toThrow();
        await expect(table.getMany([key])).rejects.toThrow();
        await expect(table.getAtOnce([key])).rejects.toThrow();
        await expect(table.write([{ put: key }])).rejects.toThrow();
        await expect(table.write([{ delete: key }])).rejects.toThrow();
        await expect(table.write([{ put: KEY }, { put: key }])).rejects.toThrow();
      });

      it.each(REFUSED)('throws for %s', async (_title, call) => {
        await expect(call(table)).rejects.toThrow();
      });
    });

    describe('getMany', () => {
      fresh();

      it('gets any number of keys in their order, with gaps for missing items, and one key twice', async () => {
        const keys = Array.from({ length: 230 }, (_, index): Key => ({ pk: `M#${index}`, sk: 'ITEM' }));
        const stored = keys.filter((_, index) => index % 3 !== 0);
        for (let start = 0; start < stored.length; start += 100) {
          await table.write(stored.slice(start, start + 100).map((one) => ({ put: { ...one, has: one.pk } })));
        }
        const asked = [...keys.toReversed(), keys[1]!, keys[0]!, keys[1]!];

        const items = await table.getMany(asked);

        expect(items.map((item) => item?.pk)).toEqual(
          asked.map(({ pk }) => (Number(pk.slice(2)) % 3 === 0 ? undefined : pk)),
        );
        expect(await table.getMany([])).toEqual([]);
      });
    });

    describe('getAtOnce', () => {
      fresh();

      it('gets at most a hundred keys in their order, with gaps for missing items', async () => {
        const keys = Array.from({ length: 101 }, (_, index): Key => ({ pk: `G#${index}`, sk: 'ITEM' }));
        await table.write(keys.slice(0, 50).map((one) => ({ put: { ...one, has: one.pk } })));
        const asked = keys.slice(0, 100).toReversed();

        const items = await table.getAtOnce(asked);

        expect(items?.map((item) => item?.['has'])).toEqual([
          ...Array.from({ length: 50 }, () => undefined),
          ...asked.slice(50).map(({ pk }) => pk),
        ]);
        expect(await table.getAtOnce([])).toEqual([]);
        await expect(table.getAtOnce(keys)).rejects.toThrow();
        await expect(table.getAtOnce([keys[0]!, keys[0]!])).rejects.toThrow();
      });

      it('sees a group of writes whole or not at all, however many there are', async () => {
        const keys = Array.from({ length: 5 }, (_, index): Key => ({ pk: `W#${index}`, sk: 'AT ONCE' }));
        const writing = Array.from({ length: 20 }, (_, round) =>
          table.write(keys.map((one) => ({ put: { ...one, round } }))),
        );
        const reading = Array.from({ length: 20 }, () => table.getAtOnce(keys));

        const reads = await Promise.all(reading);
        await Promise.all(writing);

        const rounds = reads.map((items) => new Set(items?.map((item) => item?.['round'])).size);
        expect(rounds.every((different) => different <= 1)).toBe(true);
      });
    });

    describe('query', () => {
      fresh();
      const pk = 'Q#1';
      const sorts = ['r1#x', 'w1#a', 'w1#b', 'w1#b ', 'w1#c', 'w2#a', 'w2#b'];
      beforeAll(async () => {
        await table.write(sorts.toReversed().map((sk) => ({ put: { pk, sk } })));
        await table.write([{ put: { pk: 'Q#2', sk: 'w1#a' } }]);
      });
      const sortsOf = async (range: Parameters<Table['query']>[0]) =>
        (await table.query(range)).items.map(({ sk }) => sk);

      it('returns a partition in ascending or descending order of its sort keys', async () => {
        expect(await sortsOf({ pk })).toEqual(sorts);
        expect(await sortsOf({ pk, descending: true })).toEqual(sorts.toReversed());
        expect(await sortsOf({ pk: 'Q#none' })).toEqual([]);
      });

      it('includes both ends of a range', async () => {
        expect(await sortsOf({ pk, from: 'w1#b', to: 'w1#c' })).toEqual(['w1#b', 'w1#b ', 'w1#c']);
        expect(await sortsOf({ pk, from: 'w1#', to: 'w2#~' })).toEqual(sorts.slice(1));
        expect(await sortsOf({ pk, from: 'w1#b ', to: 'w1#~', descending: true })).toEqual(['w1#c', 'w1#b ']);
        await expect(table.query({ pk, from: 'w2', to: 'w1' })).rejects.toThrow();
      });

      it('returns at most the limit, and reports that there is more', async () => {
        expect(await table.query({ pk, limit: 2 })).toEqual({
          items: [
            { pk, sk: 'r1#x' },
            { pk, sk: 'w1#a' },
          ],
          more: true,
        });
        expect(await sortsOf({ pk, limit: 2, descending: true })).toEqual(['w2#b', 'w2#a']);
      });

      it('reports that there is no more only when it is certain', async () => {
        expect(await table.query({ pk, limit: sorts.length + 1 })).toMatchObject({ more: false });
        expect(await table.query({ pk, from: 'w2#', to: 'w2#~', limit: 3 })).toMatchObject({ more: false });
        expect(await table.query({ pk: 'Q#none', limit: 1 })).toEqual({ items: [], more: false });
      });

      it('orders texts by their bytes', async () => {
        const texts = ['Z', 'a', 'é', '\uE000', '\u{1F600}'];
        await table.write(texts.toReversed().map((sk) => ({ put: { pk: 'Q#text', sk } })));

        expect(await sortsOf({ pk: 'Q#text', from: ' ', to: '\u{10FFFF}' })).toEqual(texts);
      });

      it('sees every earlier write', async () => {
        for (let turn = 0; turn < 10; turn += 1) {
          await table.write([{ put: { pk: 'Q#strong', sk: 'one' } }]);
          expect(await sortsOf({ pk: 'Q#strong' })).toEqual(['one']);
          await table.write([{ delete: { pk: 'Q#strong', sk: 'one' } }]);
          expect(await sortsOf({ pk: 'Q#strong' })).toEqual([]);
        }
      });
    });

    describe('list', () => {
      fresh();
      const indexes = Object.keys(TABLE.indexes) as IndexName[];
      const listed = async (index: IndexName, range: Parameters<Table['list']>[1]): Promise<readonly string[]> => {
        const all: string[] = [];
        let after: Key | undefined;
        do {
          const page = await table.list(index, { ...range, after });
          expect(page.keys.length).toBeLessThanOrEqual(range.limit ?? Number.POSITIVE_INFINITY);
          all.push(...page.keys.map(({ pk }) => pk));
          after = page.next;
        } while (after !== undefined);
        return all;
      };
      const pks = (...numbers: readonly number[]) => numbers.map((number) => `L#${number}`);

      beforeAll(async () => {
        // Ten items, of which the odd ones are in the indexes; 1 to 7 in one partition, two of them at the same place.
        const items = Array.from({ length: 10 }, (_, number): Item => {
          const keyed = indexes.flatMap((index) => {
            const { partitionKey, sortKey } = TABLE.indexes[index];
            return [[partitionKey, number < 8 ? 'P' : 'other'] as const, [sortKey, `sort-${number}`] as const];
          });
          const key = { pk: `L#${number}`, sk: 'ITEM' };
          return number % 2 === 0 ? key : { ...key, ...Object.fromEntries(keyed) };
        });
        await table.write(items.map((put) => ({ put })));
      });

      it.each(indexes)('%s: lists the items that have its attributes, in order and page by page', async (index) => {
        for (const limit of [1, 2, 3, 4, 5, undefined]) {
          const paged = limit === undefined ? {} : { limit };
          expect(await listed(index, { partition: 'P', ...paged })).toEqual(pks(1, 3, 5, 7));
          expect(await listed(index, { partition: 'P', descending: true, ...paged })).toEqual(pks(7, 5, 3, 1));
        }
        expect(await listed(index, { partition: 'other' })).toEqual(pks(9));
        expect(await listed(index, { partition: 'none' })).toEqual([]);
      });

      it.each(indexes)('%s: includes both ends of a range, also over pages', async (index) => {
        expect(await listed(index, { partition: 'P', from: 'sort-3', to: 'sort-5', limit: 1 })).toEqual(pks(3, 5));
        expect(await listed(index, { partition: 'P', to: 'sort-4' })).toEqual(pks(1, 3));
        expect(await listed(index, { partition: 'P', from: 'sort-4' })).toEqual(pks(5, 7));
      });

      it('returns only keys', async () => {
        const page = await table.list('by-tenant', { partition: 'P', limit: 1 });

        expect(page.keys).toEqual([{ pk: 'L#1', sk: 'ITEM' }]);
      });

      it('continues after a position whose item was removed between two pages', async () => {
        const gone = Array.from(
          { length: 4 },
          (_, number): Item => ({
            pk: `X#${number}`,
            sk: 'ITEM',
            idleKey: 'X',
            idleSort: `sort-${number}`,
          }),
        );
        await table.write(gone.map((put) => ({ put })));

        const first = await table.list('by-idle-deadline', { partition: 'X', limit: 2 });
        await table.write([{ update: { pk: 'X#1', sk: 'ITEM' }, remove: ['idleKey', 'idleSort'], onlyIf: [] }]);
        const second = await table.list('by-idle-deadline', { partition: 'X', limit: 10, after: first.next });

        expect(first.keys.map(({ pk }) => pk)).toEqual(['X#0', 'X#1']);
        expect(second.keys.map(({ pk }) => pk)).toEqual(['X#2', 'X#3']);
      });

      it('returns every item of those with equal sort keys', async () => {
        const same = ['b', 'a', 'c'].map((one): Item => ({ pk: `S#${one}`, sk: 'ITEM', idleKey: 'S', idleSort: 'x' }));
        await table.write(same.map((put) => ({ put })));

        expect((await listed('by-idle-deadline', { partition: 'S', limit: 1 })).toSorted()).toEqual([
          'S#a',
          'S#b',
          'S#c',
        ]);
      });

      it('follows an item whose key changes, and drops one that leaves the index', async () => {
        const key: Key = { pk: 'Y#1', sk: 'ITEM' };
        await table.write([{ put: { ...key, idleKey: 'Y', idleSort: '1' } }]);
        await table.write([{ update: key, set: [['idleSort', '5']], onlyIf: [] }]);
        expect(await listed('by-idle-deadline', { partition: 'Y', to: '4' })).toEqual([]);
        expect(await listed('by-idle-deadline', { partition: 'Y', from: '5' })).toEqual(['Y#1']);

        await table.write([{ update: key, remove: ['idleKey', 'idleSort'], onlyIf: [] }]);
        expect(await listed('by-idle-deadline', { partition: 'Y' })).toEqual([]);
      });

      it('lists texts that begin with any character', async () => {
        const users = ['\t', '~', '\u{10FFFE}', '€'];
        await table.write(
          users.map((user, number) => ({
            put: { pk: `U#${number}`, sk: 'ITEM', tenantKey: 'U#acme', tenantSort: user },
          })),
        );

        expect(await listed('by-tenant', { partition: 'U#acme' })).toHaveLength(users.length);
      });
    });
  });
}
