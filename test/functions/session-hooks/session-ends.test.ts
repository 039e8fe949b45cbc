import { describe, expect, test } from 'vitest';
import type { Table, Write } from '../../../shared/platform/ports/table.ts';
import { endIdleSessions } from '../../../shared/sign-in/sessions/end-idle-sessions.ts';
import { aHookWorld } from '../../fakes/hook-world.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { aLicense, aUserCard } from '../../fakes/world.ts';
import { settingsOf } from '../../sign-in/providers/samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LICENSE = aLicense({ folderId: 'finance' });

/** A tenant with one license, told of by its signed webhook, each event a minute after the one before. */
async function aTenant() {
  const world = await aHookWorld({
    licenses: [LICENSE],
    cards: ['ada', 'bob'].map((user) => aUserCard({ user })),
  });
  await world.configure('standard-webhooks', {
    tenants: ['standard-webhooks:acme'],
    secret: settingsOf('standard-webhooks')['secret'],
  });
  let told = 0;
  const tell = async (kind: 'login' | 'activity' | 'logout', data: object, at?: string) => {
    told += 1;
    world.clock.move(MINUTE);
    const when = at === undefined ? {} : { at };
    const answer = await world.tell(`m${told}`, `session.${kind}`, data, when);
    expect(answer.statusCode).toBe(kind === 'login' ? 200 : 204);
    return answer.body === '' ? {} : JSON.parse(answer.body);
  };
  const holder = async () => (await world.license(LICENSE.serialNumber)).currentUser;
  const open = async (user: string) => Object.keys((await world.card(user))?.sessions ?? {});
  return { ...world, tell, holder, open };
}

describe('an event of a session that has ended', () => {
  test.each([
    ['a logout of user and session', { user: 'ada', session: 's1' }],
    ['a logout of the session alone', { session: 's1' }],
    ['a logout of the user as a whole', { user: 'ada' }],
  ])('is activity after %s, which takes no license for days', async (_title, data) => {
    const { tell, holder, clock, ask } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    await tell('logout', data);

    for (let turn = 0; turn < 5; turn += 1) {
      clock.move(7 * HOUR);
      await tell('activity', { user: 'ada', session: 's1' });
      expect(await holder()).toBeUndefined();
    }
    expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ lastReceipt: { reason: 'session-ended' } });
    expect(await tell('login', { user: 'bob', session: 's2' })).toMatchObject({ outcome: 'allocated' });
  });

  test('is activity after a disconnect, which takes no license until a login opens it again', async () => {
    const { tell, holder, ask } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    await ask('disconnect', { user: 'ada', session: 's1' });

    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBeUndefined();
    expect(await tell('login', { user: 'ada', session: 's1' })).toMatchObject({ outcome: 'allocated' });
    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBe('ada');
  });

  test('is a logout of an idle session, which ends it for good, whoever its user was', async () => {
    const { tell, holder, clock, deps, open } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    clock.move(9 * HOUR);
    await endIdleSessions(deps);
    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBe('ada');
    clock.move(9 * HOUR);
    await endIdleSessions(deps);
    expect(await open('ada')).toEqual([]);
    await tell('logout', { session: 's1' });

    await tell('activity', { user: 'ada', session: 's1' });

    expect(await holder()).toBeUndefined();
  });

  test.each([
    ['the session', { user: 'ada', session: 's1' }],
    ['the session alone', { session: 's1' }],
    ['the user', { user: 'ada' }],
    ['the session of a user without a card', { user: 'nia', session: 's1' }],
  ])('is a logout of %s before its login, which ends it for good', async (_title, data) => {
    const { tell, holder, clock } = await aTenant();
    const user = 'user' in data ? data.user : 'ada';
    const began = clock.now();
    await tell('logout', data);
    expect(await tell('login', { user, session: 's1' }, began)).toMatchObject({ reason: 'session-ended' });

    for (const later of [MINUTE, 47 * HOUR]) {
      clock.move(later);
      await tell('activity', { user, session: 's1' });
      expect(await holder()).toBeUndefined();
    }
    const { reason } = await tell('login', { user, session: 's1' });
    expect(reason).toBe(user === 'nia' ? 'no-free-license' : undefined);
  });

  test('is a late repeated login, which ends no session that began since', async () => {
    const { tell, holder, clock, deps } = await aTenant();
    const began = clock.now();
    await tell('login', { user: 'ada', session: 's1' }, began);
    await tell('logout', { user: 'ada', session: 's1' });
    await tell('login', { user: 'ada', session: 's1' });
    await tell('login', { user: 'ada', session: 's1' }, began);
    clock.move(9 * HOUR);
    await endIdleSessions(deps);
    await tell('login', { user: 'ada', session: 's1' }, began);

    await tell('activity', { user: 'ada', session: 's1' });

    expect(await holder()).toBe('ada');
  });

  test('is a logout of the user as a whole, which also ends idle sessions, but none that began later', async () => {
    const { tell, holder, clock, deps } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    clock.move(9 * HOUR);
    await endIdleSessions(deps);
    await tell('logout', { user: 'ada' });

    for (const later of [MINUTE, 47 * HOUR]) {
      clock.move(later);
      await tell('activity', { user: 'ada', session: 's1' });
      expect(await holder()).toBeUndefined();
    }
    await tell('activity', { user: 'ada', session: 's2' });
    expect(await holder()).toBe('ada');
    await tell('login', { user: 'ada', session: 's1' });
    clock.move(9 * HOUR);
    await endIdleSessions(deps);
    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBe('ada');
  });

  test('is a logout of an unknown session, which ends the user as a whole if another provider reports that user', async () => {
    const { tell, holder, open } = await aTenant();
    await tell('login', { user: 'ada' });
    await tell('logout', { user: 'ada', session: 'app-1' });

    expect([await holder(), await open('ada')]).toEqual([undefined, []]);
    await tell('activity', { user: 'ada' });
    expect(await holder()).toBe('ada');
  });

  test('is a repeated logout of a known session, which does not end the user as a whole', async () => {
    const { tell, holder, clock } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    await tell('logout', { user: 'ada', session: 's1' });
    await tell('login', { user: 'ada' });
    await tell('logout', { user: 'ada', session: 's1' });
    expect(await holder()).toBe('ada');

    clock.move(25 * HOUR);
    await tell('login', { user: 'ada' });
    await tell('logout', { session: 's1' });
    expect(await holder()).toBe('ada');
  });
});

