import { expect, test } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { forgetfulTable } from '../fakes/wrapped-table.ts';

const licenses = [
  aLicense({ serialNumber: 'D1', type: 'dedicated' }),
  aLicense({ serialNumber: 'D2', type: 'dedicated', access: 'read' }),
  aLicense({ serialNumber: 'F1', expiresOn: '2026-06-30' }),
];

test('changes each license of a list, although one of them is refused', async () => {
  const { ask, license, expectSound } = await aCommandWorld({ licenses, cards: [aUserCard()] });

  const answer = await ask('change-licenses', {
    change: { action: 'assign', user: 'ada' },
    licenses: [{ serialNumber: 'D1' }, { serialNumber: 'F1' }, { serialNumber: 'D2', expectedVersion: 7 }],
  });

  expect(answer).toEqual({
    results: [
      { serialNumber: 'D1', done: true, version: 2, undo: { action: 'release' } },
      { serialNumber: 'F1', done: false, ...refusal('not-dedicated') },
      { serialNumber: 'D2', done: false, ...refusal('stale-version', { version: 1 }) },
    ],
  });
  expect((await license('D1')).assignedTo).toBe('ada');
  await expectSound();
});

test('counts the licenses of a filter in a preview, and then changes each of them', async () => {
  const { ask, license, expectSound } = await aCommandWorld({ licenses });
  const change = { change: { action: 'move', folder: 'Sales' }, filter: { type: 'dedicated' } };
  const undo = { action: 'move', folder: '' };

  expect(await ask('change-licenses', { ...change, preview: true })).toEqual({
    count: 2,
    done: 2,
    refused: [],
    countedAll: true,
    results: [
      { serialNumber: 'D1', done: true, version: 2, undo },
      { serialNumber: 'D2', done: true, version: 2, undo },
    ],
  });
  expect((await license('D1')).folderId).toBe('root');

  expect(await ask('change-licenses', change)).toEqual({
    results: [
      { serialNumber: 'D1', done: true, version: 2, undo },
      { serialNumber: 'D2', done: true, version: 2, undo },
    ],
  });
  expect((await license('D2')).folderId).toBe('sales');
  await expectSound();
});

test('deletes and restores many licenses', async () => {
  const { ask } = await aCommandWorld({ licenses });
  const serials = [{ serialNumber: 'D1' }, { serialNumber: 'F1' }];
  const done = (version: number, action: string) => ({
    results: serials.map((one) => ({ ...one, done: true, version, undo: { action } })),
  });

  expect(await ask('change-licenses', { change: { action: 'delete' }, licenses: serials })).toEqual(done(2, 'restore'));
  expect(await ask('list-licenses')).toMatchObject({ licenses: [{ serialNumber: 'D2' }] });
  expect(await ask('list-licenses', { state: 'deleted' })).toMatchObject({
    licenses: serials.map((one) => ({ ...one, state: 'deleted', deletedAt: expect.any(String) })),
  });
  expect(await ask('change-licenses', { change: { action: 'restore' }, filter: { state: 'deleted' } })).toEqual(
    done(3, 'delete'),
  );
});

test('accepts either a list or a filter', async () => {
  const { ask } = await aCommandWorld({ licenses });
  expect(await ask('change-licenses', { change: { action: 'release' } })).toMatchObject(refusal('invalid-request'));
  const both = { change: { action: 'release' }, filter: {}, licenses: [{ serialNumber: 'D1' }] };
  expect(await ask('change-licenses', both)).toMatchObject(refusal('invalid-request'));
});

test('refuses an empty filter unless the request confirms that everything is meant', async () => {
  const { ask, license } = await aCommandWorld({ licenses });
  const change = { change: { action: 'delete' }, filter: {} };

  for (const preview of [true, false]) {
    expect(await ask('change-licenses', { ...change, preview })).toMatchObject({
      error: {
        code: 'invalid-request',
        faults: [{ place: 'filter', text: expect.stringContaining('everything: true') }],
      },
    });
  }
  expect((await license('D1')).deletedAt).toBeUndefined();
  expect(await ask('change-licenses', { ...change, everything: true, preview: true })).toMatchObject({ count: 3 });
});

test('includes the folders below the folder only with `subfolders`', async () => {
  const placed = [
    aLicense({ serialNumber: 'F1', folderId: 'finance' }),
    aLicense({ serialNumber: 'F2', folderId: 'helsinki' }),
    aLicense({ serialNumber: 'F3', folderId: 'sales' }),
  ];
  const { ask } = await aCommandWorld({ licenses: placed });
  const change = { change: { action: 'release' }, preview: true };

  expect(await ask('change-licenses', { ...change, filter: { folder: 'Finance' } })).toMatchObject({ count: 1 });
  const branch = await ask('change-licenses', { ...change, filter: { folder: 'Finance', subfolders: true } });
  expect(branch).toMatchObject({ results: [{ serialNumber: 'F1' }, { serialNumber: 'F2' }] });
  expect(await ask('list-licenses', { folder: '', subfolders: true })).toMatchObject({
    licenses: [{ serialNumber: 'F1' }, { serialNumber: 'F2' }, { serialNumber: 'F3' }],
  });
});

