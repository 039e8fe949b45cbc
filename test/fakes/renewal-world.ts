import { expect } from 'vitest';
import { type Begun, beginRenewal } from '../../functions/begin-renewal/begin-renewal.ts';
import { cleanUpBatch } from '../../functions/clean-up-renewal/clean-up-batch.ts';
import { findNextStep } from '../../functions/find-next-step/find-next-step.ts';
import { finishRenewal, type RenewalResult } from '../../functions/finish-renewal/finish-renewal.ts';
import { importHeldBack } from '../../functions/import-held-back/import-held-back.ts';
import { stopRenewal } from '../../functions/stop-renewal/stop-renewal.ts';
import { switchBatch } from '../../functions/switch-licenses/switch-batch.ts';
import { undoBatch } from '../../functions/undo-licenses/undo-batch.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import type { UserCard } from '../../shared/licensing/login/user-card.ts';
import type { TenantSettings } from '../../shared/licensing/tenant/tenant.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import { RenewalUndone } from '../../shared/platform/errors.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import type { Range } from '../../shared/renewals/read-renewal.ts';
import { type RenewalView, viewRenewal, viewStatus } from '../../shared/renewals/renewal-view.ts';
import { asAdministrator } from './command-world.ts';
import { anImportWorld } from './import-world.ts';
import { licenseZip, type RowFacts } from './license-file.ts';
import { memoryExecutions } from './memory-executions.ts';
import { FOLDERS } from './world.ts';

export const UPLOAD = 'tenants/acme/renewals/new.zip';
export const REQUEST = { renewalId: 'r1', expiringOnOrBefore: '2026-03-31', upload: UPLOAD };

type Steps = ReturnType<Awaited<ReturnType<typeof aRenewalWorld>>['stepsOn']>;
export type RenewalWorld = Awaited<ReturnType<typeof aRenewalWorld>>;

