import { describe, expect, it } from 'vitest';
import { layoutCheck } from '../../shared/licensing/advice/layout-check.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const LICENSES = [
  aLicense({ serialNumber: 'A1', expiresOn: '2026-03-05' }),
  aLicense({ serialNumber: 'A2', expiresOn: '2026-03-20', folderId: 'finance' }),
  aLicense({ serialNumber: 'A3', expiresOn: '2026-05-20', type: 'dedicated', assignedTo: 'bob' }),
  aLicense({ serialNumber: 'A4', expiresOn: '2026-03-01' }),
  aLicense({ serialNumber: 'A5', type: 'dedicated', folderId: 'sales' }),
];

describe('check-layout', () => {
  it('shows folders by their path, and reads a tenant of any size page by page', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) =>
      aLicense({ serialNumber: `D${index}`, type: 'dedicated', folderId: 'helsinki' }),
    );
    const { ask } = await aCommandWorld({ licenses: [...many, ...LICENSES], cards: [aUserCard()] });

    expect(await ask('check-layout')).toEqual({
      warnings: [
        {
          warning: 'dedicated-without-user-cards',
          folder: 'Finance/Helsinki',
          count: 1_200,
          serialNumbers: expect.any(Array),
        },
        { warning: 'dedicated-without-user-cards', folder: 'Sales', count: 1, serialNumbers: ['A5'] },
      ],
    });
  });

  it('finds nothing in an empty tenant', () => {
    expect(layoutCheck({ environment: 'cloud' }, '2026-03-02').warnings()).toEqual([]);
  });
});

describe('list-expiring', () => {
  it('lists the licenses that end within the given days, by their last day, with the users concerned', async () => {
    const { ask, login } = await aCommandWorld({ licenses: LICENSES, cards: [aUserCard()] });
    await login('ada');

    expect(await ask('list-expiring')).toMatchObject({
      licenses: [
        { serialNumber: 'A1', daysLeft: 3, within: 7, users: [] },
        { serialNumber: 'A2', daysLeft: 18, within: 30, users: ['ada'] },
        { serialNumber: 'A3', daysLeft: 79, within: 90, users: ['bob'] },
      ],
    });
    expect(await ask('list-expiring', { within: 7 })).toMatchObject({ licenses: [{ serialNumber: 'A1' }] });
  });

  it('comes in pages, and accepts no other number of days', async () => {
    const { ask } = await aCommandWorld({ licenses: LICENSES });

    const first = (await ask('list-expiring', { limit: 2 })) as { licenses: unknown[]; cursor: string };
    const second = await ask('list-expiring', { limit: 2, cursor: first.cursor });

    expect(first.licenses).toHaveLength(2);
    expect(second).toMatchObject({ licenses: [{ serialNumber: 'A3' }] });
    expect(await ask('list-expiring', { within: 8 })).toMatchObject(refusal('invalid-request'));
  });
});

describe('list-draining', () => {
  it('lists what is released or set aside and still in use, with the user and the time since when', async () => {
    const { ask, login, clock } = await aCommandWorld({ licenses: LICENSES, cards: [aUserCard()] });
    const since = clock.now();
    await login('ada');
    await ask('release-license', { serialNumber: 'A2' });
    await ask('move-licenses', { serialNumbers: ['A1', 'A2'], folder: 'zOld' });

    expect(await ask('list-draining')).toMatchObject({
      licenses: [
        { serialNumber: 'A2', folder: 'zOld', why: 'set-aside', currentUser: 'ada', since, setAsideOn: '2026-03-02' },
      ],
    });
  });
});
