import { describe, expect, it } from 'vitest';
import { plus } from '../../shared/licensing/time.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';
import { forgetfulTable } from '../fakes/wrapped-table.ts';

const DEDICATED = aLicense({ serialNumber: 'D', type: 'dedicated' });

describe('put-user-card', () => {
  it.each([
    ['creates', 'new', 0, Date.parse(NOW)],
    ['changes', 'ada', 1, 2],
  ])('%s a card once although the response to its write got lost (F14)', async (_, user, expectedVersion, version) => {
    const { table, loseNextAnswer } = forgetfulTable(memoryTable());
    const { ask } = await aCommandWorld({ table, cards: [aUserCard({ revision: 1 })] });

    loseNextAnswer();
    const answer = await ask('put-user-card', { user, card: { folder: 'Sales' }, expectedVersion });

    expect(answer).toMatchObject({ user, folder: 'Sales', version });
  });

  it('changes the given fields and keeps the rest; only a new card needs a folder', async () => {
    const { ask } = await aCommandWorld({ cards: [aUserCard({ folderId: 'sales', name: 'Ada' })] });

    expect(await ask('put-user-card', { user: 'ada', card: { access: 'read' } })).toMatchObject({
      folder: 'Sales',
      access: 'read',
      name: 'Ada',
    });
    expect(await ask('put-user-card', { user: 'bob', card: { access: 'read' } })).toMatchObject({
      error: {
        code: 'invalid-request',
        faults: [{ place: 'card.folder', text: expect.stringContaining('needs a folder') }],
      },
    });
  });

  it('creates a card, by default with write access and a normal level', async () => {
    const { ask, expectSound } = await aCommandWorld();

    const card = await ask('put-user-card', { user: 'ada', card: { folder: 'Finance/Helsinki' } });

    expect(card).toEqual({
      user: 'ada',
      folder: 'Finance/Helsinki',
      access: 'write',
      level: 'normal',
      licenseInformation: 'none: no license is assigned, and the user is not logged in',
      assignedLicenses: [],
      sessions: [],
      version: expect.any(Number),
    });
    await expectSound();
  });

  it('changes the given fields of an existing card, and a session keeps its license', async () => {
    const { ask, login, expectSound } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'F' })],
      cards: [aUserCard({ name: 'Ada', access: 'read', level: 'readonly' })],
    });
    await ask('put-user-card', { user: 'ada', card: { folder: 'Finance', access: 'write', level: 'normal' } });
    await login('ada');

    const card = await ask('put-user-card', { user: 'ada', card: { folder: 'Sales' } });

    expect(card).toMatchObject({
      name: 'Ada',
      folder: 'Sales',
      access: 'write',
      level: 'normal',
      currentLicense: { serialNumber: 'F' },
      sessions: [{ session: 's1', started: NOW, lastSeen: NOW }],
    });
    await expectSound();
  });

  it('makes a level the administrator’s own, even if a claim has set it before', async () => {
    const { ask, login, clock } = await aCommandWorld({ settings: { claims: 'each-login' }, licenses: [DEDICATED] });
    await login('ada', { claims: { level: 'no-access' } });
    const byClaim = await ask('get-user-card', { user: 'ada' });
    const moved = await ask('put-user-card', { user: 'ada', card: { folder: 'Finance' } });

    const own = await ask('put-user-card', { user: 'ada', card: { folder: 'Finance', level: 'no-access' } });
    clock.move(1_000);
    const denied = await login('ada', { claims: { level: 'normal' } });
    await ask('put-user-card', { user: 'ada', card: { folder: 'Finance', level: 'normal' } });

    expect([byClaim, moved]).toMatchObject(Array(2).fill({ level: 'no-access', noAccessBy: 'claim' }));
    expect(own).toMatchObject({ level: 'no-access' });
    expect(own).not.toHaveProperty('noAccessBy');
    expect(denied).toMatchObject({ reason: 'no-access' });
    expect(await login('ada')).toMatchObject({ outcome: 'allocated' });
    const made = await ask('put-user-card', { user: 'bob', card: { folder: '', level: 'no-access' } });
    expect(made).not.toHaveProperty('noAccessBy');
  });

  it('moves a card in every list and for the next login', async () => {
    const { ask, login, expectSound } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'F', folderId: 'sales' })],
      cards: [aUserCard()],
    });

    await ask('put-user-card', { user: 'ada', card: { folder: 'Sales' } });

    expect(await ask('list-user-cards', { folder: 'Finance' })).toEqual({ userCards: [] });
    expect(await ask('list-user-cards', { folder: 'Sales' })).toMatchObject({ userCards: [{ user: 'ada' }] });
    expect(await login('ada')).toMatchObject({ step: 'floating-in-folder' });
    await expectSound();
  });

  it('remembers a logout from before the card', async () => {
    const { ask, login, logout } = await aCommandWorld({ licenses: [DEDICATED] });
    await logout('ada', 's1');

    await ask('put-user-card', { user: 'ada', card: { folder: '' } });

    expect(await login('ada', { session: 's1' })).toMatchObject({ outcome: 'denied', reason: 'session-ended' });
  });

  it.each([
    ['user-card-in-z-old', 'zOld'],
    ['unknown-folder', 'finance'],
  ])('answers %s for a card in %j, and creates none', async (code, folder) => {
    const { ask } = await aCommandWorld();

    const answer = await ask('put-user-card', { user: 'ada', card: { folder } });

    expect(answer).toEqual(refusal(code));
    expect(await ask('get-user-card', { user: 'ada' })).toEqual(refusal('unknown-user'));
  });

  it('loses neither the change nor a concurrent login', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [DEDICATED] });

    const [, receipt] = await Promise.all([
      ask('put-user-card', { user: 'ada', card: { folder: 'Sales' } }),
      login('ada'),
      ask('put-user-card', { user: 'ada', card: { folder: 'Sales', name: 'Ada' } }),
    ]);

    expect(receipt).toMatchObject({ outcome: 'allocated' });
    expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({
      name: 'Ada',
      folder: 'Sales',
      currentLicense: { serialNumber: 'D' },
    });
    await expectSound();
  });
});

