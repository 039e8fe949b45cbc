import { mapConcurrently } from '../imports/pace.ts';
import { absent, any, type Clause, equal } from '../licensing/clause.ts';
import { startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import { pathOf } from '../licensing/folder-tree.ts';
import {
  type ExpiringBy,
  isExpiring,
  type Offers,
  type PlannedRow,
  planRenewal,
} from '../licensing/renewal/renewal-plan.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn, type Instant, later } from '../licensing/time.ts';
import { TryAgain } from '../platform/errors.ts';
import type { Objects } from '../platform/ports/objects.ts';
import { MAX_WRITES, type Table } from '../platform/ports/table.ts';
import type { RequestFault } from '../platform/validation.ts';
import { renewalPageKey } from '../store/keys.ts';
import type { RenewalDeps } from './deps.ts';
import { bySerialNumber, readAllLicenses, readBySerialNumber, readExpiring } from './plan-inputs.ts';
import { type RenewalFile, readRenewalFile } from './read-renewal-file.ts';
import { PAGE, type PlanOf, pageItem, type Renewal, renewalItem, type StoredPlannedRow } from './renewal.ts';

export type PlanDeps = RenewalDeps & { readonly objects: Objects };

export type PlanRequest = Pick<Renewal, 'renewalId' | 'mode'> & {
  readonly actor: string;
  readonly expiring: { readonly onOrBefore: Day } | { readonly serialNumbers: readonly string[] };
  /** Key of the upload under `renewals/`; absent: the replacements are imported already. */
  readonly upload?: string | undefined;
};

/**
 * Snapshot and plan of a renewal (R33, R34), stored in pages, in the place of an earlier plan of the renewal that has
 * not been started. Changes nothing else and takes no lock: logins, imports and another renewal go on.
 */
export async function makePlan(
  deps: PlanDeps,
  tenant: Tenant,
  request: PlanRequest,
  earlier: Renewal | undefined,
): Promise<Renewal | { readonly faults: readonly RequestFault[] } | 'changed meanwhile'> {
  const { table, clock } = deps;
  const file = request.upload === undefined ? undefined : await readRenewalFile(deps, tenant, request.upload);
  if (file !== undefined && 'faults' in file) {
    return { faults: file.faults.map(({ place, text }) => ({ place: `upload, ${place}`, text })) };
  }
  const planned = await planRows(table, tenant.tenantId, request, file);
  if ('faults' in planned) return planned;

  const now = clock.now();
  const header: Renewal = {
    tenant: tenant.tenantId,
    renewalId: request.renewalId,
    status: 'planned',
    mode: request.mode,
    ...('onOrBefore' in request.expiring ? { expiringOnOrBefore: request.expiring.onOrBefore } : {}),
    ...(file === undefined || request.upload === undefined ? {} : { upload: uploadOf(request.upload, file) }),
    planId: deps
      .random(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
    rows: planned.rows.length,
    plannedAt: now,
    plannedBy: request.actor,
    executions: earlier?.executions ?? 0,
    switchAt: lastBegin(tenant, planned.rows, now),
  };
  await writePages(
    table,
    header,
    planned.rows.map((row) => ({ ...row, folder: pathOf(tenant.folders, row.folderId) ?? row.folderId })),
  );
  const { done } = await table.write([{ put: renewalItem(header), onlyIf: inPlaceOf(earlier) }]);
  const obsolete = done ? earlier : header;
  if (obsolete !== undefined) await deletePages(table, obsolete);
  deps.log('renewal-step', {
    step: 'plan-renewal',
    tenant: tenant.tenantId,
    renewalId: header.renewalId,
    rows: header.rows,
  });
  return done ? header : 'changed meanwhile';
}

async function planRows(
  table: Table,
  tenantId: string,
  { expiring }: PlanRequest,
  file: RenewalFile | undefined,
): Promise<{ readonly rows: readonly PlannedRow[] } | { readonly faults: readonly RequestFault[] }> {
  const by: ExpiringBy = 'onOrBefore' in expiring ? expiring : { serialNumbers: new Set(expiring.serialNumbers) };
  const licenses =
    'onOrBefore' in expiring
      ? await readExpiring(table, tenantId, expiring.onOrBefore)
      : await readBySerialNumber(table, tenantId, [...new Set(expiring.serialNumbers)]);
  if ('serialNumbers' in expiring) {
    const known = bySerialNumber(licenses);
    const unfit = expiring.serialNumbers.filter((serial) => {
      const license = known.get(serial);
      return license === undefined || !isExpiring(license, by);
    });
    if (unfit.length > 0) {
      const text = 'is no license that can be replaced: it is unknown, never expires, is in zOld, held back or deleted';
      return { faults: unfit.map((serial) => ({ place: `serialNumbers, ${serial}`, text })) };
    }
  }
  return { rows: planRenewal(licenses, by, await offersOf(table, tenantId, file)) };
}

async function offersOf(table: Table, tenantId: string, file: RenewalFile | undefined): Promise<Offers> {
  if (file === undefined) return { imported: await readAllLicenses(table, tenantId) };
  const serials = file.licenses.map(({ serialNumber }) => serialNumber);
  const known = bySerialNumber(await readBySerialNumber(table, tenantId, serials));
  return { file, known, folderId: file.folderId };
}

function uploadOf(key: string, { etag, versionId }: RenewalFile): NonNullable<Renewal['upload']> {
  return defined({ key, etag, versionId });
}

function lastBegin({ settings: { timeZone } }: Tenant, rows: readonly PlannedRow[], now: Instant): Instant {
  const begins = rows.flatMap((row) => (row.outcome === 'replaced' && row.new ? [row.new.validFrom] : []));
  const last = begins.toSorted().at(-1);
  return last === undefined || last <= dayIn(timeZone, now) ? now : later(now, startOfDay(timeZone, last));
}

/** Nothing that has been started is planned anew. */
function inPlaceOf(earlier: Renewal | undefined): readonly Clause[] {
  if (earlier === undefined) return [absent('pk')];
  return [equal('planId', earlier.planId), any(equal('status', 'planned'), equal('status', 'approved'))];
}

const PAGES_AT_ONCE = 8;

async function writePages(table: Table, renewal: PlanOf, rows: readonly StoredPlannedRow[]): Promise<void> {
  await mapConcurrently(Math.ceil(rows.length / PAGE), PAGES_AT_ONCE, async (page) => {
    const put = pageItem(renewal, page, rows.slice(page * PAGE, (page + 1) * PAGE));
    const { done } = await table.write([{ put }]);
    if (!done) throw new TryAgain('the table is busy');
  });
}

/** The pages of a plan that counts no more. What is left when this is interrupted is in nobody's way. */
async function deletePages(table: Table, { tenant, renewalId, planId, rows }: Renewal): Promise<void> {
  const pages = Array.from({ length: Math.ceil(rows / PAGE) }, (_, page) => page);
  for (let start = 0; start < pages.length; start += MAX_WRITES) {
    const some = pages.slice(start, start + MAX_WRITES);
    await table.write(some.map((page) => ({ delete: renewalPageKey(tenant, renewalId, planId, page) })));
  }
}
