import { describe, expect, it } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

describe('create-folder', () => {
  it('creates the missing folders above it, and accepts an existing folder', async () => {
    const { ask } = await aCommandWorld();

    const created = await ask('create-folder', { folder: 'Sales/Nordics/Oslo' });
    const again = await ask('create-folder', { folder: 'Sales/Nordics' });

    expect([created, again]).toEqual([{ folder: 'Sales/Nordics/Oslo' }, { folder: 'Sales/Nordics' }]);
    const { folders } = (await ask('list-folders')) as { folders: { folder: string }[] };
    expect(folders.map(({ folder }) => folder)).toEqual([
      '',
      'Finance',
      'Finance/Helsinki',
      'Sales',
      'Sales/Nordics',
      'Sales/Nordics/Oslo',
      'zOld',
    ]);
  });

  it.each(['zOld/Inner', 'a//b', '/Finance', ' ', 'a/b/c/d/e/f/g/h/i', 'x'.repeat(81)])(
    'refuses the path %j',
    async (folder) => {
      const { ask } = await aCommandWorld();

      const answer = await ask('create-folder', { folder });

      expect(answer).toEqual(refusal('invalid-request', { faults: [{ place: 'folder', text: expect.any(String) }] }));
    },
  );
});

describe('delete-folder', () => {
  it('deletes an empty folder, whose deleted licenses can be restored into the folder above', async () => {
    const gone = aLicense({ serialNumber: 'F1', folderId: 'helsinki' });
    const { ask, expectSound } = await aCommandWorld({ licenses: [gone] });
    await ask('delete-license', { serialNumber: 'F1' });

    expect(await ask('delete-folder', { folder: 'Finance/Helsinki' })).toEqual({ deleted: true });

    expect(await ask('delete-folder', { folder: 'Finance/Helsinki' })).toMatchObject(refusal('unknown-folder'));
    expect(await ask('restore-license', { serialNumber: 'F1' })).toMatchObject({ folder: 'Finance', state: 'free' });
    expect(await ask('list-licenses', { folder: 'Finance' })).toMatchObject({ licenses: [{ serialNumber: 'F1' }] });
    await expectSound();
  });

  it.each([
    ['a license stands in it', { licenses: [aLicense({ folderId: 'helsinki' })] }, { licenses: 1 }],
    ['a user card stands in it', { cards: [aUserCard({ folderId: 'helsinki' })] }, { userCards: 1 }],
    [
      'a setting names it',
      { settings: { folderClaims: { folders: { hel: 'Finance/Helsinki' }, moveExisting: false } } },
      { settings: ['settings.folderClaims.folders.hel'] },
    ],
  ])('refuses when %s', async (_why, office, details) => {
    const { ask } = await aCommandWorld(office);

    expect(await ask('delete-folder', { folder: 'Finance/Helsinki' })).toMatchObject(
      refusal('folder-not-empty', details),
    );
    expect(await ask('list-folders')).toMatchObject({
      folders: expect.arrayContaining([expect.objectContaining({ folder: 'Finance/Helsinki' })]),
    });
  });

  it.each(['', 'zOld', 'Finance'])('refuses "%s": the root, zOld and a folder with subfolders stay', async (folder) => {
    const { ask } = await aCommandWorld();

    expect(await ask('delete-folder', { folder })).toMatchObject(refusal('invalid-request'));
  });
});