/** The tenant `acme` on 2 March 2026, a renewal of what expires in March, and its file. */
export async function aRenewalWorld(facts: {
  readonly licenses: readonly License[];
  readonly cards?: readonly UserCard[];
  readonly settings?: Partial<TenantSettings>;
  /** None: what replaces is among the licenses. */
  readonly file?: readonly RowFacts[] | undefined;
  readonly seed?: number;
}) {
  const { licenses, cards = [], settings = {}, file, seed = 1 } = facts;
  const world = await anImportWorld({ licenses, cards, settings, seed });
  const upload = async (rows: readonly RowFacts[], issued = '2026-02-20', key = UPLOAD): Promise<void> => {
    const full = rows.map((row) => ({ validFrom: '2026-03-01', expiryDate: '2027-03-31', ...row }));
    world.objects.upload(key, await licenseZip({ issued, licenses: full }));
  };
  if (file !== undefined) await upload(file);
  const executions = memoryExecutions();

  /** The steps on any table, as the state machine calls them. */
  const stepsOn = (table: Table, renewalId = 'r1', execution = `acme.${renewalId}`) => {
    const ids = { tenant: 'acme', renewalId };
    const deps = { ...world.deps, table, clock: world.clock };
    return {
      begin: (): Promise<Begun> => beginRenewal(deps, { ...ids, execution }),
      importHeldBack: () => importHeldBack(deps, ids),
      findNext: () => findNextStep(deps, ids),
      switchBatch: (range: Range) => switchBatch(deps, { ...ids, ...range }),
      cleanUpBatch: (range: Range) => cleanUpBatch(deps, { ...ids, ...range }),
      undoBatch: (range: Range) => undoBatch(deps, { ...ids, ...range }),
      finish: (): Promise<RenewalResult> => finishRenewal(deps, ids),
      stop: (error: string) => stopRenewal(deps, { ...ids, execution, error: { Error: error } }),
    };
  };
  const steps = stepsOn(world.table);
  const commandsOn = (table: Table) => asAdministrator({ ...world.deps, table, clock: world.clock, executions }).ask;
  const ask = commandsOn(world.table);
  const moveTo = (instant: Instant): void => {
    const by = Date.parse(instant) - Date.parse(world.clock.now());
    if (by > 0) world.clock.move(by);
  };

  /** Plans and approves what is asked for, with every shortfall accepted. Nothing when that was done before. */
  const approve = async (request: object = REQUEST, table: Table = world.table): Promise<void> => {
    const { renewalId } = { ...REQUEST, ...request };
    const known = await viewRenewal(table, FOLDERS, { tenant: 'acme', renewalId });
    if (known !== undefined && known.status !== 'planned') return;
    const command = commandsOn(table);
    const plan = await expectDone(command('plan-renewal', request));
    const acceptedShortfall = plan.shortfall.flatMap((group) => group.licenses.map((one) => one.serialNumber));
    await expectDone(command('approve-renewal', { renewalId, acceptedShortfall }));
  };

  /** Until all old licenses are set aside, waiting for the new ones' terms. */
  const switchAll = async (table: Table = world.table): Promise<readonly Range[]> => {
    await approve();
    const on = stepsOn(table);
    await on.begin();
    await on.importHeldBack();
    const done: Range[] = [];
    for (;;) {
      const step = await on.findNext();
      if (step.next !== 'switch') return done;
      moveTo(step.at);
      for (const range of step.batches) await on.switchBatch(range);
      done.push(...step.batches);
    }
  };

  /** One next day: waits for the cleanup hour and cleans up; the result when that was the last. */
  const nextDay = async (table: Table = world.table): Promise<RenewalResult | undefined> => {
    const on = stepsOn(table);
    const step = await on.findNext();
    if (step.next === 'clean-up') {
      moveTo(step.at);
      for (const range of step.batches) await on.cleanUpBatch(range);
    }
    return (await on.findNext()).next === 'finish' ? on.finish() : undefined;
  };

  /** Undoes the renewal to its end. */
  const undoAll = async (table: Table = world.table): Promise<RenewalResult> => {
    await expectDone(commandsOn(table)('undo-renewal', { renewalId: 'r1' }));
    const [execution = ''] = executions.running();
    return goBack(stepsOn(table, 'r1', execution));
  };

  /** The renewal with its rows. Its status without rows, which is counted step by step, must say the same. */
  const view = async (renewalId = 'r1'): Promise<RenewalView> => {
    const of = { tenant: 'acme', renewalId };
    const found = await viewRenewal(world.table, FOLDERS, of);
    if (found === undefined) throw new Error('there is no renewal');
    expect(found).toMatchObject((await viewStatus(world.table, of)) ?? {});
    return found;
  };
  return {
    ...world,
    upload,
    executions,
    stepsOn,
    steps,
    commandsOn,
    ask,
    moveTo,
    approve,
    switchAll,
    nextDay,
    undoAll,
    view,
  };
}

/**
 * The states of the workflow one after the other, as its definition has them; who catches what is the definition's own
 * test.
 */
export async function runToItsEnd(
  steps: Steps,
  moveTo: (instant: Instant) => void,
): Promise<RenewalResult | 'undone meanwhile'> {
  try {
    const begun = await steps.begin();
    if (begun.direction === 'undo') {
      for (const range of begun.batches) await steps.undoBatch(range);
      return await steps.finish();
    }
    await steps.importHeldBack();
    for (;;) {
      const step = await steps.findNext();
      if (step.next === 'finish') return await steps.finish();
      moveTo(step.at);
      for (const range of step.batches) {
        if (step.next === 'switch') await steps.switchBatch(range);
        else await steps.cleanUpBatch(range);
      }
    }
  } catch (error) {
    if (error instanceof RenewalUndone) return 'undone meanwhile';
    throw error;
  }
}

async function goBack(steps: Steps): Promise<RenewalResult> {
  const ended = await runToItsEnd(steps, () => {});
  if (ended === 'undone meanwhile') throw new Error('it was undone before');
  return ended;
}

/** The answer of a command that is not refused. */
export async function expectDone(answer: Promise<unknown>): Promise<RenewalView> {
  const given = (await answer) as RenewalView | { readonly error: object };
  if ('error' in given && given.error !== undefined && !('renewalId' in given)) {
    throw new Error(JSON.stringify(given.error));
  }
  return given as RenewalView;
}
