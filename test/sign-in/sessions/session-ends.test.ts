import { describe, expect, it } from 'vitest';
import { defined } from '../../../shared/licensing/defined.ts';
import { plus } from '../../../shared/licensing/time.ts';
import type { Table, Write } from '../../../shared/platform/ports/table.ts';
import { endIdleSessions } from '../../../shared/sign-in/sessions/end-idle-sessions.ts';
import { endSession } from '../../../shared/sign-in/sessions/end-session.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld, NOW } from '../../fakes/world.ts';
import { interruptedTable } from '../../fakes/wrapped-table.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A tenant with one license and its user; the clock a minute after what is set up. */
async function aTenant(session: string | null = 's1', settings = {}) {
  const table = memoryTable();
  const facts = { settings, licenses: [aLicense({ expiresOn: '2028-01-14' })], cards: [aUserCard()] };
  const world = await aWorld({ ...facts, table });
  const { clock, deps, tenant, login } = world;
  await login('ada', { session });
  clock.move(MINUTE);
  const active = (of: string | null = session, at = clock.now()) => login('ada', { session: of, at, kind: 'activity' });
  const disconnect = (of?: string) =>
    endSession(
      deps,
      tenant.settings,
      defined({
        tenant: 'acme',
        user: 'ada',
        session: of,
        actor: 'olga',
        cause: 'disconnect',
      }),
    );
  const becomeIdle = async () => {
    clock.move(tenant.settings.idleTimeout + MINUTE);
    await endIdleSessions(deps);
  };
  return { ...world, memory: table, active, disconnect, becomeIdle };
}

const ENDED = { outcome: 'denied', reason: 'session-ended' };

describe('a session that a logout or an administrator has ended stays ended (R24)', () => {
  it.each([
    ['its logout', 's1', 's1', 'logout'],
    ['a logout of the user as a whole', 's1', undefined, 'logout'],
    ['a disconnect', 's1', 's1', 'disconnect'],
    ['a disconnect of the user as a whole', 's1', undefined, 'disconnect'],
    ['a logout, as the user as a whole', null, undefined, 'logout'],
    ['a disconnect, as the user as a whole', null, undefined, 'disconnect'],
  ] as const)('by %s: activity is refused for 30 days, whatever its time', async (_title, session, named, by) => {
    const { active, clock, logout, disconnect, license, memory } = await aTenant(session);
    const end = clock.now();
    await (by === 'logout' ? logout('ada', named) : disconnect(named));

    for (const later of [MINUTE, 7 * HOUR, 20 * HOUR, 2 * DAY]) {
      clock.move(later);
      expect(await active()).toMatchObject(ENDED);
    }
    clock.move(Date.parse(plus(end, 30 * DAY - 1)) - Date.parse(clock.now()));
    expect(await active()).toMatchObject(ENDED);
    expect((await license('A1000001')).currentUser).toBeUndefined();

    clock.move(1);
    expect(await active()).toMatchObject({ outcome: 'allocated' });
    expectInvariants(memory.items(), clock.now().slice(0, 10));
  });

  it.each(['s1', null])('until a later login opens it: then its activity counts (session %s)', async (session) => {
    const { active, clock, login, logout, becomeIdle } = await aTenant(session);
    await logout('ada');
    clock.move(MINUTE);

    expect(await login('ada', { session })).toMatchObject({ outcome: 'allocated' });
    expect(await active()).toMatchObject({ outcome: 'continued' });
    await becomeIdle();
    expect(await active()).toMatchObject({ outcome: 'allocated' });
  });

  it('also when the login comes days later, and the session then ends by idleness', async () => {
    const { active, clock, login, logout, becomeIdle, card } = await aTenant();
    await logout('ada', 's1');
    clock.move(2 * DAY);
    // The card forgets the marks of two days ago.
    await logout('ada', 's2');
    await login('ada');

    await becomeIdle();

    expect((await card('ada'))?.sessions).toEqual({});
    expect(await active()).toMatchObject({ outcome: 'allocated' });
  });

  it('with the last named session also that of the user as a whole', async () => {
    const { active, clock, login, logout } = await aTenant();
    await login('ada', { session: null });
    await logout('ada', 's1', clock.now());
    clock.move(MINUTE);

    expect(await active(null)).toMatchObject(ENDED);
    expect(await login('ada', { session: null })).toMatchObject({ outcome: 'allocated' });
  });

  it('with the last session also that of the user as a whole which nobody had opened, until a login does', async () => {
    const { active, clock, login, logout } = await aTenant();
    await login('ada', { session: 's2' });
    clock.move(MINUTE);
    await logout('ada', 's1');
    expect(await active(null)).toMatchObject({ outcome: 'continued' });
    await logout('ada', 's2');
    await login('ada', { session: 's3', at: plus(clock.now(), 1) });
    await logout('ada', 's3', plus(clock.now(), 2));
    clock.move(DAY);

    expect(await active(null)).toMatchObject(ENDED);
    expect(await login('ada', { session: null })).toMatchObject({ outcome: 'allocated' });
  });

  it('but not that of the user as a whole which began later', async () => {
    const { active, clock, login, logout, card } = await aTenant();
    const end = clock.now();
    clock.move(MINUTE);
    await login('ada', { session: null });

    await logout('ada', 's1', end);

    expect(Object.keys((await card('ada'))?.sessions ?? {})).toEqual(['*']);
    clock.move(MINUTE);
    expect(await active(null)).toMatchObject({ outcome: 'continued' });
  });

  it('and the end of one session does not end others', async () => {
    const { active, clock, login, logout } = await aTenant();
    await login('bob', { session: 's1' });
    await logout('ada', 's1');
    clock.move(MINUTE);

    expect(await active('s2')).toMatchObject({ outcome: 'allocated' });
  });

  it('also if the user’s card was removed', async () => {
    const { active, clock, logout, memory } = await aTenant(null);
    await logout('nia');
    clock.move(MINUTE);

    expect(await active(null)).toMatchObject({ outcome: 'continued' });
    const before = memory.items();
    const { login } = await aWorld({ table: memory });
    expect(await login('nia', { session: null, kind: 'activity', at: clock.now() })).toMatchObject(ENDED);
    expect(memory.items().length).toBe(before.length);
  });
});