describe('merge-folder', () => {
  const licenses = Array.from({ length: 260 }, (_, index) =>
    aLicense({ serialNumber: `F${index}`, folderId: 'helsinki' }),
  );
  const cards = [aUserCard({ user: 'ada', folderId: 'helsinki' }), aUserCard({ user: 'bob', folderId: 'sales' })];
  const settings = { folderClaims: { folders: { hel: 'Finance/Helsinki' }, moveExisting: false } };

  it('moves licenses and cards page by page, and the settings follow', async () => {
    const { ask, expectSound } = await aCommandWorld({ licenses, cards, settings });
    const merge = { folder: 'Finance/Helsinki', into: 'Sales' };

    const preview = await ask('merge-folder', { ...merge, preview: true });
    const first = (await ask('merge-folder', merge)) as { licenses: object[]; userCards: object[] };
    const second = (await ask('merge-folder', merge)) as { licenses: object[] };

    expect(preview).toEqual({
      count: { licenses: 260, userCards: 1 },
      settings: ['settings.folderClaims.folders.hel'],
    });
    expect(first).toMatchObject({ folder: 'Sales', more: true, userCards: [{ user: 'ada', done: true }] });
    expect(first.licenses).toHaveLength(250);
    expect(second).toMatchObject({ more: false, userCards: [] });
    expect(second.licenses).toHaveLength(10);
    expect(await ask('merge-folder', merge)).toEqual({ folder: 'Sales', licenses: [], userCards: [], more: false });
    expect(await ask('get-tenant')).toMatchObject({ settings: { folderClaims: { folders: { hel: 'Sales' } } } });
    expect(await ask('list-folders')).toMatchObject({
      folders: [
        { folder: '' },
        { folder: 'Finance' },
        { folder: 'Sales', licenses: 260, userCards: 2 },
        { folder: 'zOld' },
      ],
    });
    await expectSound();
  });

  it('can be undone: the folder is created again, and what the answer lists is moved back', async () => {
    const { ask, expectSound } = await aCommandWorld({ licenses: licenses.slice(0, 3), cards });
    const merged = (await ask('merge-folder', { folder: 'Finance/Helsinki', into: 'Sales' })) as {
      licenses: { serialNumber: string }[];
      userCards: { user: string }[];
    };
    const folder = 'Finance/Helsinki';

    await ask('create-folder', { folder });
    const named = merged.licenses.map(({ serialNumber }) => ({ serialNumber }));
    await ask('change-licenses', { change: { action: 'move', folder }, licenses: named });
    await ask('change-user-cards', {
      change: { folder },
      to: { users: merged.userCards.map(({ user }) => ({ user })) },
    });

    expect(await ask('list-licenses', { folder })).toMatchObject({ licenses: [{}, {}, {}] });
    expect(await ask('list-user-cards', { folder })).toMatchObject({ userCards: [{ user: 'ada' }] });
    expect(await ask('list-user-cards', { folder: 'Sales' })).toMatchObject({ userCards: [{ user: 'bob' }] });
    await expectSound();
  });

  it.each([
    ['an unknown folder', { folder: 'Nowhere', into: 'Sales' }, 'unknown-folder'],
    ['an unknown target', { folder: 'Sales', into: 'Nowhere' }, 'unknown-folder'],
    ['zOld', { folder: 'Sales', into: 'zOld' }, 'invalid-request'],
    ['a folder below it', { folder: 'Finance', into: 'Finance/Helsinki' }, 'invalid-request'],
  ])('refuses %s', async (_what, request, code) => {
    const { ask } = await aCommandWorld();

    expect(await ask('merge-folder', request)).toMatchObject(refusal(code));
    expect(await ask('merge-folder', { ...request, preview: true })).toMatchObject(refusal(code));
  });
});

describe('rename-folder', () => {
  it('renames and moves a folder with its content, and writes no license and no card', async () => {
    const license = aLicense({ folderId: 'helsinki' });
    const { ask, expectSound } = await aCommandWorld({
      licenses: [license],
      cards: [aUserCard({ folderId: 'helsinki' })],
    });

    const renamed = await ask('rename-folder', { folder: 'Finance/Helsinki', newPath: 'Sales/Espoo' });

    expect(renamed).toEqual({ folder: 'Sales/Espoo' });
    expect(await ask('get-license', { serialNumber: license.serialNumber })).toMatchObject({
      folder: 'Sales/Espoo',
      version: 1,
    });
    expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ folder: 'Sales/Espoo' });
    await expectSound();
  });

  it.each([
    ['Legal', 'Law', 'unknown-folder'],
    ['Sales', 'Legal/Sales', 'unknown-folder'],
    ['Sales', 'Finance', 'invalid-request'],
    ['zOld', 'Attic', 'invalid-request'],
    ['', 'Top', 'invalid-request'],
    ['Finance', 'Finance/Helsinki/Finance', 'invalid-request'],
    ['Sales', 'zOld/Sales', 'invalid-request'],
    ['Sales', '', 'invalid-request'],
  ])('of %j to %j is refused: %s', async (folder, newPath, code) => {
    const { ask } = await aCommandWorld();

    const answer = await ask('rename-folder', { folder, newPath });

    expect(answer).toMatchObject(refusal(code));
  });
});

describe('list-folders', () => {
  it('counts the content of each folder itself, without its subfolders and deleted licenses', async () => {
    const { ask } = await aCommandWorld({
      licenses: [
        aLicense({ serialNumber: 'A1' }),
        aLicense({ serialNumber: 'A2', folderId: 'helsinki' }),
        aLicense({ serialNumber: 'A3', folderId: 'helsinki' }),
        aLicense({ serialNumber: 'A4', folderId: 'zOld', setAsideOn: '2026-03-01' }),
      ],
      cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob' })],
    });

    await ask('delete-license', { serialNumber: 'A3' });

    expect(await ask('list-folders')).toEqual({
      folders: [
        { folder: '', licenses: 1, userCards: 0 },
        { folder: 'Finance', licenses: 0, userCards: 2 },
        { folder: 'Finance/Helsinki', licenses: 1, userCards: 0 },
        { folder: 'Sales', licenses: 0, userCards: 0 },
        { folder: 'zOld', licenses: 1, userCards: 0 },
      ],
      version: 1,
    });
  });
});
