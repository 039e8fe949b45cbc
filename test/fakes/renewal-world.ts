import { cleanUpBatch } from '../../functions/clean-up/clean-up-batch.ts';
import { findNextCleanup } from '../../functions/find-next-cleanup/find-next-cleanup.ts';
import { finishRenewal, type RenewalResult } from '../../functions/finish-renewal/finish-renewal.ts';
import { importHeldBack } from '../../functions/import-held-back/import-held-back.ts';
import { planRenewalStep } from '../../functions/plan-renewal/plan-renewal.ts';
import { renewalFileReader } from '../../functions/plan-renewal/read-renewal-file.ts';
import { stopRenewal } from '../../functions/stop-renewal/stop-renewal.ts';
import { switchBatch } from '../../functions/switch-licenses/switch-batch.ts';
import type { License } from '../../shared/licensing/license.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import type { UserCard } from '../../shared/licensing/user-card.ts';
import type { RenewalView } from '../../shared/renewal/renewal-view.ts';
import { viewRenewal } from '../../shared/renewal/renewal-view.ts';
import type { Table } from '../../shared/store/table.ts';
import { anImportWorld } from './import-world.ts';
import { licenseZip, type RowFacts } from './license-file.ts';
import { FOLDERS } from './world.ts';

export const UPLOAD = 'tenants/acme/renewals/new.zip';
export const REQUEST = { tenant: 'acme', renewalId: 'r1', expiringOnOrBefore: '2026-03-31', upload: UPLOAD };
const IDS = { tenant: 'acme', renewalId: 'r1' };

/** The tenant `acme` on 2 March 2026, a renewal of what expires in March, and its file. */
export async function aRenewalWorld(facts: {
  readonly licenses: readonly License[];
  readonly cards?: readonly UserCard[];
  readonly file: readonly RowFacts[];
}) {
  const { licenses, cards = [], file } = facts;
  const world = await anImportWorld({ licenses, cards });
  const rows = file.map((row) => ({ validFrom: '2026-03-01', expiryDate: '2027-03-31', ...row }));
  const bytes = await licenseZip({ issued: '2026-02-20', licenses: rows });
  world.objects.upload(UPLOAD, bytes);

  /** The steps on any table, as the state machine calls them. */
  const stepsOn = (table: Table) => {
    const deps = { ...world.deps, table, clock: world.clock, readFile: renewalFileReader(world.objects) };
    return {
      plan: (request = REQUEST) => planRenewalStep(deps, request),
      importHeldBack: () => importHeldBack(deps, IDS),
      switchBatch: (batch: number) => switchBatch(deps, { ...IDS, batch }),
      findNextCleanup: () => findNextCleanup(deps, IDS),
      cleanUpBatch: (batch: number) => cleanUpBatch(deps, { ...IDS, batch }),
      finish: () => finishRenewal(deps, IDS),
      stop: (error: string) => stopRenewal(deps, { ...IDS, error: { Error: error } }),
    };
  };
  const moveTo = (instant: Instant): void => world.clock.move(Date.parse(instant) - Date.parse(world.clock.now()));

  /** Until the old licenses are set aside. */
  const switchAll = async (table: Table = world.table): Promise<readonly number[]> => {
    const steps = stepsOn(table);
    const { batches } = await steps.plan();
    await steps.importHeldBack();
    for (const batch of batches) await steps.switchBatch(batch);
    return batches;
  };

  /** One next day: waits for the cleanup hour, cleans up, and counts. */
  const nextDay = async (table: Table = world.table): Promise<RenewalResult> => {
    const steps = stepsOn(table);
    const { at, batches } = await steps.findNextCleanup();
    if (at > world.clock.now()) moveTo(at);
    for (const batch of batches) await steps.cleanUpBatch(batch);
    return steps.finish();
  };

  const view = async (): Promise<RenewalView> => {
    const found = await viewRenewal(world.table, FOLDERS, IDS);
    if (found === undefined) throw new Error('there is no renewal');
    return found;
  };
  return { ...world, stepsOn, steps: stepsOn(world.table), moveTo, switchAll, nextDay, view };
}
