import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import { DAY } from '../../shared/licensing/time.ts';
import { type Random, seededRandom } from '../../shared/platform/random.ts';
import { seededTurns } from '../fakes/interleaving.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aRenewalWorld, REQUEST, type RenewalWorld, runToItsEnd } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { interleavedTable, wrappedTable } from '../fakes/wrapped-table.ts';

const OLD = { expiresOn: '2026-03-31' } as const;
const IDLE = 30 * DAY;
const FOLDERS = ['finance', 'sales'] as const;

/** Users of two folders: those named `owner` own a dedicated license, the others live on floating ones. */
async function aTenant({ floating, users, seed }: { floating: number; users: number; seed: number }) {
  const names = Array.from({ length: users }, (_, index) => `user-${index}`);
  const owners = Array.from({ length: 4 }, (_, index) => `owner-${index}`);
  const folderOf = (index: number) => FOLDERS[index % 2]!;
  const licenses: License[] = [
    ...Array.from({ length: floating }, (_, index) =>
      aLicense({ ...OLD, serialNumber: `F${index}`, folderId: folderOf(index) }),
    ),
    ...owners.map((_, index) =>
      aLicense({ ...OLD, serialNumber: `D${index}`, type: 'dedicated', folderId: folderOf(index) }),
    ),
  ];
  const world = await aRenewalWorld({
    licenses,
    seed,
    // Nights pass, and nobody's session ends by itself.
    settings: { idleTimeout: IDLE },
    cards: [
      ...names.map((user, index) => aUserCard({ user, folderId: folderOf(index) })),
      ...owners.map((user, index) => aUserCard({ user, folderId: folderOf(index) })),
    ],
    file: licenses.map(({ serialNumber, type }) => ({
      serialNumber: `N-${serialNumber}`,
      type: type === 'floating' ? 'Floating' : 'Dedicated',
      ...(serialNumber === 'F0' ? { validFrom: '2026-03-03' } : {}),
    })),
  });
  for (const [index, user] of owners.entries()) await world.ask('assign-license', { serialNumber: `D${index}`, user });
  return { ...world, names, owners };
}

type Tenant = Awaited<ReturnType<typeof aTenant>>;

/** People at work: every one of their sessions stays open until they end it. */
function people(world: Tenant, random: Random) {
  const open = new Map<string, number>();
  let count = 0;

  const login = async (user: string): Promise<Receipt> => {
    count += 1;
    const receipt = await world.login(user, { session: `s${count}` });
    if (receipt.outcome !== 'denied') open.set(user, (open.get(user) ?? 0) + 1);
    const license = receipt.license === undefined ? undefined : await world.license(receipt.license.serialNumber);
    // A license is not given to anybody after its switch. A user who continues with one had it before.
    if (receipt.outcome !== 'continued' && license !== undefined) {
      expect(license, `${user} got ${license.serialNumber}`).not.toMatchObject({ folderId: 'zOld' });
    }
    return receipt;
  };

  const logout = async (user: string): Promise<void> => {
    world.clock.move(1);
    await world.logout(user);
    world.clock.move(1);
    open.delete(user);
  };

  /** Nobody's session was cut, and every owner has the old license or the new one. */
  const expectAtWork = (): void => {
    const items = world.table.items();
    const cards = new Map(items.filter(({ sk }) => sk === 'CARD').map((card) => [`${card['user']}`, card]));
    for (const [user, sessions] of open) {
      const card = cards.get(user);
      expect(Object.keys(card?.['sessions'] ?? {}), user).toHaveLength(sessions);
      expect(card?.['current'], user).toBeDefined();
    }
    for (const owner of world.owners) expect(Object.keys(cards.get(owner)?.['assigned'] ?? {}), owner).toHaveLength(1);
  };

  const someone = (): string => {
    const all = [...world.names, ...world.owners];
    return all[random(all.length)]!;
  };
  return { login, logout, open, someone, expectAtWork };
}

/** The table of the renewal: `act` happens before each of its calls, and everybody is looked at after each. */
function amongPeople(world: RenewalWorld, act: () => Promise<void>, look: () => void) {
  let turn: Promise<unknown> = Promise.resolve();
  return wrappedTable(world.table, (_name, call) => {
    const answered = turn.then(async () => {
      await act();
      look();
      const answer = await call();
      look();
      return answer;
    });
    turn = answered.catch(() => {});
    return answered;
  });
}

