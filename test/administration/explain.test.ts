import { describe, expect, it } from 'vitest';
import { noteOf } from '../../shared/licensing/login/card-notes.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const HOUR = 3_600_000;
const INVALID = (place: string) => refusal('invalid-request', { faults: [{ place, text: expect.any(String) }] });

type Ask = (command: string, members?: object) => Promise<unknown>;
type Answer = {
  readonly people: readonly { readonly user: string; readonly outcome: string }[];
  readonly cursor?: string;
};

const outcomes = async (ask: Ask, members: object) =>
  ((await ask('explain', members)) as Answer).people.map(({ user, outcome }) => [user, outcome]);

describe('explain', () => {
  it('shows what somebody who does not exist yet would get, by folder, access and level', async () => {
    const { ask } = await aCommandWorld({
      licenses: [
        aLicense({ serialNumber: 'F', folderId: 'finance', access: 'read' }),
        aLicense({ serialNumber: 'D', type: 'dedicated' }),
      ],
    });
    const explain = async (card: object) => ((await ask('explain', { card })) as Answer).people;

    const [somebody] = await explain({});

    expect(somebody).toMatchObject({ outcome: 'allocated', step: 'dedicated-in-root', license: { serialNumber: 'D' } });
    expect(somebody).not.toHaveProperty('user');
    expect(await explain({ folder: 'Finance', access: 'read' })).toMatchObject([{ step: 'floating-in-folder' }]);
    expect(await explain({ folder: 'Finance', level: 'readonly' })).toMatchObject([{ step: 'floating-in-folder' }]);
    expect(await explain({ level: 'no-access' })).toMatchObject([
      { outcome: 'denied', reason: 'no-access', steps: [] },
    ]);
  });

  it('shows what a user would get if the card said something else, and leaves the rest of the card as it is', async () => {
    const own = aLicense({ serialNumber: 'OWN', type: 'dedicated', assignedTo: 'ada' });
    const { ask } = await aCommandWorld({
      licenses: [own, aLicense({ serialNumber: 'S', folderId: 'sales' })],
      cards: [aUserCard({ name: 'Ada', assigned: { OWN: noteOf(own) } }), aUserCard({ user: 'bob' })],
    });

    const ada = await ask('explain', { user: 'ada', card: { folder: 'Sales' } });
    const bob = await ask('explain', { user: 'bob', card: { folder: 'Sales' } });

    const license = { serialNumber: 'OWN' };
    expect(ada).toMatchObject({ people: [{ user: 'ada', name: 'Ada', outcome: 'assigned', license }] });
    expect(bob).toMatchObject({ people: [{ user: 'bob', outcome: 'allocated', license: { folder: 'Sales' } }] });
  });

  it('judges an id that is linked to a card by that card, and says when there is no card', async () => {
    const { ask } = await aCommandWorld({ licenses: [aLicense({ folderId: 'finance' })], cards: [aUserCard()] });
    await ask('link-id', { user: 'ada', linkedId: 'other' });

    expect(await ask('explain', { user: 'other' })).toMatchObject({ people: [{ user: 'ada', outcome: 'allocated' }] });
    expect(await ask('explain', { user: 'eve' })).toMatchObject({
      people: [{ user: 'eve', hasUserCard: false, outcome: 'denied' }],
    });
  });

  it('lets the people of a folder take one after the other, in the order of their ids', async () => {
    const { ask } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'F', folderId: 'finance' }), aLicense({ serialNumber: 'R' })],
      cards: [
        ...['cyd', 'ada', 'bob'].map((user) => aUserCard({ user })),
        aUserCard({ user: 'dan', level: 'no-access' }),
        aUserCard({ user: 'zoe', folderId: 'helsinki' }),
      ],
    });

    const answer = await ask('explain', { folder: 'Finance' });

    expect(answer).toMatchObject({
      counts: { people: 4, allocated: 2, assigned: 0, continued: 0, denied: 2 },
      denied: { 'no-free-license': 1, 'no-access': 1 },
      people: [
        { user: 'ada', step: 'floating-in-folder' },
        { user: 'bob', step: 'floating-in-root' },
        { user: 'cyd', outcome: 'denied', reason: 'no-free-license' },
        { user: 'dan', reason: 'no-access' },
      ],
      assumptions: [{ code: 'any-free-license' }, { code: 'in-this-order' }],
    });
    expect(await outcomes(ask, { folder: 'Finance', subfolders: true })).toContainEqual(['zoe', 'denied']);
  });

  it('counts all people for each page, and lists only those of an outcome if asked', async () => {
    const users = ['ada', 'bob', 'cyd', 'dan'];
    const { ask } = await aCommandWorld({
      licenses: [aLicense({ folderId: 'finance' })],
      cards: users.map((user) => aUserCard({ user })),
    });
    const members = { folder: 'Finance', outcome: 'denied', limit: 2 };

    const first = (await ask('explain', members)) as Answer;
    const second = (await ask('explain', { ...members, cursor: first.cursor })) as Answer;

    expect(first).toMatchObject({ counts: { people: 4, denied: 3 }, people: [{ user: 'bob' }, { user: 'cyd' }] });
    expect(second).toMatchObject({ counts: { people: 4, denied: 3 }, people: [{ user: 'dan' }] });
    expect(second).not.toHaveProperty('cursor');
    expect(await ask('explain', { ...members, cursor: 'nothing' })).toEqual(INVALID('cursor'));
  });

  it('follows a user who logs in beside an idle session, which others may end then (R24, R26)', async () => {
    const { ask, login, clock } = await aCommandWorld({
      licenses: [aLicense({ folderId: 'finance' })],
      cards: [aUserCard(), aUserCard({ user: 'bob' }), aUserCard({ user: 'cyd' })],
      settings: { idleTimeout: HOUR },
    });
    await login('bob', { session: null });
    clock.move(HOUR / 2);
    await login('bob', { session: 's2' });
    clock.move((3 * HOUR) / 4);

    const explained = await outcomes(ask, { folder: 'Finance' });

    const logins = [];
    for (const user of ['ada', 'bob', 'cyd']) logins.push([user, (await login(user, { session: null })).outcome]);
    expect(explained).toEqual(logins);
    expect(explained).toEqual([
      ['ada', 'denied'],
      ['bob', 'continued'],
      ['cyd', 'denied'],
    ]);
  });

  it('ends the session of a user as a whole together with the last named one, which is idle (R24)', async () => {
    const { ask, login, clock } = await aCommandWorld({
      licenses: [aLicense({ folderId: 'finance' })],
      cards: [aUserCard(), aUserCard({ user: 'bob' })],
      settings: { idleTimeout: HOUR },
    });
    await login('ada');
    clock.move(2 * HOUR);

    const explained = await outcomes(ask, { folder: 'Finance' });

    const logins = [];
    for (const user of ['ada', 'bob']) logins.push([user, (await login(user, { session: null })).outcome]);
    expect(explained).toEqual(logins);
  });

  it('judges a later moment by its day, without the sessions that are idle by then', async () => {
    const { ask, login } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'F', folderId: 'finance', expiresOn: '2026-03-04' })],
      cards: [aUserCard(), aUserCard({ user: 'bob' })],
    });
    await login('bob');

    const later = await ask('explain', { user: 'ada', day: '2026-03-04' });

    expect(await outcomes(ask, { user: 'ada' })).toEqual([['ada', 'denied']]);
    expect(later).toMatchObject({
      at: '2026-03-03T22:00:00.000Z',
      day: '2026-03-04',
      people: [{ outcome: 'allocated' }],
      assumptions: [{ code: 'any-free-license' }, { code: 'nothing-else-changes' }, { code: 'idle-sessions-end' }],
    });
    expect(await outcomes(ask, { user: 'ada', at: '2026-03-02T09:00:00Z' })).toEqual([['ada', 'denied']]);
    expect(await outcomes(ask, { user: 'ada', day: '2026-03-05' })).toEqual([['ada', 'denied']]);
    expect(await outcomes(ask, { user: 'bob', day: '2026-03-02' })).toEqual([['bob', 'continued']]);
  });

  it.each([
    ['nobody', {}, INVALID('user')],
    ['a folder beside a user', { folder: '', user: 'ada' }, INVALID('folder')],
    ['a folder beside a card', { folder: '', card: {} }, INVALID('folder')],
    ['an instant in the past', { user: 'ada', at: '2026-03-02T08:00:00Z' }, INVALID('at')],
    ['a day in the past', { user: 'ada', day: '2026-03-01' }, INVALID('day')],
    ['two moments', { user: 'ada', day: '2026-03-03', at: '2026-03-03T08:00:00Z' }, INVALID('day')],
    ['an unknown folder', { folder: 'Nowhere' }, refusal('unknown-folder')],
    ['an unknown folder of a card', { card: { folder: 'Nowhere' } }, refusal('unknown-folder')],
    ['a card in zOld', { card: { folder: 'zOld' } }, refusal('user-card-in-z-old')],
  ])('refuses %s', async (_, members, expected) => {
    const { ask } = await aCommandWorld({ cards: [aUserCard()] });

    expect(await ask('explain', members)).toEqual(expected);
  });
});
