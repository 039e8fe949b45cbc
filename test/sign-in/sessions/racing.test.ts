import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defined } from '../../../shared/licensing/defined.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { endIdleSessions } from '../../../shared/sign-in/sessions/end-idle-sessions.ts';
import { tenantItem } from '../../../shared/store/items.ts';
import { tenantKey, userCardKey } from '../../../shared/store/keys.ts';
import { administrator } from '../../fakes/administrator.ts';
import { fastCheckTurns, turnTakingClock } from '../../fakes/interleaving.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { type MemoryTable, memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld, NOW, type WorldFacts } from '../../fakes/world.ts';
import { interleavedTable } from '../../fakes/wrapped-table.ts';

const RUNS = 60;
const HOUR = 3_600_000;

type Racing = Awaited<ReturnType<typeof aRace>>;

/** A world whose use cases stop at every call, until fast-check lets one of them go on. */
async function aRace(facts: WorldFacts, scheduler: fc.Scheduler) {
  const table = memoryTable();
  const world = await aWorld({ ...facts, table });
  const nextTurn = fastCheckTurns(scheduler);
  const interleaved = interleavedTable(table, nextTurn);
  const clock = turnTakingClock(world.clock, nextTurn);
  const deps = { ...world.deps, table: interleaved, clock };
  const admin = administrator(interleaved, () => nextTurn('administrator pauses'));
  const sweep = () => endIdleSessions(deps);
  return { ...world, ...world.elsewhere({ table: interleaved, clock }), calm: world, admin, sweep, memory: table };
}

/**
 * Prepares in peace, then runs all at once in every order that fast-check thinks of; the invariants hold at the end.
 */
async function race<Outcome>(
  facts: WorldFacts,
  prepare: (world: Racing) => Promise<unknown>,
  atOnce: (world: Racing) => readonly Promise<Outcome>[],
  then: (world: Racing, outcomes: readonly Outcome[]) => Promise<void>,
  today?: string,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = await aRace(facts, scheduler);
      await prepare(world);
      const outcomes = await scheduler.waitFor(Promise.all(atOnce(world)));
      expectInvariants(world.memory.items(), today);
      await then(world, outcomes);
      expectInvariants(world.memory.items(), today);
    }),
    { numRuns: RUNS },
  );
}

const nothing = async (): Promise<void> => {};

async function freeOnes({ memory }: { readonly memory: MemoryTable }): Promise<readonly unknown[]> {
  return memory.items().flatMap((item) => (item.pk.startsWith('V#') ? [item['serialNumber']] : []));
}