describe('a session id that comes with another user', () => {
  test('ends the former user’s session, and the next user may get the license', async () => {
    const { tell, holder, open, table } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });

    expect(await tell('login', { user: 'bob', session: 's1' })).toMatchObject({ outcome: 'allocated' });

    expect([await holder(), await open('ada'), await open('bob')]).toEqual(['bob', [], ['s:s1']]);
    await tell('logout', { session: 's1' });
    expect(await holder()).toBeUndefined();
    expectInvariants(table.items());
  });

  test('leaves no permanent mark, so the former user may use the id again', async () => {
    const { tell, holder, open } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    await tell('login', { user: 'bob', session: 's1' });

    await tell('activity', { user: 'ada', session: 's1' });

    expect([await holder(), await open('ada'), await open('bob')]).toEqual(['ada', ['s:s1'], []]);
  });

  test('has also ended for the former user when the later one logs out, until a login', async () => {
    const { tell, holder, clock } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    const before = clock.now();
    await tell('login', { user: 'bob', session: 's1' });
    await tell('logout', { user: 'bob', session: 's1' });

    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBeUndefined();
    expect(await tell('login', { user: 'ada', session: 's1' }, before)).toMatchObject({ reason: 'session-ended' });
    clock.move(47 * HOUR);
    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBeUndefined();

    expect(await tell('login', { user: 'ada', session: 's1' })).toMatchObject({ outcome: 'allocated' });
    await tell('activity', { user: 'ada', session: 's1' });
    expect(await holder()).toBe('ada');
  });

  test('has ended for every user whose login at that time arrives after the logout', async () => {
    const { tell, holder, clock } = await aTenant();
    await tell('login', { user: 'bob', session: 's1' });
    const before = clock.now();
    await tell('logout', { user: 'bob', session: 's1' });

    expect(await tell('login', { user: 'ada', session: 's1' }, before)).toMatchObject({ reason: 'session-ended' });
    expect(await holder()).toBeUndefined();
    expect(await tell('login', { user: 'ada', session: 's1' })).toMatchObject({ outcome: 'allocated' });
  });

  test('stays with the later user when the former login arrives late', async () => {
    const { tell, holder, clock } = await aTenant();
    const before = clock.now();
    await tell('login', { user: 'ada', session: 's1' });

    expect(await tell('login', { user: 'bob', session: 's1' }, before)).toMatchObject({ reason: 'session-ended' });
    expect(await holder()).toBe('ada');
    await tell('logout', { session: 's1' });
    expect(await holder()).toBeUndefined();
  });

  test('is finished by the retry when the process dies in between', async () => {
    const { tell, holder, open, deps } = await aTenant();
    await tell('login', { user: 'ada', session: 's1' });
    const { table } = deps;
    const isOfBob = (write: Write) => 'put' in write && write.put.pk.startsWith('HOOKEVENT#');
    const dying: Table = {
      ...table,
      write: async (writes) => {
        if (writes.some(isOfBob)) throw new Error('the process is gone');
        return table.write(writes);
      },
    };
    Object.assign(deps, { table: dying });
    await expect(tell('login', { user: 'bob', session: 's1' })).rejects.toThrow();
    expect([await holder(), await open('ada'), await open('bob')]).toEqual([undefined, [], []]);
    Object.assign(deps, { table });

    expect(await tell('login', { user: 'bob', session: 's1' })).toMatchObject({ outcome: 'allocated' });

    expect(await open('bob')).toEqual(['s:s1']);
  });
});
