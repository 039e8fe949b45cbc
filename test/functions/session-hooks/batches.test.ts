import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aHookWorld } from '../../fakes/hook-world.ts';
import { violationsOf } from '../../fakes/invariants.ts';
import { aPool } from '../../fakes/storms.ts';
import { aLicense } from '../../fakes/world.ts';
import { fixture } from '../../sign-in/providers/samples.ts';

const NOW = '2026-03-02T16:03:00.000Z';
const STREAM = { authorization: 'auth0-stream-token', 'content-type': 'application/json' };

type Log = { readonly log_id: string; readonly data: Record<string, unknown> };

const TYPES = ['s', 's', 'seacft', 'slo', 'universal_logout_succeeded'] as const;

/**
 * A morning of a tenant: who does what in which of their sessions. No two at one instant: their order would be
 * nobody's.
 */
const aMorning = fc.array(
  fc.record({
    user: fc.integer({ min: 0, max: 7 }),
    session: fc.integer({ min: 0, max: 2 }),
    type: fc.constantFrom(...TYPES),
  }),
  { minLength: 100, maxLength: 100 },
);

function logOf({ user, session, type }: { user: number; session: number; type: string }, index: number): Log {
  const date = new Date(Date.parse(NOW) - 3_600_000 + index * 30_000).toISOString();
  const of = { tenant_name: 'acme-example', user_id: `auth0|${user}`, details: { session_id: `s-${user}-${session}` } };
  return { log_id: `log-${index}`, data: { date, type, ...of } };
}

async function aTenant() {
  const world = await aHookWorld({ licenses: aPool(10, {}, 'F'), now: NOW });
  await world.configure('auth0');
  return {
    ...world,
    deliver: (logs: readonly Log[]) => world.post('auth0', { headers: STREAM, body: JSON.stringify(logs) }),
    /** Who has which sessions open, and whether they have a license. */
    ends: () => {
      const cards = world.table.items().filter(({ sessions }) => sessions !== undefined);
      const open = cards.map(({ user, sessions, current }) => [user, sessions, current !== undefined]);
      return open.filter(([, sessions]) => Object.keys(sessions as object).length > 0).toSorted();
    },
  };
}

test('100 events in any order, delivered three times, have the same result as in order and once', async () => {
  await fc.assert(
    fc.asyncProperty(aMorning, fc.infiniteStream(fc.nat()), async (morning, keys) => {
      const logs = morning.map(logOf);
      const once = await aTenant();
      for (const log of logs) expect(await once.deliver([log])).toMatchObject({ statusCode: 204 });
      const thrice = await aTenant();
      for (let delivery = 1; delivery <= 3; delivery += 1) {
        const shuffled = logs.map((log) => ({ log, key: keys.next().value ?? 0 })).toSorted((a, b) => a.key - b.key);
        expect(await thrice.deliver(shuffled.map(({ log }) => log))).toMatchObject({ statusCode: 204 });
      }

      expect(thrice.ends()).toEqual(once.ends());
      expect(violationsOf(thrice.table.items(), '2026-03-02')).toEqual([]);
    }),
    { numRuns: 6 },
  );
});

describe('a batch', () => {
  const login = (user: string, id: string, session = `s-${user}`) => ({
    log_id: id,
    data: { date: NOW, type: 's', tenant_name: 'acme-example', user_id: user, details: { session_id: session } },
  });

  test('stores the good events when one is bad, and accepts events that are stored already', async () => {
    const { deliver, ends, table } = await aTenant();
    const bad = { log_id: 'bad', data: { ...login('', 'bad').data } };

    expect(await deliver([login('ada', 'one'), bad, login('bob', 'two')])).toMatchObject({ statusCode: 204 });
    const before = structuredClone(table.items());

    expect(ends()).toHaveLength(2);
    expect(await deliver([login('bob', 'two'), login('ada', 'one')])).toMatchObject({ statusCode: 204 });
    expect(table.items()).toEqual(before);
  });

  test('whose ids all belong to other events is a conflict, and a new event among them is stored', async () => {
    const { deliver, ends } = await aTenant();
    await deliver([login('ada', 'one')]);

    expect(await deliver([login('bob', 'one')])).toMatchObject({ statusCode: 409 });
    expect(await deliver([login('bob', 'one'), login('cyd', 'two')])).toMatchObject({ statusCode: 204 });
    expect(ends().map(([user]) => user)).toEqual(['ada', 'cyd']);
  });

  test('is requested again after the table failed in the middle of it, and then continues there', async () => {
    const world = await aTenant();
    const { deps, deliver, ends } = world;
    const { table } = deps;
    let writes = 0;
    const fails: typeof table = {
      ...table,
      write: (all) => {
        writes += 1;
        return writes === 2 ? Promise.reject(new Error('down')) : table.write(all);
      },
    };
    Object.assign(deps, { table: fails });

    expect(await deliver([login('ada', 'one'), login('bob', 'two')])).toMatchObject({ statusCode: 503 });
    expect(ends().map(([user]) => user)).toEqual(['ada']);
    expect(await deliver([login('ada', 'one'), login('bob', 'two')])).toMatchObject({ statusCode: 204 });
    expect(ends().map(([user]) => user)).toEqual(['ada', 'bob']);
  });
});

test('an event may take the license that the event before it gave back', async () => {
  const world = await aHookWorld({ licenses: [aLicense()], now: NOW });
  await world.configure('okta');
  const [start] = (JSON.parse(fixture('okta/event-hook-session-start.json')) as Hook).data.events;
  const event = (id: string, user: string, eventType: string, minute: number) => ({
    ...start,
    uuid: id,
    eventType,
    published: `2026-03-02T15:0${minute}:00.000Z`,
    actor: { id: user, type: 'User' },
    authenticationContext: { externalSessionId: `s-${user}` },
  });
  const events = [
    event('3', 'bob', 'user.session.start', 3),
    event('2', 'ada', 'user.session.end', 2),
    event('1', 'ada', 'user.session.start', 1),
  ];
  const body = JSON.stringify({ ...JSON.parse(fixture('okta/event-hook-session-start.json')), data: { events } });

  await world.post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body });

  expect((await world.license('A1000001')).currentUser).toBe('bob');
});

type Hook = { readonly data: { readonly events: readonly object[] } };
