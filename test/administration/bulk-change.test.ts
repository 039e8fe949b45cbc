import { expect, test } from 'vitest';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { forgetfulTable } from '../fakes/wrapped-table.ts';
import { anOffice, refusal } from './office.ts';

const licenses = [
  aLicense({ serialNumber: 'D1', type: 'dedicated' }),
  aLicense({ serialNumber: 'D2', type: 'dedicated', access: 'read' }),
  aLicense({ serialNumber: 'F1', expiresOn: '2026-06-30' }),
];

test('changes each license of a list by itself: a refusal of one stops no other', async () => {
  const { ask, license, expectSound } = await anOffice({ licenses, cards: [aUserCard()] });

  const answer = await ask('change-licenses', {
    change: { action: 'assign', user: 'ada' },
    licenses: [{ serialNumber: 'D1' }, { serialNumber: 'F1' }, { serialNumber: 'D2', expectedVersion: 7 }],
  });

  expect(answer).toEqual({
    results: [
      { serialNumber: 'D1', done: true },
      { serialNumber: 'F1', done: false, ...refusal('not-dedicated') },
      { serialNumber: 'D2', done: false, ...refusal('stale-version', { version: 1 }) },
    ],
  });
  expect((await license('D1')).assignedTo).toBe('ada');
  await expectSound();
});

test('counts what a filter means before it is done, and does the same to each', async () => {
  const { ask, license, expectSound } = await anOffice({ licenses });
  const change = { change: { action: 'move', folder: 'Sales' }, filter: { type: 'dedicated' } };

  expect(await ask('change-licenses', { ...change, preview: true })).toEqual({ count: 2 });
  expect((await license('D1')).folderId).toBe('root');

  expect(await ask('change-licenses', change)).toEqual({
    results: [
      { serialNumber: 'D1', done: true },
      { serialNumber: 'D2', done: true },
    ],
  });
  expect((await license('D2')).folderId).toBe('sales');
  await expectSound();
});

test('deletes and restores many', async () => {
  const { ask } = await anOffice({ licenses });
  const serials = [{ serialNumber: 'D1' }, { serialNumber: 'F1' }];
  const done = { results: serials.map((one) => ({ ...one, done: true })) };

  expect(await ask('change-licenses', { change: { action: 'delete' }, licenses: serials })).toEqual(done);
  expect(await ask('list-licenses')).toMatchObject({ licenses: [{ serialNumber: 'D2' }] });
  expect(await ask('change-licenses', { change: { action: 'restore' }, licenses: serials })).toEqual(done);
});

test('takes a list or a filter, one of the two', async () => {
  const { ask } = await anOffice({ licenses });
  expect(await ask('change-licenses', { change: { action: 'release' } })).toMatchObject(refusal('invalid-request'));
  const both = { change: { action: 'release' }, filter: {}, licenses: [{ serialNumber: 'D1' }] };
  expect(await ask('change-licenses', both)).toMatchObject(refusal('invalid-request'));
});

test('lists licenses by class and by their last day', async () => {
  const { ask } = await anOffice({ licenses });
  const serials = async (filter: object) =>
    ((await ask('list-licenses', filter)) as { licenses: { serialNumber: string }[] }).licenses.map(
      ({ serialNumber }) => serialNumber,
    );
  expect(await serials({ type: 'dedicated', access: 'write', modules: 'all' })).toEqual(['D1']);
  expect(await serials({ expiringBefore: '2026-07-01' })).toEqual(['F1']);
  expect(await serials({ expiringBefore: '2026-06-30' })).toEqual([]);
});

test('takes its own change of a card, of which only the answer got lost, for no other editor’s (F14)', async () => {
  const { table, loseNextAnswer } = forgetfulTable(memoryTable());
  const { ask } = await anOffice({ table, cards: [aUserCard()] });
  const { version: expectedVersion } = (await ask('get-user-card', { user: 'ada' })) as { version: number };

  loseNextAnswer();
  const moved = await ask('put-user-card', { user: 'ada', card: { folder: 'Sales' }, expectedVersion });

  expect(moved).toMatchObject({ user: 'ada', folder: 'Sales' });
});

test('tells the later of two editors of a card, of folders and of settings (F50)', async () => {
  const { ask } = await anOffice({ cards: [aUserCard()] });
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