describe('get-user-card', () => {
  it('shows licenses, sessions and the last receipt, also that of a denial (R22)', async () => {
    const { ask, login } = await aCommandWorld({ licenses: [DEDICATED], cards: [aUserCard()] });
    const receipt = await login('ada');
    const denial = await login('bob');

    const ada = await ask('get-user-card', { user: 'ada' });
    const bob = await ask('get-user-card', { user: 'bob' });

    const license = await ask('get-license', { serialNumber: 'D' });
    expect(ada).toMatchObject({ currentLicense: license, assignedLicenses: [license], lastReceipt: receipt });
    expect(bob).toMatchObject({ assignedLicenses: [], lastReceipt: denial });
    expect(bob).not.toHaveProperty('currentLicense');
  });

  it('shows the license information of the user (R32)', async () => {
    const { ask, login, logout, clock } = await aCommandWorld({
      licenses: [
        aLicense({ serialNumber: 'F', folderId: 'finance' }),
        aLicense({ serialNumber: 'D', type: 'dedicated', folderId: 'sales' }),
        aLicense({ serialNumber: 'M', type: 'dedicated', modules: 'CMDB', folderId: 'sales' }),
      ],
      cards: [
        aUserCard({ user: 'ada' }),
        aUserCard({ user: 'bob' }),
        aUserCard({ user: 'cyd' }),
        aUserCard({ user: 'dan', level: 'no-access' }),
      ],
    });
    const says = async (user: string) =>
      ((await ask('get-user-card', { user })) as { licenseInformation: string }).licenseInformation;
    await login('ada');
    await ask('assign-license', { serialNumber: 'D', user: 'bob' });
    await ask('assign-license', { serialNumber: 'M', user: 'cyd' });
    await login('eve');

    const before = [await says('ada'), await says('bob'), await says('cyd'), await says('dan'), await says('eve')];
    await login('bob');
    await ask('release-license', { serialNumber: 'D' });
    const releasing = await says('bob');
    await logout('bob');
    const after = await says('bob');
    clock.move(365 * 86_400_000);
    const expired = await says('cyd');

    expect(before).toEqual([
      'floating, serial F (in use)',
      'dedicated, serial D',
      'dedicated, serial M (CMDB only)',
      'none: the user has no access',
      `none: no license was free (login of ${NOW})`,
    ]);
    expect([releasing, after, expired]).toEqual([
      'dedicated, serial D (released: in use until the sessions end)',
      'none: no license is assigned, and the user is not logged in',
      'none: the assigned license M expired on 2027-01-14',
    ]);
  });

  it('shows the session that stands for the user as a whole as null', async () => {
    const { ask, login } = await aCommandWorld({ licenses: [DEDICATED] });
    await login('ada', { session: null });

    const card = await ask('get-user-card', { user: 'ada' });

    expect(card).toMatchObject({ sessions: [{ session: null }] });
  });
});

