import { expect, test } from 'vitest';
import { DAY, plus } from '../../shared/licensing/time.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';

const license = (serialNumber: string, user: string, more: object = {}) =>
  aLicense({ serialNumber, type: 'dedicated', assignedTo: user, ...more });
const note = {
  type: 'dedicated',
  access: 'write',
  modules: 'all',
  validFrom: '2026-01-15',
  expiresOn: '2027-01-14',
  folderId: 'root',
} as const;
const ago = (days: number) => plus(NOW, -days * DAY);
const cardOf = (user: string, serialNumber: string, more: object = {}) =>
  aUserCard({ user, assigned: { [serialNumber]: note }, ...more });

test('lists users who hold a license and were not seen for the given days, with the licenses as they are', async () => {
  const { ask } = await aCommandWorld({
    licenses: [license('D1', 'ada'), license('D2', 'bob'), license('D3', 'cyd')],
    cards: [
      cardOf('ada', 'D1', { lastSeen: ago(91), name: 'Ada Lovelace', folderId: 'sales' }),
      cardOf('bob', 'D2', { loggedInAt: ago(89) }),
      cardOf('cyd', 'D3'),
      aUserCard({ user: 'dan' }),
    ],
  });

  const answer = await ask('list-inactive');

  expect(answer).toMatchObject({
    notSeenSince: ago(90),
    holders: [
      {
        user: 'ada',
        name: 'Ada Lovelace',
        folder: 'Sales',
        lastSeen: ago(91),
        licenses: [{ serialNumber: 'D1', version: 1 }],
      },
      { user: 'cyd', licenses: [{ serialNumber: 'D3' }] },
    ],
  });
  expect(await ask('list-inactive', { days: 100, folder: 'Sales' })).toMatchObject({ holders: [] });
  expect(await ask('list-inactive', { days: 30 })).toMatchObject({ holders: [{}, { user: 'bob' }, {}] });
  expect(await ask('list-inactive', { folder: 'Nowhere' })).toMatchObject(refusal('unknown-folder'));
  expect(await ask('list-inactive', { days: 0 })).toMatchObject(refusal('invalid-request'));
});

test('leaves out newcomers and licenses that begin later', async () => {
  const later = { ...note, validFrom: '2026-12-01' };
  const { ask } = await aCommandWorld({
    licenses: [license('D1', 'ada'), license('D2', 'bob', { validFrom: '2026-12-01' })],
    cards: [cardOf('ada', 'D1', { revision: Date.parse(ago(10)) }), cardOf('bob', 'D2', { assigned: { D2: later } })],
  });

  expect(await ask('list-inactive')).toMatchObject({ holders: [] });
  expect(await ask('list-inactive', { days: 9 })).toMatchObject({ holders: [{ user: 'ada' }] });
});

test('what it lists can be released with a preview; somebody who comes back keeps the license', async () => {
  const { ask, login, expectSound, clock } = await aCommandWorld({
    licenses: [license('D1', 'ada'), license('D2', 'bob')],
    cards: [cardOf('ada', 'D1'), cardOf('bob', 'D2')],
  });
  const { holders } = (await ask('list-inactive')) as {
    holders: { licenses: { serialNumber: string; version: number }[] }[];
  };
  const licenses = holders.flatMap((holder) =>
    holder.licenses.map(({ serialNumber, version }) => ({ serialNumber, expectedVersion: version })),
  );
  const release = { change: { action: 'release' }, licenses };

  expect(await ask('change-licenses', { ...release, preview: true })).toMatchObject({ count: 2, done: 2 });
  await login('ada');
  expect(await ask('change-licenses', release)).toMatchObject({
    results: [
      { serialNumber: 'D1', done: false, error: { code: 'stale-version' } },
      { serialNumber: 'D2', done: true },
    ],
  });
  expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ lastSeen: clock.now() });
  await expectSound();
});