describe('an idle end is not permanent (R24)', () => {
  it.each(['s1', null])('activity after it is judged as a login (session %s)', async (session) => {
    const { active, becomeIdle, card } = await aTenant(session);
    await becomeIdle();
    expect((await card('ada'))?.sessions).toEqual({});

    expect(await active()).toMatchObject({ outcome: 'allocated' });
  });
});

describe('a logout of the user as a whole that arrives after the idle time (R24)', () => {
  it('does not deny activity after it, because the user may have logged in between', async () => {
    const { active, becomeIdle, logout, clock } = await aTenant(null);
    await becomeIdle();

    await logout('ada', undefined, plus(clock.now(), -8 * HOUR - 1));

    expect(await active()).toMatchObject({ outcome: 'allocated' });
  });

  it('still ends what is open', async () => {
    const { active, logout, clock } = await aTenant(null);
    clock.move(9 * HOUR);

    expect(await logout('ada', undefined, plus(NOW, MINUTE))).toMatchObject({ ended: 1 });
    expect(await active()).toMatchObject(ENDED);
  });
});

describe('activity of an open session is never refused (R24)', () => {
  it.each(['s1', null])('for its time, although a mark of an earlier end exists (session %s)', async (session) => {
    const { active, clock, login, logout, card } = await aTenant(session);
    await logout('ada');
    clock.move(MINUTE);
    await login('ada', { session });
    const open = (await card('ada'))?.sessions;

    for (const at of [NOW, plus(NOW, MINUTE), plus(clock.now(), -9 * HOUR)]) {
      expect(await active(session, at)).toMatchObject({ outcome: 'continued' });
    }
    expect((await card('ada'))?.sessions).toEqual(open);
  });

  it('but a login at or before the mark is, also of an open session', async () => {
    const { clock, login, logout } = await aTenant();
    await logout('ada');
    clock.move(MINUTE);
    await login('ada');

    expect(await login('ada', { at: plus(NOW, MINUTE) })).toMatchObject(ENDED);
  });
});

