import { describe, expect, test } from 'vitest';
import { applyEvent, type TenantEvent } from '../../../functions/session-hooks/apply-event.ts';
import { plus } from '../../../shared/licensing/time.ts';
import type { Table } from '../../../shared/platform/ports/table.ts';
import type { SessionEvent } from '../../../shared/sign-in/providers/session-event.ts';
import { licenseKey } from '../../../shared/store/keys.ts';
import { aCommandWorld } from '../../fakes/command-world.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, NOW, type WorldFacts } from '../../fakes/world.ts';
import { dyingTable, interruptedTable, ProcessDied } from '../../fakes/wrapped-table.ts';

const MINUTE = 60_000;
const RELEASE = { settings: { onLeave: 'release' } } as const;

const dedicated = (serialNumber: string, facts = {}) => aLicense({ serialNumber, type: 'dedicated', ...facts });

/** A tenant whose provider tells of its users; `tell` gives the event's id its kind where it is not given. */
async function aTenant(facts: WorldFacts = {}) {
  const table = memoryTable();
  const office = await aCommandWorld({ cards: [aUserCard()], ...facts, table });
  const given = (event: Partial<SessionEvent>): TenantEvent => {
    const { kind = 'logout', leaver, at = office.clock.now() } = event;
    const id = `${leaver ?? kind}-${at}`;
    const told = { tenant: 'okta:acme.okta.com', user: 'ada', session: null, kind, at, id, ...event };
    return { tenant: office.tenant, provider: 'okta', event: told, claims: {}, fingerprint: told.id };
  };
  const tell = (event: Partial<SessionEvent>, on: Table = table) =>
    applyEvent({ ...office.deps, table: on }, given(event));
  const assigned = async () => Object.keys((await office.card('ada'))?.assigned ?? {}).toSorted();
  return { ...office, table, tell, assigned };
}

describe('a user whom the provider disables or deletes', () => {
  test.each(['disabled', 'left'] as const)('loses all sessions, and the card has the note: %s', async (leaver) => {
    const { tell, login, card, license, clock, expectSound } = await aTenant({
      licenses: [aLicense({ serialNumber: 'F' })],
    });
    await login('ada');
    await login('ada', { session: null });
    clock.move(MINUTE);

    expect(await tell({ leaver })).toEqual({ kind: 'ended' });

    const noted = { note: leaver, at: clock.now(), source: 'okta' };
    expect(await card('ada')).toMatchObject({ sessions: {}, leaver: noted, change: { cause: 'logout' } });
    expect(await license('F')).not.toHaveProperty('currentUser');
    await expectSound();
  });

  test('without open sessions gets the note too, once for a repeated event', async () => {
    const { tell, table, card, clock } = await aTenant();

    await tell({ leaver: 'disabled' });
    const before = structuredClone(table.items());
    clock.move(MINUTE);
    await tell({ leaver: 'disabled', at: NOW });

    expect((await card('ada'))?.leaver).toEqual({ note: 'disabled', at: NOW, source: 'okta' });
    expect(table.items()).toEqual(before);
  });

  test('without a card gets none, only the marks of the logout', async () => {
    const { tell, table, card, login } = await aTenant(RELEASE);

    await tell({ user: 'eve', leaver: 'left' });

    expect(await card('eve')).toBeUndefined();
    expect(table.items().filter(({ pk }) => pk.startsWith('U#acme#eve'))).toMatchObject([{ ended: { every: NOW } }]);
    expect(await login('eve', { at: NOW })).toMatchObject({ reason: 'session-ended' });
  });

  test('is shown with the note in the card and in lists', async () => {
    const { tell, ask } = await aTenant();
    await tell({ leaver: 'left' });

    const leaver = { note: 'left', at: NOW, source: 'okta' };
    expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ leaver });
    expect(await ask('list-user-cards')).toMatchObject({ userCards: [{ user: 'ada', leaver }] });
  });

  test('loses the note with a later login, whatever its outcome, in the same write, but not with an activity', async () => {
    const { tell, login, card, clock } = await aTenant();
    await tell({ leaver: 'left' });
    clock.move(MINUTE);

    await login('ada', { kind: 'activity' });
    expect(await card('ada')).toHaveProperty('leaver');

    expect(await login('ada')).toMatchObject({ reason: 'no-free-license' });
    expect(await card('ada')).not.toHaveProperty('leaver');
  });

  test('keeps the note when an earlier login arrives late', async () => {
    const { tell, login, card, clock } = await aTenant();
    clock.move(MINUTE);
    await tell({ leaver: 'left' });

    expect(await login('ada', { at: NOW })).toMatchObject({ reason: 'session-ended' });
    expect(await card('ada')).toHaveProperty('leaver');
  });

  test('who has logged in again gets no note from a late event, and loses nothing', async () => {
    const licenses = [dedicated('D')];
    const { tell, login, logout, card, clock, assigned } = await aTenant({ ...RELEASE, licenses });
    clock.move(MINUTE);
    await login('ada');
    clock.move(MINUTE);
    await logout('ada');

    expect(await tell({ leaver: 'left', at: NOW })).toEqual({ kind: 'ended' });

    expect(await card('ada')).not.toHaveProperty('leaver');
    expect(await assigned()).toEqual(['D']);
  });

  test('who logs in while the note is written gets no note, because that login is later', async () => {
    const { tell, login, table, card, clock } = await aTenant();
    clock.move(MINUTE);
    const overtaken = interruptedTable(table, 'write', () => login('ada'));

    await tell({ leaver: 'disabled', at: NOW }, overtaken);

    expect((await card('ada'))?.lastReceipt).toMatchObject({ outcome: 'denied' });
    expect(await card('ada')).not.toHaveProperty('leaver');
  });

  test('who gets the note while a later login is written loses it again', async () => {
    const { tell, elsewhere, table, card, clock } = await aTenant();
    await tell({ kind: 'logout' });
    clock.move(MINUTE);
    const overtaken = interruptedTable(table, 'write', () => tell({ leaver: 'disabled', at: NOW }));

    await elsewhere({ table: overtaken }).login('ada');

    expect(await card('ada')).not.toHaveProperty('leaver');
  });
});

