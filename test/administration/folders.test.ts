import { describe, expect, it } from 'vitest';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { anOffice, refusal } from './office.ts';

describe('create-folder', () => {
  it('creates what is missing above it, and an existing folder is no error', async () => {
    const { ask } = await anOffice();

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
      const { ask } = await anOffice();

      const answer = await ask('create-folder', { folder });

      expect(answer).toEqual(refusal('invalid-request', { faults: [{ place: 'folder', text: expect.any(String) }] }));
    },
  );
});

describe('rename-folder', () => {
  it('renames and moves a folder with all that is in it, and touches no license and no card', async () => {
    const license = aLicense({ folderId: 'helsinki' });
    const { ask, expectSound } = await anOffice({
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
    const { ask } = await anOffice();

    const answer = await ask('rename-folder', { folder, newPath });

    expect(answer).toMatchObject(refusal(code));
  });
});

describe('list-folders', () => {
  it('counts what stands in each folder itself, not what is below it, and no deleted license', async () => {
    const { ask } = await anOffice({
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
