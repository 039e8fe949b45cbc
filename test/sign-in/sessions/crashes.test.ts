import { describe, expect, it } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import type { Table } from '../../../shared/platform/ports/table.ts';
import { endIdleSessions } from '../../../shared/sign-in/sessions/end-idle-sessions.ts';
import { tenantItem } from '../../../shared/store/items.ts';
import { tenantKey, userCardKey } from '../../../shared/store/keys.ts';
import { administrator } from '../../fakes/administrator.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld, NOW, type WorldFacts } from '../../fakes/world.ts';
import { dyingTable, ProcessDied } from '../../fakes/wrapped-table.ts';

const HOUR = 3_600_000;

type CrashWorld = Awaited<ReturnType<typeof aWorld>>;

type Scenario = {
  readonly title: string;
  readonly facts: WorldFacts;
  readonly prepare?: (world: CrashWorld) => Promise<unknown>;
  readonly act: (world: CrashWorld, table: Table) => Promise<unknown>;
  /** What is true after the call was made again, as if it had never died. */
  readonly proof: (world: CrashWorld) => Promise<void>;
};

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'an allocating login',
    facts: { licenses: [aLicense({ serialNumber: 'F1' }), aLicense({ serialNumber: 'F2' })] },
    act: ({ elsewhere }, table) => elsewhere({ table }).login('ada'),
    proof: async ({ card, table }) => {
      expect((await card('ada'))?.current).toBeDefined();
      expect((await table.query({ pk: 'V#acme#root' })).items).toHaveLength(1);
    },
  },
  {
    title: 'a login that is given a dedicated license',
    facts: { licenses: ['D1', 'D2'].map((serialNumber) => aLicense({ serialNumber, type: 'dedicated' })) },
    act: ({ elsewhere }, table) => elsewhere({ table }).login('ada'),
    proof: async ({ card }) => {
      const { assigned = {}, current } = (await card('ada')) ?? {};
      expect(Object.keys(assigned)).toEqual([current?.serialNumber]);
    },
  },
  {
    title: 'a denied login',
    facts: {},
    act: ({ elsewhere }, table) => elsewhere({ table }).login('ada'),
    proof: async ({ card }) => {
      expect(await card('ada')).toMatchObject({ lastReceipt: { outcome: 'denied', reason: 'no-free-license' } });
    },
  },
  {
    title: 'a second session',
    facts: { licenses: [aLicense()], cards: [aUserCard()] },
    prepare: ({ login }) => login('ada'),
    act: ({ elsewhere }, table) => elsewhere({ table }).login('ada', { session: 's2' }),
    proof: async ({ card }) => {
      expect(Object.keys((await card('ada'))!.sessions).toSorted()).toEqual(['s:s1', 's:s2']);
    },
  },
  {
    title: 'moving on from a releasing license',
    facts: {
      licenses: [
        aLicense({ serialNumber: 'OLD', type: 'dedicated' }),
        aLicense({ serialNumber: 'NEW', folderId: 'sales' }),
      ],
    },
    prepare: async ({ login, table }) => {
      await login('ada');
      await administrator(table).release('OLD');
      await administrator(table).move('NEW', 'root');
    },
    act: ({ elsewhere }, table) => elsewhere({ table }).login('ada', { session: 's2' }),
    proof: async ({ card, license }) => {
      expect((await card('ada'))?.current?.serialNumber).toBe('NEW');
      expect(await license('OLD')).not.toHaveProperty('currentUser');
    },
  },
  {
    title: 'a logout',
    facts: { licenses: [aLicense({ serialNumber: 'F' })] },
    prepare: ({ login }) => login('ada'),
    act: ({ elsewhere }, table) => elsewhere({ table }).logout('ada', 's1', plus(NOW, 1)),
    proof: async ({ card, license }) => {
      const { sessions, ended } = (await card('ada'))!;
      expect({ sessions, ended }).toEqual({
        sessions: {},
        ended: { 's:s1': plus(NOW, 1), 'whole user': plus(NOW, 1) },
      });
      expect(await license('F')).not.toHaveProperty('currentUser');
    },
  },
  {
    title: 'a logout before any login',
    facts: { licenses: [aLicense({ serialNumber: 'F' })] },
    act: ({ elsewhere }, table) => elsewhere({ table }).logout('ada', 's1', plus(NOW, 1)),
    proof: async ({ login }) => {
      expect(await login('ada', { at: NOW })).toMatchObject({ reason: 'session-ended' });
    },
  },
  {
    title: 'the idle sweep',
    facts: { licenses: ['F1', 'F2'].map((serialNumber) => aLicense({ serialNumber })) },
    prepare: async ({ login, clock }) => {
      await login('ada');
      await login('bob');
      clock.move(8 * HOUR + 1);
    },
    act: ({ deps }, table) => endIdleSessions({ ...deps, table }),
    proof: async ({ table, card }) => {
      expect((await table.query({ pk: 'V#acme#root' })).items).toHaveLength(2);
      expect((await card('ada'))?.sessions).toEqual({});
    },
  },
  {
    title: 'the sweep after the idle time was made shorter',
    facts: { licenses: ['F1', 'F2', 'F3'].map((serialNumber) => aLicense({ serialNumber })) },
    prepare: async ({ login, clock, table, tenant }) => {
      await login('ada');
      clock.move(2 * HOUR);
      await login('bob');
      const settings = { ...tenant.settings, idleTimeout: HOUR };
      await table.write([{ put: tenantItem({ ...tenant, settings, idleShortenedAt: clock.now() }) }]);
      clock.move(HOUR / 2);
    },
    act: ({ deps }, table) => endIdleSessions({ ...deps, table }),
    proof: async ({ table, card }) => {
      expect((await card('ada'))?.sessions).toEqual({});
      expect(Object.keys((await card('bob'))!.sessions)).toEqual(['s:s1']);
      expect(await table.get(userCardKey('acme', 'bob'))).toMatchObject({
        idleSort: `${plus(NOW, 3 * HOUR)}#acme#bob`,
      });
      expect(await table.get(tenantKey('acme'))).not.toHaveProperty('idleSort');
    },
  },
  {
    title: 'a login that takes back what is idle',
    facts: { licenses: ['F1', 'F2'].map((serialNumber) => aLicense({ serialNumber })) },
    prepare: async ({ login, clock }) => {
      await login('ada');
      await login('bob');
      clock.move(8 * HOUR + 1);
    },
    act: ({ elsewhere }, table) => elsewhere({ table }).login('cyd'),
    proof: async ({ card }) => {
      expect((await card('cyd'))?.current).toBeDefined();
    },
  },
];

describe('a process that dies', () => {
  it.each(SCENARIOS)(
    'at any call of $title leaves nothing half done, and the next try ends the work (F14, F23, I11)',
    async (scenario) => {
      let calls = Number.POSITIVE_INFINITY;
      for (let at = 1; at <= calls; at += 1) {
        for (const moment of ['before', 'after'] as const) {
          const table = memoryTable();
          const world = await aWorld({ ...scenario.facts, table });
          await scenario.prepare?.(world);
          const dying = dyingTable(table, at, moment);

          await expect(scenario.act(world, dying.table)).rejects.toThrow(ProcessDied);
          expectInvariants(table.items());

          await scenario.act(world, table);
          await scenario.proof(world);
          expectInvariants(table.items());
        }
        calls = await callsOf(scenario);
      }
      expect(calls).toBeGreaterThan(1);
    },
  );
});

/** How many calls the scenario makes when nothing happens to it. */
async function callsOf({ facts, prepare, act }: Scenario): Promise<number> {
  const table = memoryTable();
  const world = await aWorld({ ...facts, table });
  await prepare?.(world);
  const counting = dyingTable(table, Number.POSITIVE_INFINITY, 'before');
  await act(world, counting.table);
  return counting.calls();
}