describe('events in any order', () => {
  const at = (minutes: number) => ({ at: plus(NOW, minutes * MINUTE) });
  const TOLD = [
    { kind: 'login', session: 's1', ...at(-4) },
    { leaver: 'disabled', ...at(-3) },
    { leaver: 'left', ...at(-2) },
    { kind: 'login', session: 's2', ...at(-1) },
  ] as const;

  test.each([
    ['and the user is back', TOLD, undefined],
    ['and the user is not back', TOLD.slice(0, 3), { note: 'left', source: 'okta', ...at(-2) }],
    ['and the user was disabled only', TOLD.slice(0, 2), { note: 'disabled', source: 'okta', ...at(-3) }],
  ])('leave the same note: %s', async (_what, told, leaver) => {
    for (const order of orders(told)) {
      const { tell, card, expectSound } = await aTenant({ licenses: [aLicense({ serialNumber: 'F' })] });
      for (const event of order) await tell(event);

      const { sessions, ...found } = (await card('ada'))!;
      expect(found.leaver).toEqual(leaver);
      expect(Object.keys(sessions)).toEqual(leaver === undefined ? ['s:s2'] : []);
      await expectSound();
    }
  });
});

function orders<Thing>(things: readonly Thing[]): readonly (readonly Thing[])[] {
  if (things.length < 2) return [things];
  return things.flatMap((first, index) => orders(things.toSpliced(index, 1)).map((rest) => [first, ...rest]));
}

