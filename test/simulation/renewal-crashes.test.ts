import { describe, expect, it } from 'vitest';
import type { Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { seededTurns } from '../fakes/interleaving.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aRenewalWorld, type RenewalWorld, runToItsEnd } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { dyingTable, interleavedTable, ProcessDied } from '../fakes/wrapped-table.ts';

/** Ada works on D1, Bob owns D2, F1 is free, EXT is extended, GONE has expired; N-FREE is imported already and free. */
async function aYearEnd(): Promise<RenewalWorld> {
  const old = { expiresOn: '2026-03-31' };
  const world = await aRenewalWorld({
    licenses: [
      aLicense({ ...old, serialNumber: 'D1', type: 'dedicated', folderId: 'finance' }),
      aLicense({ ...old, serialNumber: 'D2', type: 'dedicated', folderId: 'helsinki' }),
      aLicense({ ...old, serialNumber: 'F1', folderId: 'sales' }),
      aLicense({ ...old, serialNumber: 'EXT', access: 'read', folderId: 'helsinki' }),
      aLicense({ serialNumber: 'GONE', access: 'read', expiresOn: '2026-03-01', folderId: 'helsinki' }),
      aLicense({
        serialNumber: 'N-FREE',
        expiresOn: '2027-03-31',
        imported: { importId: 'x', outcome: 'added', issued: '2026-02-20' },
      }),
    ],
    cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob', folderId: 'helsinki' })],
    file: [
      { serialNumber: 'N-D1', type: 'Dedicated' },
      { serialNumber: 'N-D2', type: 'Dedicated' },
      { serialNumber: 'N-FREE', validFrom: '2026-01-15' },
      { serialNumber: 'N-LEFT', type: 'Dedicated' },
      { serialNumber: 'EXT', access: 'read' },
    ],
  });
  await world.ask('assign-license', { serialNumber: 'D1', user: 'ada' });
  await world.ask('assign-license', { serialNumber: 'D2', user: 'bob' });
  await world.login('ada');
  await world.approve();
  return world;
}

/** What a renewal is to bring about: licenses, cards and vacancies, without versions, times and causes. */
function facts({ table }: RenewalWorld): readonly unknown[] {
  return table
    .items()
    .filter(({ pk, sk }) => sk === 'LICENSE' || sk === 'CARD' || pk.startsWith('V#'))
    .toSorted((one, other) => (`${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1))
    .map((item) => ({
      ...item,
      version: 0,
      revision: 0,
      change: 0,
      lastReceipt: 0,
      deletedAt: item['deletedAt'] !== undefined,
    }));
}

const outcomes = async (world: RenewalWorld) =>
  (await world.view()).rows.map(({ old, new: to, outcome, oldLicense, newLicense }) => [
    old,
    to,
    outcome,
    oldLicense,
    newLicense,
  ]);

/** Forward, as far as the first cleanup; Ada goes home before. */
async function forward(world: RenewalWorld, table: Table): Promise<void> {
  const steps = world.stepsOn(table);
  await steps.begin();
  await steps.importHeldBack();
  for (let step = await steps.findNext(); step.next !== 'finish'; step = await steps.findNext()) {
    world.moveTo(step.at);
    for (const range of step.batches)
      await (step.next === 'switch' ? steps.switchBatch(range) : steps.cleanUpBatch(range));
  }
  await steps.finish();
}

async function back(world: RenewalWorld, table: Table): Promise<void> {
  const answer = await world.commandsOn(table)('undo-renewal', { renewalId: 'r1' });
  expect(answer).not.toHaveProperty('error');
  await runToItsEnd(world.stepsOn(table, 'r1', world.executions.running().at(-1)), world.moveTo);
}

const WAYS = {
  forward: { prepare: async (world: RenewalWorld) => void (await world.logout('ada')), run: forward, least: 60 },
  'forward beside a session': { prepare: async () => {}, run: forwardOneDay, least: 60 },
  back: { prepare: async (world: RenewalWorld) => void (await world.switchAll()), run: back, least: 30 },
} as const;

async function forwardOneDay(world: RenewalWorld, table: Table): Promise<void> {
  const steps = world.stepsOn(table);
  await steps.begin();
  await steps.importHeldBack();
  for (const kind of ['switch', 'clean-up'] as const) {
    const step = await steps.findNext();
    if (step.next !== kind) continue;
    if (kind === 'clean-up') world.moveTo(step.at);
    for (const range of step.batches) await (kind === 'switch' ? steps.switchBatch(range) : steps.cleanUpBatch(range));
  }
}

describe.each(Object.entries(WAYS))('a renewal that runs %s', (_way, { prepare, run, least }) => {
  const prepared = async () => {
    const world = await aYearEnd();
    await prepare(world);
    return world;
  };

  it('has the same result wherever its process dies, before or after a call’s effect (R40, F40, F41)', async () => {
    const undisturbed = await prepared();
    const counting = dyingTable(undisturbed.table, Number.POSITIVE_INFINITY, 'before');
    await run(undisturbed, counting.table);
    const [expected, rows] = [facts(undisturbed), await outcomes(undisturbed)];
    expect(counting.calls()).toBeGreaterThan(least);

    for (let at = 1; at <= counting.calls(); at += 1) {
      for (const moment of ['before', 'after'] as const) {
        const world = await prepared();
        await expect(run(world, dyingTable(world.table, at, moment).table)).rejects.toThrow(ProcessDied);
        expectInvariants(world.table.items(), world.clock.now().slice(0, 10));
        // What the definition does next, and an administrator.
        await world.stepsOn(world.table, 'r1', (await executionOf(world)) ?? '').stop('ProcessDied');
        await resume(world, run);
        expectInvariants(world.table.items(), world.clock.now().slice(0, 10));
        expect({ facts: facts(world), rows: await outcomes(world) }, `died ${moment} call ${at}`).toEqual({
          facts: expected,
          rows,
        });
      }
    }
  });

  it('has the same result when two processes run it concurrently, however their calls interleave', async () => {
    const undisturbed = await prepared();
    await run(undisturbed, undisturbed.table);
    const [expected, rows] = [facts(undisturbed), await outcomes(undisturbed)];

    for (let seed = 1; seed <= 30; seed += 1) {
      const world = await prepared();
      const table = interleavedTable(world.table, seededTurns(seededRandom(seed)));
      await Promise.all([run(world, table), run(world, table)]);
      expectInvariants(world.table.items(), world.clock.now().slice(0, 10));
      expect({ facts: facts(world), rows: await outcomes(world) }, `seed ${seed}`).toEqual({ facts: expected, rows });
    }
  });
});

async function executionOf({ table }: RenewalWorld): Promise<string | undefined> {
  const item = await table.get({ pk: 'R#acme#r1', sk: 'RENEWAL' });
  return item?.['execution'] === undefined ? undefined : `${item['execution']}`;
}

/** Another process goes on: the way back with the same command, the way forward with another execution. */
async function resume(world: RenewalWorld, run: (world: RenewalWorld, table: Table) => Promise<void>): Promise<void> {
  const { status } = await world.view();
  if (status === 'finished' || status === 'undone') return;
  await run(world, world.table);
}

describe('a renewal that is undone while it runs', () => {
  it('restores everything, whichever of the two reaches each row first', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const world = await aYearEnd();
      const steps = world.stepsOn(world.table);
      await steps.begin();
      await steps.importHeldBack();
      const table = interleavedTable(world.table, seededTurns(seededRandom(seed)));

      const [ended] = await Promise.all([runToItsEnd(world.stepsOn(table), () => {}), back(world, table)]);
      await runToItsEnd(world.stepsOn(world.table, 'r1', 'acme.r1.2'), () => {});

      // Whoever begins after the undo was asked for goes back as well.
      expect(ended === 'undone meanwhile' || ended.status === 'undone').toBe(true);
      const { status, progress } = await world.view();
      expect({ status, ...progress }, `seed ${seed}`).toMatchObject({ status: 'undone', skipped: 0, inZOld: 0 });
      const items = world.table.items();
      expect(items.filter(({ folderId, sk }) => sk === 'LICENSE' && folderId === 'zOld')).toEqual([]);
      expect(await world.license('D1')).toMatchObject({
        assignedTo: 'ada',
        currentUser: 'ada',
        expiresOn: '2026-03-31',
      });
      expectInvariants(items);
    }
  });
});