describe('list-user-cards', () => {
  const users = ['ada', 'bob', 'cyd', 'dan', 'eve'];

  it('lists all cards by user, a page at a time', async () => {
    const { ask } = await aCommandWorld({ cards: users.map((user) => aUserCard({ user })) });
    type Page = { userCards: { user: string }[]; cursor?: string };

    const first = (await ask('list-user-cards', { limit: 2 })) as Page;
    const second = (await ask('list-user-cards', { limit: 2, cursor: first.cursor })) as Page;
    const last = (await ask('list-user-cards', { limit: 2, cursor: second.cursor })) as Page;

    expect([first, second, last].map(({ userCards }) => userCards.map(({ user }) => user))).toEqual([
      ['ada', 'bob'],
      ['cyd', 'dan'],
      ['eve'],
    ]);
    expect(last).not.toHaveProperty('cursor');
  });

  it('shows the facts of a card, and its license information', async () => {
    const { ask } = await aCommandWorld({ cards: [aUserCard({ name: 'Ada' })] });

    const answer = await ask('list-user-cards', { folder: 'Finance' });

    expect(answer).toEqual({
      userCards: [
        {
          user: 'ada',
          name: 'Ada',
          folder: 'Finance',
          access: 'write',
          level: 'normal',
          licenseInformation: 'none: no license is assigned, and the user is not logged in',
          version: 1,
        },
      ],
    });
  });

  it('refuses a folder that does not exist, and a cursor of another list', async () => {
    const { ask } = await aCommandWorld({ cards: users.map((user) => aUserCard({ user })) });
    const { cursor } = (await ask('list-user-cards', { limit: 2 })) as { cursor: string };

    const folder = await ask('list-user-cards', { folder: 'Legal' });
    const other = await ask('list-user-cards', { folder: 'Finance', cursor });
    const noCursor = await ask('list-user-cards', { cursor: 'x' });

    expect(folder).toEqual(refusal('unknown-folder'));
    expect([other, noCursor]).toEqual([1, 2].map(() => refusal('invalid-request', { faults: [expect.any(Object)] })));
  });
});

describe('disconnect', () => {
  it('ends one session or all, and a late login of an ended session takes no license (R24)', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [aLicense({ serialNumber: 'F' })] });
    await login('ada', { session: 's1' });
    await login('ada', { session: 's2' });

    const one = await ask('disconnect', { user: 'ada', session: 's1' });
    await expectSound();
    const all = await ask('disconnect', { user: 'ada' });

    expect(one).toEqual({ ended: 1, license: 'F', nowFree: false });
    expect(all).toEqual({ ended: 1, license: 'F', nowFree: true });
    expect(await login('ada', { session: 's2' })).toMatchObject({ reason: 'session-ended' });
    await expectSound();
  });

  it('accepts a user without sessions', async () => {
    const { ask } = await aCommandWorld();

    const answer = await ask('disconnect', { user: 'ada' });

    expect(answer).toEqual({ ended: 0, nowFree: false });
  });

  it('ends a session of a provider whose clock is ahead (F31)', async () => {
    const { ask, login, clock, expectSound } = await aCommandWorld({ licenses: [aLicense({ serialNumber: 'F' })] });
    await login('ada', { at: plus(clock.now(), 240_000) });

    const ended = await ask('disconnect', { user: 'ada' });

    expect(ended).toEqual({ ended: 1, license: 'F', nowFree: true });
    await expectSound();
  });

  it('notes the administrator as the last editor of the card', async () => {
    const { ask, login, card, license } = await aCommandWorld({ licenses: [aLicense({ serialNumber: 'F' })] });
    await login('ada');

    await ask('disconnect', { user: 'ada' });

    const change = { actor: 'olga', cause: 'disconnect', at: NOW };
    expect([(await card('ada'))?.change, (await license('F')).change]).toEqual([change, change]);
  });
});