describe('racing', () => {
  it('gives the last license to exactly one of three (R21, F22)', () =>
    race(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      nothing,
      ({ login }) => ['ada', 'bob', 'cyd'].map((user) => login(user)),
      async (_world, receipts) => {
        expect(receipts.map(({ outcome }) => outcome).toSorted()).toEqual(['allocated', 'denied', 'denied']);
      },
    ));

  it('gives one user one license, however many first logins race (R21, F21)', () =>
    race(
      { licenses: ['F1', 'F2', 'F3'].map((serialNumber) => aLicense({ serialNumber })) },
      nothing,
      ({ login }) => ['s1', 's2', 's2', null].map((session) => login('ada', { session })),
      async (world, receipts) => {
        expect(new Set(receipts.map(({ license }) => license?.serialNumber)).size).toBe(1);
        expect(receipts.filter(({ outcome }) => outcome === 'allocated')).toHaveLength(1);
        expect(await freeOnes(world)).toHaveLength(2);
        expect(Object.keys((await world.calm.card('ada'))!.sessions).toSorted()).toEqual(['*', 's:s1', 's:s2']);
      },
    ));

  it('keeps the license for a second session that logs in while the first logs out (F25)', () =>
    race<unknown>(
      { licenses: ['F1', 'F2'].map((serialNumber) => aLicense({ serialNumber })) },
      ({ calm }) => calm.login('ada', { session: 's1' }),
      ({ login, logout }) => [logout('ada', 's1'), login('ada', { session: 's2' })],
      async (world) => {
        const card = await world.calm.card('ada');
        expect(Object.keys(card!.sessions)).toEqual(['s:s2']);
        expect(await freeOnes(world)).toHaveLength(1);
      },
    ));

  it('frees the license once when both sessions log out concurrently (R25)', () =>
    race(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      async ({ calm }) => {
        await calm.login('ada', { session: 's1' });
        await calm.login('ada', { session: 's2' });
      },
      ({ logout }) => [logout('ada', 's1'), logout('ada', 's2')],
      async (world, ended) => {
        expect(ended.map(({ nowFree }) => nowFree).toSorted()).toEqual([false, true]);
        expect(ended.map(({ ended: count }) => count)).toEqual([1, 1]);
        expect(await freeOnes(world)).toEqual(['F']);
      },
    ));

  it('takes no license for a login that has ended already, in whichever order login and logout arrive (R24, F26)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      nothing,
      ({ login, logout }) => [
        login('ada', { session: 's1', at: NOW }),
        logout('ada', 's1', plus(NOW, 1)),
        logout('ada', 's1', plus(NOW, 1)),
      ],
      async (world) => {
        expect(await freeOnes(world)).toEqual(['F']);
        expect(await world.calm.login('ada', { session: 's1', at: plus(NOW, 1) })).toMatchObject({
          reason: 'session-ended',
        });
      },
    ));

  it('takes no license for a login of a known user that ends while it reads (R24, F26)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })], cards: [aUserCard()] },
      nothing,
      ({ login, logout }) => [login('ada', { session: 's1', at: NOW }), logout('ada', 's1', plus(NOW, 1))],
      async (world) => {
        expect(await freeOnes(world)).toEqual(['F']);
        expect((await world.calm.card('ada'))?.ended).toMatchObject({ 's:s1': plus(NOW, 1) });
      },
    ));

  it.each([
    ['nothing is known', nothing],
    ['only the end of a session is known', ({ calm }: Racing) => calm.logout('ada', 's0', NOW)],
  ])('loses neither a mark nor the card when logouts and first logins race, and the user %s (R24)', (_title, prepare) =>
    race<unknown>(
      { licenses: ['F1', 'F2', 'F3'].map((serialNumber) => aLicense({ serialNumber })) },
      prepare,
      ({ login, logout }) => [
        logout('ada', 's1', plus(NOW, 1)),
        logout('ada', 's2', plus(NOW, 1)),
        login('ada', { session: 's1', at: NOW }),
        login('ada', { session: 's3', at: NOW }),
        login('ada', { session: 's4', at: NOW }),
      ],
      async (world) => {
        const card = await world.calm.card('ada');
        expect(Object.keys(card!.sessions).toSorted()).toEqual(['s:s3', 's:s4']);
        expect(card!.ended).toMatchObject({ 's:s1': plus(NOW, 1), 's:s2': plus(NOW, 1) });
        expect(await freeOnes(world)).toHaveLength(2);
      },
    ),
  );

  it('never leaves a license both released and newly in use by its old user (R27, F27)', () =>
    race<unknown>(
      {
        licenses: [aLicense({ serialNumber: 'D', type: 'dedicated', folderId: 'finance', assignedTo: 'ada' })],
        cards: [aUserCard({ user: 'ada', assigned: { D: aNote('finance') } }), aUserCard({ user: 'bob' })],
      },
      nothing,
      ({ login, admin }) => [login('ada'), admin.release('D'), login('bob')],
      async ({ calm }) => {
        const license = await calm.license('D');
        // Either ada was faster and works on a releasing license, or somebody got it anew after the release.
        if (license.releasing) expect(license).toMatchObject({ currentUser: 'ada' });
        else expect(license.assignedTo).toBe(license.currentUser);
      },
    ));

  it('assigns a license or lets a login take it, never both (R28)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'D', type: 'dedicated' })], cards: [aUserCard({ user: 'bob' })] },
      nothing,
      ({ login, admin }) => [login('ada'), admin.assign('D', 'bob')],
      async ({ calm }) => {
        const { assignedTo, currentUser } = await calm.license('D');
        expect([
          ['ada', 'ada'],
          ['bob', undefined],
        ]).toContainEqual([assignedTo, currentUser]);
      },
    ));

  it('judges by the present folder when the card is moved during the login (F32)', () =>
    race<unknown>(
      {
        licenses: [
          aLicense({ serialNumber: 'FINANCE', folderId: 'finance' }),
          aLicense({ serialNumber: 'SALES', folderId: 'sales' }),
        ],
        cards: [aUserCard()],
      },
      nothing,
      ({ login, admin }) => [login('ada'), admin.moveCard('ada', 'sales')],
      async ({ calm }) => {
        const card = await calm.card('ada');
        expect(card?.folderId).toBe('sales');
        expect(['FINANCE', 'SALES']).toContain(card?.current?.serialNumber);
      },
    ));

  it('loses no license that is moved between folders while users log in and out (R25, R30)', () =>
    race<unknown>(
      {
        licenses: [aLicense({ serialNumber: 'F', folderId: 'finance' })],
        cards: [aUserCard(), aUserCard({ user: 'bob', folderId: 'sales' })],
      },
      ({ calm }) => calm.login('ada'),
      ({ login, logout, admin }) => [logout('ada', 's1'), admin.move('F', 'sales'), login('bob')],
      async (world) => {
        expect((await world.calm.license('F')).folderId).toBe('sales');
        if (!(await world.calm.card('bob'))?.current) expect(await freeOnes(world)).toEqual(['F']);
      },
    ));

  it('lets an activity or the idle sweep win, and cuts no session that was renewed (R24, R26)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      async ({ calm }) => {
        await calm.login('ada', { session: 's1' });
        await calm.login('ada', { session: 's2' });
        calm.clock.move(8 * HOUR + 1);
      },
      ({ login, sweep }) => [login('ada', { session: 's1', kind: 'activity' }), sweep(), sweep()],
      async (world) => {
        const card = await world.calm.card('ada');
        expect(Object.keys(card!.sessions)).toContain('s:s1');
        expect(card!.sessions['s:s1']?.lastSeen).toBe(world.calm.clock.now());
        expect(card!.current).toMatchObject({ serialNumber: 'F' });
      },
    ));

  it('keeps the latest activity of a session, however late events race (R24)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      async ({ calm }) => {
        await calm.login('ada');
        calm.clock.move(4 * HOUR);
      },
      ({ login, calm }) => [
        login('ada', { kind: 'activity', at: plus(calm.clock.now(), -HOUR) }),
        login('ada', { kind: 'activity' }),
        login('ada', { at: plus(calm.clock.now(), -2 * HOUR) }),
      ],
      async ({ calm }) => {
        expect((await calm.card('ada'))?.sessions['s:s1']?.lastSeen).toBe(calm.clock.now());
      },
    ));

  it('keeps the latest activity also if another session sets the deadline (R24)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      async ({ calm }) => {
        await calm.login('ada', { session: 's0' });
        await calm.login('ada', { session: 's1' });
        calm.clock.move(4 * HOUR);
      },
      ({ login, calm }) => [
        login('ada', { kind: 'activity', at: plus(calm.clock.now(), -HOUR) }),
        login('ada', { kind: 'activity' }),
      ],
      async ({ calm }) => {
        expect((await calm.card('ada'))?.sessions['s:s1']?.lastSeen).toBe(calm.clock.now());
      },
    ));

  it('corrects a deadline that came too early by no session that it did not see (R26)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      async ({ calm, memory }) => {
        await calm.login('ada');
        calm.clock.move(4 * HOUR);
        await calm.login('ada', { kind: 'activity' });
        // As a shorter idle time of the tenant once had it.
        const early = { idleSort: `${plus(NOW, HOUR)}#acme#ada` };
        await memory.write([{ update: { pk: 'U#acme#ada', sk: 'CARD' }, set: Object.entries(early), onlyIf: [] }]);
      },
      ({ login, sweep, calm }) => [sweep(), login('ada', { session: 's2', at: plus(calm.clock.now(), -2 * HOUR) })],
      async ({ calm }) => {
        expect(Object.keys((await calm.card('ada'))!.sessions).toSorted()).toEqual(['s:s1', 's:s2']);
      },
    ));

  it('applies a shortened idle time to each session, whoever logs in, is active or ends concurrently (R26)', () =>
    race<unknown>(
      { licenses: ['F1', 'F2', 'F3'].map((serialNumber) => aLicense({ serialNumber })) },
      async ({ calm, memory }) => {
        await calm.login('ada');
        await calm.login('bob');
        calm.clock.move(HOUR);
        await calm.login('ada', { session: 's2' });
        const settings = { ...calm.tenant.settings, idleTimeout: HOUR / 2 };
        await memory.write([{ put: tenantItem({ ...calm.tenant, settings, idleShortenedAt: calm.clock.now() }) }]);
        calm.clock.move(5 * 60_000);
      },
      ({ sweep, login, logout, calm }) => [
        sweep(),
        sweep(),
        login('ada', { session: 's2', kind: 'activity' }),
        login('ada', { session: 's3' }),
        login('cyd', { at: plus(calm.clock.now(), -20 * 60_000) }),
        logout('bob', 's1'),
      ],
      async ({ calm, memory }) => {
        await endIdleSessions(calm.deps);
        await endIdleSessions(calm.deps);
        const shortened = calm.clock.now();
        for (const user of ['ada', 'cyd']) {
          const sessions = Object.values((await calm.card(user))!.sessions);
          const first = sessions.map(({ lastSeen }) => lastSeen).toSorted()[0]!;
          expect(first > plus(shortened, -HOUR / 2)).toBe(true);
          // Where it is earlier, the sweep meets the card once too often.
          const listed = String(memory.peek(userCardKey('acme', user))?.['idleSort']);
          expect(listed <= `${plus(first, HOUR / 2)}#acme#${user}`).toBe(true);
        }
        expect((await calm.card('bob'))?.sessions).toEqual({});
        expect(memory.peek(tenantKey('acme'))).not.toHaveProperty('idleSort');
      },
    ));

  it('never sets an idle deadline behind the first session that becomes idle (R26)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'F' })] },
      async ({ calm }) => {
        await calm.login('ada');
        calm.clock.move(4 * HOUR);
      },
      ({ login, calm }) => [
        login('ada', { kind: 'activity' }),
        login('ada', { session: 's2', at: plus(calm.clock.now(), -HOUR) }),
        login('ada', { session: 's3', at: plus(calm.clock.now(), -5 * HOUR) }),
      ],
      async ({ calm }) => {
        expect(Object.keys((await calm.card('ada'))!.sessions)).toHaveLength(3);
      },
    ));

  it('moves all sessions from a releasing license at the next login, whoever logs out concurrently (R12)', () =>
    race<unknown>(
      {
        licenses: [
          aLicense({ serialNumber: 'D', type: 'dedicated', folderId: 'finance' }),
          aLicense({ serialNumber: 'NEXT' }),
        ],
        cards: [aUserCard()],
      },
      async ({ calm }) => {
        const admin = administrator(calm.table);
        await admin.move('NEXT', 'sales');
        await calm.login('ada', { session: 's1' });
        await admin.release('D');
        await admin.move('NEXT', 'root');
      },
      ({ login, logout }) => [login('ada', { session: 's2' }), login('ada', { session: 's3' }), logout('ada', 's1')],
      async (world) => {
        const card = await world.calm.card('ada');
        expect(Object.keys(card!.sessions).toSorted()).toEqual(['s:s2', 's:s3']);
        expect(['NEXT', 'D']).toContain(card?.current?.serialNumber);
        expect(card?.current?.releasing).toBeUndefined();
        expect(await freeOnes(world)).toHaveLength(1);
      },
    ));

  it('grants a license whose term an import changes concurrently only by its new term (R4, F29)', () =>
    race<unknown>(
      { licenses: [aLicense({ serialNumber: 'D', type: 'dedicated' })] },
      nothing,
      ({ login, admin }) => [
        login('ada'),
        admin.change('D', { event: 'change-term', term: { validFrom: '2026-01-15', expiresOn: '2026-06-30' } }),
      ],
      async ({ calm }) => {
        expect((await calm.card('ada'))?.current?.expiresOn).toBe('2026-06-30');
      },
    ));

  it('takes back what idle sessions hold for exactly as many as wait (R26)', () =>
    race(
      { licenses: ['F1', 'F2'].map((serialNumber) => aLicense({ serialNumber })) },
      async ({ calm }) => {
        await calm.login('ada');
        await calm.login('bob');
        calm.clock.move(8 * HOUR + 1);
      },
      ({ login }) => ['cyd', 'dan', 'eve'].map((user) => login(user)),
      async (_world, receipts) => {
        expect(receipts.map(({ outcome }) => outcome).toSorted()).toEqual(['allocated', 'allocated', 'denied']);
      },
    ));
});

function aNote(folderId: string) {
  const { type, access, modules, validFrom, expiresOn } = aLicense({ type: 'dedicated' });
  return defined({ type, access, modules, validFrom, expiresOn, folderId });
}
