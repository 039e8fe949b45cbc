import { expect, test } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aUserCard } from '../fakes/world.ts';

const cards = [
  aUserCard({ user: 'ada', folderId: 'finance' }),
  aUserCard({ user: 'bob', folderId: 'helsinki' }),
  aUserCard({ user: 'cyd', folderId: 'sales' }),
];

test('changes each card of a list, and returns the new versions', async () => {
  const { ask, card, expectSound } = await aCommandWorld({ cards });
  const { version } = (await ask('get-user-card', { user: 'bob' })) as { version: number };

  const answer = await ask('change-user-cards', {
    change: { folder: 'Sales', access: 'read' },
    to: { users: [{ user: 'ada' }, { user: 'nobody' }, { user: 'bob', expectedVersion: version + 1 }] },
  });

  const { version: changed } = (await ask('get-user-card', { user: 'ada' })) as { version: number };
  expect(answer).toEqual({
    results: [
      { user: 'ada', done: true, version: changed },
      { user: 'nobody', done: false, ...refusal('unknown-user') },
      { user: 'bob', done: false, ...refusal('stale-version', { version }) },
    ],
  });
  expect(await card('ada')).toMatchObject({ folderId: 'sales', access: 'read', level: 'normal' });
  await expectSound();
});

test('moves all cards of a folder, and those of its subfolders only on request; a preview changes nothing', async () => {
  const { ask, card } = await aCommandWorld({ cards });
  const move = { change: { folder: '' }, to: { folder: 'Finance', subfolders: true } };

  const preview = await ask('change-user-cards', { ...move, preview: true });
  expect((await card('ada'))?.folderId).toBe('finance');
  expect(await ask('change-user-cards', { ...move, to: { folder: 'Finance' } })).toMatchObject({
    results: [{ user: 'ada', done: true }],
  });
  const rest = await ask('change-user-cards', move);

  expect(preview).toMatchObject({
    results: [
      { user: 'ada', done: true },
      { user: 'bob', done: true },
    ],
  });
  expect(rest).toMatchObject({ results: [{ user: 'bob', done: true }] });
  expect([(await card('ada'))?.folderId, (await card('bob'))?.folderId]).toEqual(['root', 'root']);
});

test('refuses an empty change, an unknown folder and zOld', async () => {
  const { ask } = await aCommandWorld({ cards });
  const to = { folder: 'Finance' };

  expect(await ask('change-user-cards', { change: {}, to })).toMatchObject(refusal('invalid-request'));
  expect(await ask('change-user-cards', { change: { folder: 'Nowhere' }, to })).toMatchObject(
    refusal('unknown-folder'),
  );
  expect(await ask('change-user-cards', { change: { folder: 'zOld' }, to })).toMatchObject(
    refusal('user-card-in-z-old'),
  );
  expect(await ask('change-user-cards', { change: { level: 'root' }, to: { folder: 'No' } })).toMatchObject(
    refusal('unknown-folder'),
  );
});