test('a preview judges all pages, counts the reasons, and shows a page', async () => {
  const many = Array.from({ length: 620 }, (_, index) =>
    aLicense({ serialNumber: `D${String(index).padStart(4, '0')}`, type: 'dedicated' }),
  );
  const floating = aLicense({ serialNumber: 'F1' });
  const { ask, license } = await aCommandWorld({ licenses: [...many, floating], cards: [aUserCard()] });
  const change = { change: { action: 'assign', user: 'ada' }, filter: { access: 'write' }, preview: true };

  const first = (await ask('change-licenses', change)) as { cursor: string; results: object[] };
  const last = await ask('change-licenses', { ...change, cursor: first.cursor });

  expect(first).toMatchObject({
    count: 621,
    done: 1,
    countedAll: true,
    refused: [
      { code: 'has-license', count: 619 },
      { code: 'not-dedicated', count: 1 },
    ],
  });
  expect(first.results).toHaveLength(500);
  expect(last).not.toHaveProperty('count');
  expect(last).not.toHaveProperty('cursor');
  expect((await license('D0000')).assignedTo).toBeUndefined();
});

test('assigns a user one license of each class, and another one of the class only on request', async () => {
  const dedicated = ['D1', 'D2', 'D3'].map((serialNumber) => aLicense({ serialNumber, type: 'dedicated' }));
  const { ask, card, expectSound } = await aCommandWorld({
    licenses: [...dedicated, aLicense({ serialNumber: 'R1', type: 'dedicated', access: 'read' })],
    cards: [aUserCard()],
  });
  const assign = (several = false) =>
    ask('change-licenses', { change: { action: 'assign', user: 'ada', several }, filter: { type: 'dedicated' } });

  expect(await assign()).toMatchObject({
    results: [
      { serialNumber: 'D1', done: true },
      { serialNumber: 'D2', done: false, error: { code: 'has-license', serialNumber: 'D1' } },
      { serialNumber: 'D3', done: false, error: { code: 'has-license' } },
      { serialNumber: 'R1', done: true },
    ],
  });
  expect(await assign(true)).toMatchObject({ results: dedicated.concat(dedicated[0]!).map(() => ({ done: true })) });
  expect(Object.keys((await card('ada'))?.assigned ?? {})).toHaveLength(4);
  await expectSound();
});

test('lists licenses by class and by their last day', async () => {
  const { ask } = await aCommandWorld({ licenses });
  const serials = async (filter: object) =>
    ((await ask('list-licenses', filter)) as { licenses: { serialNumber: string }[] }).licenses.map(
      ({ serialNumber }) => serialNumber,
    );
  expect(await serials({ type: 'dedicated', access: 'write', modules: 'all' })).toEqual(['D1']);
  expect(await serials({ expiringBefore: '2026-07-01' })).toEqual(['F1']);
  expect(await serials({ expiringBefore: '2026-06-30' })).toEqual([]);
});

test('does not mistake its own change for another editor’s when the response got lost (F14)', async () => {
  const { table, loseNextAnswer } = forgetfulTable(memoryTable());
  const { ask } = await aCommandWorld({ table, cards: [aUserCard()] });
  const { version: expectedVersion } = (await ask('get-user-card', { user: 'ada' })) as { version: number };

  loseNextAnswer();
  const moved = await ask('put-user-card', { user: 'ada', card: { folder: 'Sales' }, expectedVersion });

  expect(moved).toMatchObject({ user: 'ada', folder: 'Sales' });
});

test('refuses the second of two editors of a card, of folders and of settings (F50)', async () => {
  const { ask } = await aCommandWorld({ cards: [aUserCard()] });
  const { version: card } = (await ask('get-user-card', { user: 'ada' })) as { version: number };
  const { version: tree } = (await ask('list-folders')) as { version: number };
  const moved = (expectedVersion: number) =>
    ask('put-user-card', { user: 'ada', card: { folder: 'Sales' }, expectedVersion });

  const { version: changed } = (await moved(card)) as { version: number };
  expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ folder: 'Sales', version: changed });
  expect(changed).toBeGreaterThan(card);
  expect(await moved(card)).toEqual(refusal('stale-version', { version: changed }));
  expect(await ask('remove-user-card', { user: 'ada', expectedVersion: card })).toMatchObject(refusal('stale-version'));
  expect(await ask('remove-user-card', { user: 'ada', expectedVersion: changed })).toMatchObject({ removed: true });

  expect(await ask('create-folder', { folder: 'New', expectedVersion: tree })).toEqual({ folder: 'New' });
  const late = { folder: 'New', newPath: 'Newer', expectedVersion: tree };
  expect(await ask('rename-folder', late)).toMatchObject(refusal('stale-version'));
  const settings = { settings: { cleanupHour: 4 }, expectedVersion: tree };
  expect(await ask('update-tenant', settings)).toMatchObject(refusal('stale-version'));
});
