import { expect, test } from 'vitest';
import type { Table } from '../../shared/platform/ports/table.ts';
import { type Random, seededRandom } from '../../shared/platform/random.ts';
import { aHookWorld } from '../fakes/hook-world.ts';
import { violationsOf } from '../fakes/invariants.ts';
import { aPool } from '../fakes/storms.ts';

const NOW = '2026-03-02T16:03:00.000Z';
const USERS = 5;
const EVENTS = 40;

type Told = { readonly id: string; readonly type: string; readonly data: object; readonly at: string };

/** What happens in order: logins, activity and logouts of a few users, some naming the session alone. */
function storyOf(random: Random): readonly Told[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const user = `u${random(USERS)}`;
    const session = `${user}-${index % 3}`;
    const type = (['login', 'login', 'activity', 'logout'] as const)[random(4)] ?? 'login';
    const data = type === 'logout' && random(2) === 0 ? { session } : { user, session };
    const at = new Date(Date.parse(NOW) - 3_600_000 + index * 60_000).toISOString();
    return { id: `event-${index}`, type: `session.${type}`, data, at };
  });
}

/** A table that now and then fails before a write is made, or after: then only its answer is lost. */
function failing(table: Table, random: Random): Table {
  return {
    ...table,
    write: async (writes) => {
      const luck = random(6);
      if (luck === 0) throw new Error('not made');
      const answer = await table.write(writes);
      if (luck === 1) throw new Error('the call took effect, and its answer was lost');
      return answer;
    },
  };
}

async function aTenant(random?: Random) {
  const world = await aHookWorld({ licenses: aPool(USERS, {}, 'F'), now: NOW });
  await world.configure('standard-webhooks');
  if (random !== undefined) Object.assign(world.deps, { table: failing(world.deps.table, random) });
  return world;
}

type World = Awaited<ReturnType<typeof aTenant>>;

/** As a sender does: again until it is taken. */
async function untilTaken({ tell }: World, { id, type, data, at }: Told) {
  for (let tries = 1; tries <= 60; tries += 1) {
    const answer = await tell(id, type, data, { at });
    if (answer.statusCode !== 503) return answer;
  }
  throw new Error(`${id} was never taken`);
}

function openIn({ table }: World) {
  const cards = table.items().filter(({ sessions }) => sessions !== undefined);
  return cards.map(({ user, sessions, current }) => ({ user, sessions, held: current !== undefined })).toSorted(byUser);
}

const byUser = (one: { user?: unknown }, other: { user?: unknown }) => (String(one.user) < String(other.user) ? -1 : 1);

test.each(Array.from({ length: 25 }, (_, seed) => seed + 1))(
  'events that are redelivered until they are accepted count once, whatever fails (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const story = storyOf(random);
    const peaceful = await aTenant();
    for (const event of story) await untilTaken(peaceful, event);
    const stormy = await aTenant(random);
    const answers = new Map<string, string>();

    for (const event of story) {
      // Two deliveries at once, of which either may be the one that counts.
      const [one, other] = await Promise.all([untilTaken(stormy, event), untilTaken(stormy, event)]);
      expect(one).toEqual(other);
      answers.set(event.id, one.body);
    }

    expect(openIn(stormy)).toEqual(openIn(peaceful));
    for (const event of story) {
      const { body } = await untilTaken(stormy, event);
      // An answer is repeated as long as its license is the user's, or if it names no license.
      const { license, user } = JSON.parse(answers.get(event.id) || '{}');
      const held = user === undefined ? undefined : (await stormy.card(user))?.current?.serialNumber;
      if (license === undefined || license.serialNumber === held) expect(body).toBe(answers.get(event.id));
      else expect(JSON.parse(body)).toMatchObject({ outcome: 'denied', reason: 'session-ended' });
      answers.set(event.id, body);
    }
    expect(openIn(stormy)).toEqual(openIn(peaceful));
    const before = structuredClone(stormy.table.items());
    for (const event of story) expect((await untilTaken(stormy, event)).body).toBe(answers.get(event.id));
    expect(stormy.table.items()).toEqual(before);
    expect(violationsOf(stormy.table.items(), '2026-03-02')).toEqual([]);
  },
);
