import { describe, expect, it } from 'vitest';
import type { RenewalStatus } from '../../shared/licensing/vocabulary.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { renewalKey } from '../../shared/store/keys.ts';
import { aRenewalWorld, expectDone, REQUEST, type RenewalWorld } from '../fakes/renewal-world.ts';
import { aLicense } from '../fakes/world.ts';

type Step = (on: ReturnType<RenewalWorld['stepsOn']>) => Promise<unknown>;

const KEY = renewalKey('acme', 'r1');

async function aMarch(): Promise<RenewalWorld> {
  return aRenewalWorld({
    licenses: [aLicense({ serialNumber: 'F1', expiresOn: '2026-03-31' })],
    file: [{ serialNumber: 'N1' }],
  });
}

const underWay = async ({ approve, steps }: RenewalWorld): Promise<void> => {
  await approve();
  await steps.begin();
};

const imported = async (world: RenewalWorld): Promise<void> => {
  await underWay(world);
  await world.steps.importHeldBack();
};

const switched = async (world: RenewalWorld): Promise<void> => void (await world.switchAll());

const cleanedUp = async (world: RenewalWorld): Promise<void> => {
  await world.switchAll();
  const step = await world.steps.findNext();
  if (step.next !== 'clean-up') throw new Error(`nothing to clean up, but ${step.next}`);
  world.moveTo(step.at);
  for (const range of step.batches) await world.steps.cleanUpBatch(range);
};

const wentBack = async (world: RenewalWorld): Promise<void> => {
  await underWay(world);
  await expectDone(world.ask('undo-renewal', { renewalId: 'r1' }));
  const begun = await world.stepsOn(world.table, 'r1', world.executions.running()[0]).begin();
  if (begun.direction !== 'undo') throw new Error('it does not go back');
  for (const range of begun.batches) await world.steps.undoBatch(range);
};

const CASES: readonly (readonly [
  step: string,
  arrange: (world: RenewalWorld) => Promise<void>,
  step: Step,
  meanwhile: RenewalStatus,
])[] = [
  ['the begin of an approved one', async ({ approve }) => approve(), (on) => on.begin(), 'undone'],
  ['the import of the new licenses', underWay, (on) => on.importHeldBack(), 'undoing'],
  ['the wait for the term', imported, (on) => on.findNext(), 'undoing'],
  ['the wait for the cleanup', switched, (on) => on.findNext(), 'undoing'],
  ['the end', cleanedUp, (on) => on.finish(), 'undoing'],
  ['the end of an undo', wentBack, (on) => on.finish(), 'stopped'],
  ['a fault before the begin', async ({ approve }) => approve(), (on) => on.stop('Late'), 'undone'],
  ['a fault after the end', underWay, (on) => on.stop('Late'), 'finished'],
];

/** The renewal gets a status just before the first write of it, and is kept as it was then. */
function overtaken(table: Table, status: RenewalStatus) {
  const seen: { item?: Item | undefined } = {};
  const write: Table['write'] = async (writes) => {
    const isOfRenewal = writes.some((one) => 'update' in one && one.update.pk === KEY.pk && one.update.sk === KEY.sk);
    if (isOfRenewal && seen.item === undefined) {
      await table.write([{ update: KEY, set: [['status', status]], onlyIf: [] }]);
      seen.item = await table.get(KEY);
    }
    return table.write(writes);
  };
  return { table: { ...table, write }, seen };
}

describe('a decision about a renewal between a step’s read and its write', () => {
  it.each(CASES)('is kept: %s is not stored (R40, R41)', async (_, arrange, step, meanwhile) => {
    const world = await aMarch();
    await arrange(world);
    const { table, seen } = overtaken(world.table, meanwhile);

    // Whether it throws is its own affair; what stands is not.
    await step(world.stepsOn(table)).catch(() => undefined);

    expect(seen.item).toMatchObject({ status: meanwhile });
    expect(await world.table.get(KEY)).toEqual(seen.item);
  });
});

describe('a command after a concurrent one', () => {
  const planned = async ({ ask }: RenewalWorld): Promise<void> => {
    await expectDone(ask('plan-renewal', REQUEST));
  };

  it.each([
    ['approve-renewal', planned, 'undone', { error: { code: 'conflict' } }, 'undone'],
    ['undo-renewal', planned, 'running', { status: 'undoing' }, 'undoing'],
    ['undo-renewal', underWay, 'finished', { error: { code: 'conflict' } }, 'finished'],
  ] as const)('%s reads again, and is judged by the new state', async (command, arrange, meanwhile, answer, after) => {
    const world = await aMarch();
    await arrange(world);
    const { table, seen } = overtaken(world.table, meanwhile);

    expect(await world.commandsOn(table)(command, { renewalId: 'r1' })).toMatchObject(answer);

    expect(seen.item).toMatchObject({ status: meanwhile });
    expect(await world.table.get(KEY)).toMatchObject({ status: after });
  });
});
