import { describe, expect, it } from 'vitest';
import { plus } from '../../shared/licensing/time.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { endIdleSessions, takeBackIdle } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { endSession } from '../../shared/sign-in/sessions/end-session.ts';
import { releaseLeaver } from '../../shared/sign-in/sessions/release-leaver.ts';
import { administrator } from '../fakes/administrator.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aLicense, aUserCard, aWorld, NOW, type WorldFacts } from '../fakes/world.ts';

const HOUR = 3_600_000;

export type StoredTable = { readonly table: Table; readonly items: () => Promise<readonly Item[]> };

/** What logins, logouts and the idle sweep promise of the store: runs on the fake and on the real engine. */
export function sessionsContract(name: string, newTable: () => Promise<StoredTable>): void {
  const aStoredWorld = async (facts: WorldFacts = {}) => {
    const { table, items } = await newTable();
    const world = await aWorld({ ...facts, table });
    return { ...world, items, admin: administrator(table) };
  };
  type StoredWorld = Awaited<ReturnType<typeof aStoredWorld>>;

  /** The scenario, and the invariants after it. */
  const story = (facts: WorldFacts, tell: (world: StoredWorld) => Promise<void>) => async (): Promise<void> => {
    const world = await aStoredWorld(facts);
    await tell(world);
    expectInvariants(await world.items());
  };

  const FLOATING = aLicense({ serialNumber: 'F', folderId: 'finance' });
  const DEDICATED = aLicense({ serialNumber: 'D', type: 'dedicated' });

  describe(`logins on the store: ${name}`, () => {
    it(
      'a login takes a license, a logout gives it back (R14, R25)',
      story(
        { licenses: [FLOATING], cards: [aUserCard(), aUserCard({ user: 'bob' })] },
        async ({ login, logout, license }) => {
          expect(await login('ada')).toMatchObject({ outcome: 'allocated', step: 'floating-in-folder', attempts: 1 });
          expect(await license('F')).toMatchObject({ currentUser: 'ada', since: NOW, version: 2 });
          expect(await login('bob')).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });

          expect(await logout('ada', 's1')).toEqual({ ended: 1, license: 'F', nowFree: true });
          expect(await license('F')).not.toHaveProperty('currentUser');
          expect(await login('bob')).toMatchObject({ outcome: 'allocated' });
        },
      ),
    );

    it(
      'a dedicated license stays assigned over logouts (R17), and is used at the next login (R13)',
      story({ licenses: [DEDICATED, FLOATING], cards: [aUserCard({ folderId: 'sales' })] }, async (world) => {
        expect(await world.login('ada')).toMatchObject({ outcome: 'allocated', step: 'dedicated-in-root' });
        expect(await world.logout('ada')).toEqual({ ended: 1, license: 'D', nowFree: false });
        expect(await world.license('D')).toMatchObject({ assignedTo: 'ada' });
        expect(await world.login('ada', { session: 's2', at: plus(NOW, 1) })).toMatchObject({ outcome: 'assigned' });
      }),
    );

    it(
      'creates the card of a new user, with what the claims say (R11)',
      story({ licenses: [FLOATING] }, async ({ login, card }) => {
        await login('zoë', { claims: { folder: 'Finance', name: 'Zoë', level: 'root' } });

        expect(await card('zoë')).toMatchObject({
          folderId: 'finance',
          name: 'Zoë',
          level: 'root',
          current: { serialNumber: 'F' },
          sessions: { 's:s1': { started: NOW, lastSeen: NOW } },
          lastReceipt: { outcome: 'allocated' },
        });
      }),
    );

    it(
      'follows the claims at each login, notes who has left, releases what they had, and takes them back at a later login',
      story(
        { settings: { claims: 'each-login' }, licenses: [DEDICATED], cards: [aUserCard({ folderId: 'sales' })] },
        async ({ deps, tenant: { settings }, login, card, license, clock }) => {
          const left = { tenant: 'acme', user: 'ada', actor: 'test', cause: 'logout', at: plus(NOW, 1) } as const;
          await login('ada', { claims: { folder: 'Finance', level: 'root', name: 'Ada' } });
          clock.move(2);

          await endSession(deps, settings, { ...left, leaver: { note: 'left', source: 'okta' } });
          await releaseLeaver(deps, settings, left);

          const noted = { note: 'left', source: 'okta', at: plus(NOW, 1) };
          const followed = { folderId: 'finance', level: 'root', name: 'Ada', loggedInAt: NOW };
          expect(await card('ada')).toMatchObject({ ...followed, leaver: noted, sessions: {}, assigned: {} });
          expect(await license('D')).not.toHaveProperty('assignedTo');

          expect(await login('ada', { claims: { level: 'no-access' } })).toMatchObject({ reason: 'no-access' });
          expect(await card('ada')).toMatchObject({ noAccessBy: 'claim', loggedInAt: clock.now() });
          expect(await card('ada')).not.toHaveProperty('leaver');
        },
      ),
    );

    it(
      'takes no license for a login whose logout came before it, when the user has no card yet (R24)',
      story({ licenses: [FLOATING] }, async ({ login, logout, card }) => {
        expect(await logout('ada', 's1', plus(NOW, 10))).toEqual({ ended: 0, nowFree: false });
        expect(await logout('ada', 's1', plus(NOW, 10))).toEqual({ ended: 0, nowFree: false });
        expect(await login('ada', { at: plus(NOW, 10) })).toMatchObject({ reason: 'session-ended' });
        expect(await card('ada')).toBeUndefined();

        expect(await login('ada', { at: plus(NOW, 11), claims: { folder: 'Finance' } })).toMatchObject({
          outcome: 'allocated',
        });
        expect(await card('ada')).toMatchObject({ ended: { 's:s1': plus(NOW, 10) } });
      }),
    );

    it(
      'moves on from a releasing license at the next login, and lets the old one go in the same write (R12)',
      story({ licenses: [DEDICATED], cards: [aUserCard({ folderId: 'sales' })] }, async (world) => {
        await world.login('ada');
        await world.admin.release('D');
        expect(await world.license('D')).toMatchObject({ currentUser: 'ada', releasing: true });
        expect(await world.login('ada', { session: 's2' })).toMatchObject({
          outcome: 'continued',
          license: { serialNumber: 'D' },
        });

        expect(await world.logout('ada')).toEqual({ ended: 2, license: 'D', nowFree: true });
      }),
    );

    it(
      'ends idle sessions, and only those (R26)',
      story({ licenses: [FLOATING, DEDICATED], cards: [aUserCard()] }, async (world) => {
        await world.login('ada', { session: 'old' });
        await world.login('bob');
        world.clock.move(4 * HOUR);
        await world.login('ada', { session: 'new' });
        world.clock.move(4 * HOUR + 1);

        expect(await endIdleSessions(world.deps)).toEqual({ ended: 2, freed: 0 });

        expect(Object.keys((await world.card('ada'))!.sessions)).toEqual(['s:new']);
        const bob = (await world.card('bob'))!;
        expect(bob.sessions).toEqual({});
        expect(Object.keys(bob.assigned)).toEqual(['D']);
        expect(await endIdleSessions(world.deps)).toEqual({ ended: 0, freed: 0 });

        world.clock.move(4 * HOUR);
        expect(await endIdleSessions(world.deps)).toEqual({ ended: 1, freed: 1 });
      }),
    );

    it(
      'a login that finds nothing takes back up to five licenses of idle sessions (R26)',
      story(
        { licenses: Array.from({ length: 7 }, (_, index) => aLicense({ serialNumber: `F${index}` })) },
        async (world) => {
          for (let user = 0; user < 7; user += 1) await world.login(`idle-${user}`);
          world.clock.move(8 * HOUR + 1);

          expect(await world.login('ada')).toMatchObject({ outcome: 'allocated', step: 'floating-in-root' });

          const free = (await world.items()).filter(({ pk }) => pk.startsWith('V#'));
          expect(free).toHaveLength(4);
          expect(await takeBackIdle(world.deps, 'acme', world.tenant.settings)).toBe(2);
        },
      ),
    );

    it(
      'gives a license back in the folder in which it then is (R25, R30)',
      story(
        { licenses: [FLOATING], cards: [aUserCard(), aUserCard({ user: 'bob', folderId: 'sales' })] },
        async (world) => {
          await world.login('ada');
          await world.admin.move('F', 'sales');
          expect(await world.login('bob')).toMatchObject({ outcome: 'denied' });

          await world.logout('ada');

          expect(await world.login('bob', { session: 's2' })).toMatchObject({
            step: 'floating-in-folder',
            license: { folder: 'Sales' },
          });
        },
      ),
    );

    it(
      'keeps at most twenty sessions of a user: those last seen',
      story({ licenses: [FLOATING], cards: [aUserCard()] }, async ({ login, card, clock }) => {
        for (let session = 0; session < 21; session += 1) {
          await login('ada', { session: `s${session}` });
          clock.move(1);
        }

        const { sessions } = (await card('ada'))!;
        expect(Object.keys(sessions)).toHaveLength(20);
        expect(sessions).not.toHaveProperty('s:s0');
      }),
    );

    it(
      'keeps ids as they are, whatever characters they have',
      story({ licenses: [FLOATING] }, async ({ login, logout, card }) => {
        const user = 'A#b|"ä.[0]\u{1F600}';
        const session = 's.1[#:"] \u{1F600}';
        expect(await login(user, { session, claims: { folder: 'Finance' } })).toMatchObject({ user, session });
        expect(Object.keys((await card(user))!.sessions)).toEqual([`s:${session}`]);
        expect(await logout(user, session)).toMatchObject({ ended: 1 });
        expect(await login(user, { session })).toMatchObject({ reason: 'session-ended' });
      }),
    );
  });
}
