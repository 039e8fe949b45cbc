import { describe, expect, it } from 'vitest';
import type { SessionOrigin } from '../../shared/licensing/login/user-card.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { aHookWorld } from '../fakes/hook-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const NOW = '2026-03-02T08:15:32.159Z';

const aSession = (origin: SessionOrigin = {}) => ({ started: NOW, lastSeen: NOW, ...origin });

const NOTE = { type: 'floating', access: 'write', modules: 'all', validFrom: '2026-01-15', folderId: '' } as const;

const CARDS = [
  aUserCard({
    user: 'ada',
    name: 'Ada Lovelace',
    current: { ...NOTE, serialNumber: 'F1' },
    sessions: {
      's:s1': aSession({ provider: 'okta', application: 'esm' }),
      's:s2': aSession({ provider: 'okta', application: 'portal' }),
    },
  }),
  aUserCard({
    user: 'bob',
    folderId: 'sales',
    current: { ...NOTE, serialNumber: 'F2' },
    sessions: { '*': aSession({ provider: 'entra' }) },
  }),
  aUserCard({ user: 'cyd' }),
];

const LICENSES = [
  aLicense({ serialNumber: 'F1', currentUser: 'ada', since: NOW }),
  aLicense({ serialNumber: 'F2', currentUser: 'bob', since: NOW }),
];

const idsOf = (answer: unknown) =>
  (answer as { sessions: { user: string; session: string | null }[] }).sessions.map(
    ({ user, session }) => `${user} ${session}`,
  );

describe('list-sessions', () => {
  it('lists the open sessions with their provider, their application and the license of the user', async () => {
    const { ask } = await aCommandWorld({ licenses: LICENSES, cards: CARDS });

    expect(await ask('list-sessions')).toEqual({
      sessions: [
        {
          user: 'ada',
          name: 'Ada Lovelace',
          folder: 'Finance',
          session: 's1',
          ...aSession({ provider: 'okta', application: 'esm' }),
          serialNumber: 'F1',
        },
        {
          user: 'ada',
          name: 'Ada Lovelace',
          folder: 'Finance',
          session: 's2',
          ...aSession({ provider: 'okta', application: 'portal' }),
          serialNumber: 'F1',
        },
        {
          user: 'bob',
          folder: 'Sales',
          session: null,
          ...aSession({ provider: 'entra' }),
          serialNumber: 'F2',
        },
      ],
    });
  });

  it.each([
    [{ folder: 'Sales' }, ['bob null']],
    [{ user: 'ada' }, ['ada s1', 'ada s2']],
    [{ user: 'ada', folder: 'Sales' }, []],
    [{ user: 'nobody' }, []],
    [{ provider: 'okta' }, ['ada s1', 'ada s2']],
    [{ application: 'portal' }, ['ada s2']],
    [{ provider: 'entra', application: 'portal' }, []],
  ])('selects by %j', async (members, expected) => {
    const { ask } = await aCommandWorld({ licenses: LICENSES, cards: CARDS });

    expect(idsOf(await ask('list-sessions', members))).toEqual(expected);
  });

  it('comes in pages of users, and refuses a folder that does not exist', async () => {
    const { ask } = await aCommandWorld({ licenses: LICENSES, cards: CARDS });
    const first = (await ask('list-sessions', { limit: 1 })) as { cursor: string };
    const second = await ask('list-sessions', { limit: 1, cursor: first.cursor });

    expect([idsOf(first), idsOf(second)]).toEqual([['ada s1', 'ada s2'], ['bob null']]);
    expect(await ask('list-sessions', { folder: 'Nowhere' })).toEqual(refusal('unknown-folder'));
  });

  it('reads 1,000 cards for a page at most', async () => {
    const cards = Array.from({ length: 2_000 }, (_, index) => aUserCard({ user: `user-${index}` }));
    const world = await aCommandWorld({ cards });
    const { table, counts } = countingTable(world.table);

    const answer = await asAdministrator({ ...world.deps, table }).ask('list-sessions', { limit: 1_000 });

    expect(answer).toEqual({ sessions: [], cursor: expect.any(String) });
    // The tenant, a page of the index, and a read for each hundred cards.
    expect(counts.calls).toBeLessThanOrEqual(1 + 1 + 10);
  });
});

describe('a session', () => {
  it('has the provider and the application that the last event named', async () => {
    const { configure, tell, ask } = await aHookWorld({ licenses: [aLicense()], cards: [aUserCard()] });
    await configure('standard-webhooks');

    await tell('msg_1', 'session.login', { user: 'ada', session: 's1', clientId: 'esm' });

    expect(await ask('list-sessions', { user: 'ada' })).toMatchObject({
      sessions: [{ session: 's1', provider: 'standard-webhooks', application: 'esm' }],
    });
  });

  it('keeps its application when a later event names none', async () => {
    const { configure, tell, ask, clock } = await aHookWorld({ licenses: [aLicense()], cards: [aUserCard()] });
    await configure('standard-webhooks');
    await tell('msg_1', 'session.login', { user: 'ada', session: 's1', clientId: 'esm' });
    clock.move(3_600_000);

    await tell('msg_2', 'session.activity', { user: 'ada', session: 's1' });

    expect(await ask('list-sessions')).toMatchObject({
      sessions: [{ application: 'esm', lastSeen: '2026-03-02T17:03:00.000Z' }],
    });
  });

  it.each([7, '', 'x'.repeat(201)])('has no application when the provider names %j', async (clientId) => {
    const { configure, tell, ask } = await aHookWorld({ licenses: [aLicense()], cards: [aUserCard()] });
    await configure('standard-webhooks');

    await tell('msg_1', 'session.login', { user: 'ada', session: 's1', clientId });

    const { sessions } = (await ask('list-sessions')) as { sessions: object[] };
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).not.toHaveProperty('application');
  });
});

describe('list-user-cards', () => {
  const left = { at: NOW, source: 'okta' };
  const cards = [
    ...CARDS,
    aUserCard({ user: 'dan', leaver: { note: 'left', ...left } }),
    aUserCard({ user: 'eve', name: 'Dana', leaver: { note: 'disabled', ...left }, assigned: { D1: NOTE } }),
  ];
  const users = async (members: object) => {
    const { ask } = await aCommandWorld({ licenses: LICENSES, cards });
    const { userCards } = (await ask('list-user-cards', members)) as { userCards: { user: string }[] };
    return userCards.map(({ user }) => user);
  };

  it.each([
    [{ without: 'license' }, ['cyd', 'dan']],
    [{ leaver: 'left' }, ['dan']],
    [{ leaver: 'disabled' }, ['eve']],
    [{ leaver: 'any' }, ['dan', 'eve']],
    [{ leaver: 'any', without: 'license' }, ['dan']],
    [{ without: 'license', folder: 'Sales' }, []],
  ])('selects by %j', async (members, expected) => {
    expect(await users(members)).toEqual(expected);
  });

  it('has no other value for them', async () => {
    const { ask } = await aCommandWorld();

    expect(await ask('list-user-cards', { without: 'sessions' })).toEqual(
      refusal('invalid-request', { faults: [{ place: 'without', text: 'must be license' }] }),
    );
  });
});