describe('a logout that names an unknown session (R24)', () => {
  it('ends the session of the user as a whole while only that one is open, and leaves no mark of it', async () => {
    const { active, clock, logout, license } = await aTenant(null);

    expect(await logout('ada', 'app-1')).toMatchObject({ ended: 1, nowFree: true });

    expect((await license('A1000001')).currentUser).toBeUndefined();
    clock.move(MINUTE);
    expect(await active(null)).toMatchObject({ outcome: 'allocated' });
    expect(await active('app-1')).toMatchObject({ outcome: 'continued' });
  });

  it('does so each time for an application whose session always has the same id', async () => {
    const { clock, login, logout, license } = await aTenant(null);
    for (const _ of ['first', 'second', 'third']) {
      expect(await logout('ada', 'app')).toMatchObject({ ended: 1, nowFree: true });
      clock.move(MINUTE);
      expect(await login('ada', { session: null })).toMatchObject({ outcome: 'allocated' });
      clock.move(MINUTE);
    }
    await logout('ada', 'app');

    expect((await license('A1000001')).currentUser).toBeUndefined();
  });

  it('takes nothing for a late login of that session', async () => {
    const { login, logout } = await aTenant(null);
    await logout('ada', 'app-1', plus(NOW, MINUTE));

    expect(await login('ada', { session: 'app-1', at: plus(NOW, MINUTE) })).toMatchObject(ENDED);
    expect(await login('ada', { session: 'app-1', at: plus(NOW, MINUTE + 1) })).toMatchObject({ outcome: 'allocated' });
  });

  it.each([
    [
      'another session is open',
      async (world: World) => {
        await world.login('ada', { session: 's2' });
      },
      'app-1',
    ],
    ['it began later', async () => {}, 'app-1', plus(NOW, -1)],
    [
      'the session is known: it has been logged out before',
      async ({ login, logout, clock }: World) => {
        await login('ada', { session: 's2' });
        await login('ada', { session: 's3' });
        await logout('ada', 's2');
        clock.move(9 * HOUR);
        await login('ada', { session: null });
        await logout('ada', 's3');
        clock.move(MINUTE);
        await login('ada', { session: null });
      },
      's2',
    ],
  ] as const)('does not if %s', async (_title, prepare, session, at?: string) => {
    const world = await aTenant(null);
    await prepare(world);

    await world.logout('ada', session, at ?? world.clock.now());

    expect(Object.keys((await world.card('ada'))?.sessions ?? {})).toContain('*');
  });

  it('does not as an administrator’s disconnect', async () => {
    const { disconnect, card } = await aTenant(null);

    expect(await disconnect('app-1')).toEqual({ ended: 0, nowFree: false });

    expect(Object.keys((await card('ada'))?.sessions ?? {})).toEqual(['*']);
  });
});

type World = Awaited<ReturnType<typeof aTenant>>;

describe('concurrent ends', () => {
  it('of two concurrent logouts the later one’s mark remains', async () => {
    const { elsewhere, logout, login, memory } = await aTenant(null);
    await logout('ada', undefined, plus(NOW, 1));
    const table = interruptedTable(memory, 'write', () => logout('ada', undefined, plus(NOW, MINUTE)));

    await elsewhere({ table }).logout('ada', undefined, plus(NOW, 2));

    expect(await login('ada', { session: 's2', at: plus(NOW, MINUTE) })).toMatchObject(ENDED);
  });

  it('a logout that comes between the read and the write of an activity ends it too', async () => {
    const { elsewhere, logout, memory, card, clock, becomeIdle } = await aTenant();
    await becomeIdle();
    const isOpening = (writes: readonly Write[]) =>
      writes.some((write) => 'update' in write && write.update.sk === 'CARD');
    let isFirst = true;
    const table: Table = {
      ...memory,
      write: async (writes) => {
        if (isFirst && isOpening(writes)) {
          isFirst = false;
          await logout('ada', 's1');
        }
        return memory.write(writes);
      },
    };

    expect(await elsewhere({ table }).login('ada', { kind: 'activity', at: clock.now() })).toMatchObject(ENDED);
    expect((await card('ada'))?.sessions).toEqual({});
  });

  it('a late login leaves the deadline to the session that is seen first, also when another is seen meanwhile (R26)', async () => {
    const { elsewhere, active, memory, clock, becomeIdle, card } = await aTenant();
    clock.move(9 * MINUTE);
    const table = interruptedTable(memory, 'write', () => active());

    await elsewhere({ table }).login('ada', { session: 's2', at: plus(NOW, MINUTE) });

    expect(Object.keys((await card('ada'))?.sessions ?? {})).toEqual(['s:s1', 's:s2']);
    expectInvariants(memory.items());
    await becomeIdle();
    expect((await card('ada'))?.sessions).toEqual({});
  });
});