describe('logins during every phase of a renewal (R38)', () => {
  it('work as always: nobody gets a replaced license, no session ends, and no owner is ever without a license', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = seededRandom(seed);
      const world = await aTenant({ floating: 8, users: 8, seed });
      const { login, logout, someone, expectAtWork, open } = people(world, random);
      const outcomes = new Set<string>();
      const act = async (): Promise<void> => {
        if (random(3) === 0) return;
        const user = someone();
        if ((open.get(user) ?? 0) >= 5 || (random(3) === 0 && open.has(user))) await logout(user);
        else {
          const receipt = await login(user);
          outcomes.add(receipt.outcome);
          expect(receipt, `seed ${seed}`).not.toMatchObject({ outcome: 'denied' });
        }
      };
      const table = amongPeople(world, act, expectAtWork);

      await world.approve(REQUEST, table);
      const steps = world.stepsOn(table);
      let days = 0;
      const moveTo = (instant: string): void => {
        world.moveTo(instant);
        days += 1;
      };
      const running = runToItsEnd(
        {
          ...steps,
          findNext: async () => {
            // After some days everybody goes home for once, so that nothing stays in use for ever.
            if (days >= 4) for (const user of [...open.keys()]) await logout(user);
            return steps.findNext();
          },
        },
        moveTo,
      );

      expect(await running).toMatchObject({ status: 'finished', counts: { replaced: 12, deleted: 12 } });
      expect([...outcomes].toSorted()).toEqual(['allocated', 'assigned', 'continued']);
      expectInvariants(world.table.items(), world.clock.now().slice(0, 10), IDLE);
    }
  });

  it('deny nobody whom an identical run without the renewal serves, when licenses are scarce', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const [renewed, without] = [
        await aTenant({ floating: 8, users: 20, seed }),
        await aTenant({ floating: 8, users: 20, seed }),
      ];
      const random = seededRandom(seed);
      const everybody = [...renewed.names, ...renewed.owners];
      const users = Array.from({ length: 60 }, () => everybody[random(everybody.length)]!);
      const plain = people(without, random);
      const served = new Map<number, string>();
      for (const [index, user] of users.entries()) served.set(index, (await plain.login(user)).outcome);

      const { login, expectAtWork } = people(renewed, random);
      const outcomes: string[] = [];
      const act = async (): Promise<void> => {
        const user = users[outcomes.length];
        if (user !== undefined && random(2) === 0) outcomes.push((await login(user)).outcome);
      };
      const table = amongPeople(renewed, act, expectAtWork);
      await renewed.approve(REQUEST, table);
      await renewed.switchAll(table);
      await renewed.nextDay(table);
      while (outcomes.length < users.length) await act();

      const worse = users.filter((_, index) => outcomes[index] === 'denied' && served.get(index) !== 'denied');
      expect(worse, `seed ${seed}`).toEqual([]);
      expect([...served.values()]).toContain('denied');
    }
  });

  it('race with the switch and the undo of the same licenses, call by call', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const world = await aTenant({ floating: 8, users: 8, seed });
      await world.approve();
      await world.steps.begin();
      await world.steps.importHeldBack();
      const nextTurn = seededTurns(seededRandom(seed));
      const table = interleavedTable(world.table, nextTurn);
      const { login, logout } = world.elsewhere({
        table,
        clock: { now: world.clock.now, pause: () => nextTurn('pause') },
      });
      const users = [...world.names, ...world.owners];
      const storm = async (session: string): Promise<void> => {
        const receipts = await Promise.all(users.map((user) => login(user, { session })));
        expect(receipts.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
      };
      const rows = { from: 0, to: 50 };

      await Promise.all([world.stepsOn(table).switchBatch(rows), storm('one')]);
      expectInvariants(world.table.items(), '2026-03-02', IDLE);
      await world.ask('undo-renewal', { renewalId: 'r1' });
      await Promise.all([
        world.stepsOn(table).undoBatch(rows),
        ...users.slice(0, 4).map((user) => logout(user, 'one')),
        ...users.slice(4).map((user) => login(user, { session: 'two' })),
      ]);

      expectInvariants(world.table.items(), '2026-03-02', IDLE);
      for (const owner of world.owners) expect(Object.keys((await world.card(owner))!.assigned)).toHaveLength(1);
    }
  });
});
