import * as z from 'zod/mini';
import { absent } from '../../shared/licensing/clause.ts';
import { startOfDay } from '../../shared/licensing/cleanup-time.ts';
import type { License } from '../../shared/licensing/license.ts';
import { type OfferedLicense, planRenewal } from '../../shared/licensing/renewal-plan.ts';
import type { RenewalRow } from '../../shared/licensing/renewal-row.ts';
import type { Tenant } from '../../shared/licensing/tenant.ts';
import { type Day, dayIn, type Instant, later } from '../../shared/licensing/time.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewal/deps.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { findRenewal } from '../../shared/renewal/read-renewal.ts';
import { BATCH, type Renewal, renewalItem, rowWrite } from '../../shared/renewal/renewal.ts';
import { takeLock } from '../../shared/renewal/renewal-lock.ts';
import { renewalRequest } from '../../shared/renewal/step-request.ts';
import { RenewalStopped, TryAgain } from '../../shared/runtime/errors.ts';
import { licenseOf } from '../../shared/store/items.ts';
import { licenseKey, partitions } from '../../shared/store/keys.ts';
import { type Key, MAX_WRITES, type Table } from '../../shared/store/table.ts';

/** The input of the state machine, until approved plans exist (contracts). */
export const planRequest = z.object({
  ...renewalRequest.shape,
  expiringOnOrBefore: z.iso.date('must be a day such as 2027-01-14'),
  upload: z.string(),
});

export type RenewalFile = {
  readonly issued: Day;
  readonly licenses: readonly OfferedLicense[];
  readonly versionId?: string;
  readonly etag: string;
  /** Where new licenses are imported to. */
  readonly folderId: string;
};

export type PlanDeps = RenewalDeps & {
  /** Reads the renewal's upload; what is wrong with it as a text for the administrator. */
  readonly readFile: (tenant: Tenant, key: string) => Promise<RenewalFile | { readonly refused: string }>;
};

/**
 * Snapshot and plan of a renewal (R33, R34), stored for good; the same call again gives the same plan, whatever has
 * changed since. Throws `RenewalStopped` when another renewal runs (R42) or the file cannot be used.
 */
export async function planRenewalStep(
  deps: PlanDeps,
  request: z.infer<typeof planRequest>,
): Promise<{ readonly batches: readonly number[]; readonly switchAt: Instant }> {
  const { table, clock } = deps;
  const { tenant, renewalId, expiringOnOrBefore, upload } = request;
  const owner = await tenantOfRenewal(deps, tenant);
  await takeLock(table, tenant, renewalId);
  const known = await findRenewal(table, tenant, renewalId);
  if (known?.plannedAt !== undefined) {
    if (known.status === 'stopped') await noteProgress(table, known, { status: 'running' });
    return { batches: batchesOf(known.rows), switchAt: known.switchAt };
  }

  const { settings } = owner;
  const now = clock.now();
  const header: Renewal = {
    ...{ tenant, renewalId, expiringOnOrBefore, status: 'running', rows: 0, switchAt: now },
    planId: deps.random(2 ** 32).toString(16),
    upload: { key: upload },
  };
  const file = await deps.readFile(owner, upload);
  if ('refused' in file) {
    const error = { name: 'RenewalStopped', text: file.refused };
    await table.write([{ put: renewalItem({ ...header, status: 'stopped', error }), onlyIf: [absent('plannedAt')] }]);
    throw new RenewalStopped(file.refused);
  }

  const expiring = await readExpiring(table, tenant, expiringOnOrBefore);
  const named = await readLicenses(
    table,
    file.licenses.map(({ serialNumber }) => licenseKey(tenant, serialNumber)),
  );
  const knownLicenses = new Map(named.map((license) => [license.serialNumber, license]));
  const rows = planRenewal(expiring, file, knownLicenses, expiringOnOrBefore, file.folderId);
  await writeRows(
    table,
    header,
    rows.map((row) => ({ ...row, switched: false })),
  );

  const termsBegin = rows.flatMap((row) => (row.outcome === 'replaced' && row.new ? [row.new.validFrom] : []));
  const today = dayIn(settings.timeZone, now);
  const lastBegin = termsBegin.toSorted().at(-1) ?? today;
  const planned: Renewal = {
    ...header,
    rows: rows.length,
    plannedAt: now,
    switchAt: lastBegin > today ? later(now, startOfDay(settings.timeZone, lastBegin)) : now,
    upload: { key: upload, etag: file.etag, ...(file.versionId === undefined ? {} : { versionId: file.versionId }) },
  };
  const { done } = await table.write([{ put: renewalItem(planned), onlyIf: [absent('plannedAt')] }]);
  deps.log('renewal-step', { step: 'plan-renewal', tenant, renewalId, rows: rows.length });
  return done ? { batches: batchesOf(rows.length), switchAt: planned.switchAt } : planRenewalStep(deps, request);
}

function batchesOf(rows: number): readonly number[] {
  return Array.from({ length: Math.ceil(rows / BATCH) }, (_, batch) => batch);
}

/** Licenses whose last day is `day` or before: listed by the index, then read as they are. */
async function readExpiring(table: Table, tenant: string, day: Day): Promise<readonly License[]> {
  const partition = partitions.licensesOfTenant(tenant);
  const keys: Key[] = [];
  let after: Key | undefined;
  do {
    const page = await table.list('by-expiry', { partition, to: `${day}#~`, after });
    keys.push(...page.keys);
    after = page.next;
  } while (after !== undefined);
  return readLicenses(table, keys);
}

async function readLicenses(table: Table, keys: readonly Key[]): Promise<readonly License[]> {
  const items = await table.getMany(keys);
  return items.flatMap((item) => (item === undefined ? [] : [licenseOf(item)]));
}

async function writeRows(table: Table, renewal: Renewal, rows: readonly RenewalRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += MAX_WRITES) {
    const writes = rows.slice(start, start + MAX_WRITES).map((row, index) => rowWrite(renewal, start + index, row));
    const { done } = await table.write(writes);
    if (!done) throw new TryAgain('the table is busy');
  }
}
