import { expect, test } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { forgetfulTable } from '../fakes/wrapped-table.ts';

const licenses = ['D1', 'D2', 'D3'].map((serialNumber) => aLicense({ serialNumber, type: 'dedicated' }));
const cards = [
  aUserCard({ user: 'ada', name: 'Ada Lovelace' }),
  aUserCard({ user: 'kc-ada', name: 'ada', folderId: 'sales', access: 'read' }),
];

/** Two ids of one person, each with a license of its own. */
async function aWorldOfTwoIds(more: Parameters<typeof aCommandWorld>[0] = {}) {
  const office = await aCommandWorld({ licenses, cards, ...more });
  await office.ask('assign-license', { serialNumber: 'D1', user: 'ada' });
  await office.ask('assign-license', { serialNumber: 'D2', user: 'kc-ada' });
  return office;
}
const link = { user: 'ada', linkedId: 'kc-ada' };
const moved = {
  ...link,
  licenses: ['D2'],
  released: [],
  sessions: 0,
  card: { name: 'ada', folder: 'Sales', access: 'read', level: 'normal' },
};

test('a preview says what the other id’s card holds, and changes nothing', async () => {
  const table = memoryTable();
  const { ask } = await aWorldOfTwoIds({ table });
  const before = table.items();

  expect(await ask('link-id', { ...link, preview: true })).toEqual(moved);

  expect(table.items()).toEqual(before);
});

test('logins, sessions and ends by either id are those of the one card', async () => {
  const { ask, login, logout, card, expectSound } = await aWorldOfTwoIds();

  expect(await ask('link-id', link)).toEqual(moved);
  expect(await ask('link-id', link)).toMatchObject(link);

  expect(await login('kc-ada', { session: 'k1' })).toMatchObject({ user: 'ada', license: { serialNumber: 'D1' } });
  expect(await login('ada', { session: 'e1' })).toMatchObject({
    outcome: 'continued',
    license: { serialNumber: 'D1' },
  });
  expect(Object.keys((await card('ada'))?.sessions ?? {})).toEqual(['s:k1', 's:e1']);
  expect(await ask('get-user-card', { user: 'kc-ada' })).toMatchObject({ user: 'ada', linkedIds: ['kc-ada'] });
  expect(await ask('explain-login', { user: 'kc-ada' })).toMatchObject({ user: 'ada', outcome: 'continued' });
  await logout('kc-ada', 'e1');
  expect(await logout('kc-ada', 'k1')).toMatchObject({ ended: 1, license: 'D1' });
  await expectSound();
});

test('sessions of the other id end, and an expired license of it is released', async () => {
  const old = aLicense({ serialNumber: 'D0', type: 'dedicated', expiresOn: '2026-03-02' });
  const { ask, login, license, clock, expectSound } = await aWorldOfTwoIds({ licenses: [...licenses, old] });
  await ask('assign-license', { serialNumber: 'D0', user: 'kc-ada' });
  await login('kc-ada', { session: 'k1' });
  clock.move(24 * 60 * 60_000);

  expect(await ask('link-id', { ...link, preview: true })).toMatchObject({ released: ['D0'], sessions: 1 });
  expect(await ask('link-id', link)).toMatchObject({ licenses: ['D2'], released: ['D0'], sessions: 1 });

  expect((await license('D0')).assignedTo).toBeUndefined();
  expect((await license('D2')).assignedTo).toBe('ada');
  expect(await login('kc-ada', { session: 'k1', kind: 'activity' })).toMatchObject({ reason: 'session-ended' });
  await expectSound();
});

test('an id without a card is linked, before it ever logs in', async () => {
  const { ask, login, expectSound } = await aWorldOfTwoIds();

  expect(await ask('link-id', { user: 'ada', linkedId: 'new-id' })).toEqual({
    user: 'ada',
    linkedId: 'new-id',
    licenses: [],
    released: [],
    sessions: 0,
  });

  expect(await login('new-id')).toMatchObject({ user: 'ada' });
  await expectSound();
});

test('can be undone: the id gets back its card, and the licenses that the user does not work on', async () => {
  const { ask, login, expectSound } = await aWorldOfTwoIds();
  await ask('link-id', link);

  expect(await ask('unlink-id', link)).toEqual({ ...link, unlinked: true, licenses: ['D2'] });

  expect(await ask('get-user-card', { user: 'kc-ada' })).toMatchObject({
    user: 'kc-ada',
    name: 'ada',
    folder: 'Sales',
    access: 'read',
    assignedLicenses: [{ serialNumber: 'D2' }],
  });
  expect(await ask('get-user-card', { user: 'ada' })).not.toHaveProperty('linkedIds');
  expect(await login('kc-ada')).toMatchObject({ user: 'kc-ada' });
  expect(await ask('unlink-id', link)).toMatchObject({ unlinked: true, licenses: [] });
  await expectSound();
});

test('a lost answer is not an error, and nothing moves twice', async () => {
  const { table, loseNextAnswer } = forgetfulTable(memoryTable());
  const { ask, expectSound } = await aWorldOfTwoIds({ table });

  loseNextAnswer();
  expect(await ask('link-id', link)).toMatchObject({ licenses: ['D2'] });
  loseNextAnswer();
  expect(await ask('unlink-id', link)).toMatchObject({ licenses: ['D2'] });
  await expectSound();
});

test('links go with the card that is removed', async () => {
  const { ask, login } = await aWorldOfTwoIds();
  await ask('link-id', link);

  await ask('remove-user-card', { user: 'ada' });

  expect(await ask('get-user-card', { user: 'kc-ada' })).toMatchObject(refusal('unknown-user'));
  expect(await login('kc-ada')).toMatchObject({ user: 'kc-ada', outcome: 'allocated' });
});

test.each([
  ['an unknown card', { user: 'nobody', linkedId: 'kc-ada' }, 'unknown-user'],
  ['the id of the card itself', { user: 'ada', linkedId: 'ada' }, 'invalid-request'],
  ['an id that is linked to another card', { user: 'bob', linkedId: 'kc-ada' }, 'conflict'],
  ['to an id that is linked itself', { user: 'kc-ada', linkedId: 'third' }, 'conflict'],
  ['a card that has linked ids', { user: 'bob', linkedId: 'ada' }, 'conflict'],
])('refuses to link %s', async (_what, request, code) => {
  const { ask } = await aWorldOfTwoIds({ cards: [...cards, aUserCard({ user: 'bob' })] });
  await ask('link-id', link);

  expect(await ask('link-id', request)).toMatchObject(refusal(code));
});

test('a linked id gets no card and no erasure of its own', async () => {
  const { ask } = await aWorldOfTwoIds();
  await ask('link-id', link);

  expect(await ask('put-user-card', { user: 'kc-ada', card: { folder: '' } })).toMatchObject(refusal('conflict'));
  expect(await ask('erase-user', { user: 'kc-ada' })).toMatchObject(refusal('conflict'));
  expect(await ask('assign-license', { serialNumber: 'D3', user: 'kc-ada' })).toMatchObject(refusal('unknown-user'));
});

test('costs a login one more round of reads for a linked id, and nothing for others', async () => {
  const memory = memoryTable();
  const { table, counts } = countingTable(memory);
  const { ask, login } = await aWorldOfTwoIds({ table: { ...memory, ...table } });
  await ask('link-id', link);
  await login('ada', { session: 'first' });
  const roundsOf = async (user: string) => {
    const before = counts.rounds;
    await login(user, { session: `of ${user}` });
    return counts.rounds - before;
  };

  const own = await roundsOf('ada');
  expect(await roundsOf('kc-ada')).toBe(own + 1);
});