describe('the dedicated licenses of a user who has left', () => {
  const cards = [aUserCard(), aUserCard({ user: 'bob' })];
  const licenses = [
    dedicated('D1'),
    dedicated('D2', { modules: 'CMDB' }),
    dedicated('D3', { validFrom: '2027-01-15', expiresOn: '2028-01-14' }),
  ];
  const assign = async ({ ask }: Pick<Awaited<ReturnType<typeof aTenant>>, 'ask'>) => {
    for (const { serialNumber } of licenses) await ask('assign-license', { serialNumber, user: 'ada' });
  };

  test.each([
    ['left', 'release', []],
    ['left', 'keep', ['D1', 'D2', 'D3']],
    ['left', undefined, ['D1', 'D2', 'D3']],
    ['disabled', 'release', ['D1', 'D2', 'D3']],
    ['disabled', 'keep', ['D1', 'D2', 'D3']],
  ] as const)('%s, %s: %j remain', async (leaver, onLeave, stay) => {
    const settings = onLeave === undefined ? {} : { onLeave };
    const world = await aTenant({ settings, licenses, cards });
    await assign(world);
    await world.login('ada');
    world.clock.move(MINUTE);

    await world.tell({ leaver });

    expect(await world.assigned()).toEqual(stay);
    const d1 = await world.license('D1');
    expect(d1).not.toHaveProperty('currentUser');
    if (stay.length === 0) expect(d1.change).toMatchObject({ actor: 'session-hooks', cause: 'left' });
    await world.expectSound();
    expect(await world.login('bob')).toMatchObject({ outcome: stay.length === 0 ? 'allocated' : 'denied' });
  });

  test('are not released by a repeated event after they were assigned again', async () => {
    const world = await aTenant({ ...RELEASE, licenses, cards });
    await world.tell({ leaver: 'left' });
    await assign(world);

    await world.tell({ leaver: 'left', at: NOW });

    expect(await world.assigned()).toEqual(['D1', 'D2', 'D3']);
  });

  test('are released, except one that the card names and that is assigned to another user', async () => {
    const world = await aTenant({ ...RELEASE, licenses, cards });
    await assign(world);
    const { pk, sk } = licenseKey('acme', 'D1');
    await world.table.write([{ update: { pk, sk }, set: [['assignedTo', 'bob']], onlyIf: [] }]);

    await world.tell({ leaver: 'left' });

    expect(await world.license('D1')).toMatchObject({ assignedTo: 'bob' });
    expect(await world.assigned()).toEqual(['D1']);
  });

  test('remain from the moment at which the user logs in again', async () => {
    const floating = aLicense({ serialNumber: 'F', folderId: 'finance' });
    const world = await aTenant({ ...RELEASE, licenses: [...licenses, floating], cards });
    await assign(world);
    const at = world.clock.now();
    world.clock.move(MINUTE);
    // Writes: the end of the sessions with the note, then a license at a time.
    let writes = 0;
    const write: Table['write'] = async (some) => {
      writes += 1;
      if (writes === 3) await world.login('ada');
      return world.table.write(some);
    };

    await world.tell({ leaver: 'left', at }, { ...world.table, write });

    expect(await world.assigned()).toEqual(['D2', 'D3']);
    expect(await world.card('ada')).not.toHaveProperty('leaver');
    await world.expectSound();
  });

  test.each(['before', 'after'] as const)(
    'are all released, and the event is handled once, though the process dies %s any call (I11)',
    async (moment) => {
      const begin = async () => {
        const world = await aTenant({ ...RELEASE, licenses, cards });
        await assign(world);
        await world.login('ada');
        world.clock.move(MINUTE);
        return world;
      };
      const counting = await begin();
      const counted = dyingTable(counting.table, Number.POSITIVE_INFINITY, moment);
      await counting.tell({ leaver: 'left' }, counted.table);

      for (let call = 1; call <= counted.calls(); call += 1) {
        const world = await begin();
        const told = { leaver: 'left', at: world.clock.now() } as const;
        const dying = dyingTable(world.table, call, moment);
        await expect(world.tell(told, dying.table)).rejects.toThrow(ProcessDied);
        expectInvariants(world.table.items());

        expect(await world.tell(told)).toEqual({ kind: 'ended' });

        expect(await world.assigned()).toEqual([]);
        expect(await world.card('ada')).toMatchObject({
          sessions: {},
          leaver: { note: 'left', at: plus(NOW, MINUTE) },
        });
        const before = structuredClone(world.table.items());
        await world.tell(told);
        expect(world.table.items()).toEqual(before);
        await world.expectSound();
      }
      expect(counted.calls()).toBeGreaterThan(10);
    },
  );
});

test('the name in an event becomes the card’s name, unless the call’s claims have another', async () => {
  const { tell, card, clock } = await aTenant();
  await tell({ kind: 'login', name: 'Ada Byron' });
  expect(await card('ada')).toMatchObject({ name: 'Ada Byron' });

  clock.move(MINUTE);
  await tell({ kind: 'login', name: 'Ada Lovelace' });
  expect(await card('ada')).toMatchObject({ name: 'Ada Lovelace' });
});
