import { expect, test } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const dedicated = (serialNumber: string, folderId = 'root', more: object = {}) =>
  aLicense({ serialNumber, type: 'dedicated', folderId, ...more });
const licenses = [
  dedicated('D1', 'sales'),
  dedicated('D2', 'root'),
  dedicated('D3', 'finance'),
  dedicated('R1', 'root', { access: 'read' }),
  aLicense({ serialNumber: 'F1' }),
];

test('gives each user of a list one free license, of their own folder first, then of the root', async () => {
  const cards = [
    aUserCard({ user: 'ada', folderId: 'finance' }),
    aUserCard({ user: 'bob', folderId: 'finance' }),
    aUserCard({ user: 'cyd', folderId: 'helsinki' }),
  ];
  const { ask, license, expectSound } = await aCommandWorld({ licenses, cards });

  const answer = await ask('assign-each', { to: { users: ['ada', 'bob', 'nobody', 'cyd', 'ada'] } });

  expect(answer).toEqual({
    results: [
      { user: 'ada', done: true, serialNumber: 'D3', version: 2 },
      { user: 'bob', done: true, serialNumber: 'D2', version: 2 },
      { user: 'nobody', done: false, ...refusal('unknown-user') },
      { user: 'cyd', done: true, serialNumber: 'D1', version: 2 },
    ],
  });
  expect((await license('D2')).assignedTo).toBe('bob');
  expect(await ask('assign-each', { to: { users: ['ada'] } })).toMatchObject({
    results: [{ user: 'ada', done: false, error: { code: 'no-free-license' } }],
  });
  await expectSound();
});

test('gives a license to each user of a folder who has none, but not to users with no access', async () => {
  const cards = [
    aUserCard({ user: 'ada', folderId: 'finance' }),
    aUserCard({ user: 'bob', folderId: 'helsinki' }),
    aUserCard({ user: 'cyd', folderId: 'finance', level: 'no-access' }),
    aUserCard({ user: 'dan', folderId: 'sales' }),
  ];
  const { ask, expectSound } = await aCommandWorld({ licenses, cards });
  await ask('assign-license', { serialNumber: 'D1', user: 'bob' });
  const each = { to: { folder: 'Finance', subfolders: true } };

  expect(await ask('assign-each', { ...each, preview: true })).toEqual({
    results: [
      { user: 'ada', done: true, serialNumber: 'D3', version: 2 },
      { user: 'bob', done: false, ...refusal('has-license', { serialNumber: 'D1' }) },
    ],
  });
  expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ assignedLicenses: [] });
  expect(await ask('assign-each', each)).toMatchObject({ results: [{ user: 'ada', done: true }, { done: false }] });
  expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ assignedLicenses: [{ serialNumber: 'D3' }] });
  await expectSound();
});

test('takes only licenses of the given class and folder', async () => {
  const cards = ['ada', 'bob'].map((user) => aUserCard({ user }));
  const { ask } = await aCommandWorld({ licenses, cards });
  const to = { users: ['ada', 'bob'] };

  expect(await ask('assign-each', { to, access: 'read', preview: true })).toMatchObject({
    results: [
      { user: 'ada', serialNumber: 'R1' },
      { user: 'bob', error: { code: 'no-free-license' } },
    ],
  });
  expect(await ask('assign-each', { to, from: 'Sales', preview: true })).toMatchObject({
    results: [{ serialNumber: 'D1' }, { error: { message: expect.stringContaining('in the folder "Sales"') } }],
  });
  expect(await ask('assign-each', { to, from: 'Nowhere' })).toMatchObject(refusal('unknown-folder'));
  expect(await ask('assign-each', { to: { folder: 'Nowhere' } })).toMatchObject(refusal('unknown-folder'));
  expect(await ask('assign-each', { to: {} })).toMatchObject(refusal('invalid-request'));
});
