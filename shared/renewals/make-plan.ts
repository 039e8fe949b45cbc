import { absent, any, type Clause, equal, present } from '../licensing/clause.ts';
import { startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import { pathOf, ROOT } from '../licensing/folder-tree.ts';
import { ALL_MODULES, isAllocatable, type License } from '../licensing/license/license.ts';
import {
  type ExpiringBy,
  type Holders,
  isExpiring,
  type Offers,
  type PlannedRow,
  planRenewal,
} from '../licensing/renewal/renewal-plan.ts';
import type { FreeInstead } from '../licensing/renewal/renewal-summary.ts';
import { tallyOf } from '../licensing/renewal/renewal-tally.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { DAY, type Day, dayIn, epochSeconds, type Instant, later, plus } from '../licensing/time.ts';
import { LICENSE_TYPES } from '../licensing/vocabulary.ts';
import { TryAgain } from '../platform/errors.ts';
import { mapConcurrently } from '../platform/map-concurrently.ts';
import type { Objects } from '../platform/ports/objects.ts';
import { MAX_WRITES, type Table } from '../platform/ports/table.ts';
import type { RequestFault } from '../platform/validation.ts';
import { renewalKey, renewalPageKey, userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import { countVacancies } from '../store/read-vacancies.ts';
import type { RenewalDeps } from './deps.ts';
import { bySerialNumber, readAllLicenses, readBySerialNumber, readExpiring } from './plan-inputs.ts';
import { type RenewalFile, readRenewalFile } from './read-renewal-file.ts';
import { MOST_ROWS, PAGE, type PlanOf, pageItem, type Renewal, renewalItem, type StoredPlannedRow } from './renewal.ts';

export type PlanDeps = RenewalDeps & { readonly objects: Objects };

export type PlanRequest = Pick<Renewal, 'renewalId' | 'mode'> & {
  readonly actor: string;
  readonly expiring: { readonly onOrBefore: Day } | { readonly serialNumbers: readonly string[] };
  /** The key of the upload under `renewals/`. If absent, the replacements are imported already. */
  readonly upload?: string | undefined;
};

/**
 * Stores the snapshot and the plan of a renewal in pages (R33, R34). It takes the place of an earlier plan that has not
 * been started. It changes nothing else and takes no lock: logins, imports and another renewal go on.
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
  const now = clock.now();
  const planned = await planRows(table, tenant.tenantId, request, file, now);
  if ('faults' in planned) return planned;
  if (planned.rows.length > MOST_ROWS) return { faults: [tooManyRows(planned.rows.length)] };
  const instead = await countFree(table, tenant.tenantId, planned.rows);

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
    planned: tallyOf(planned.rows.map((row) => ({ ...row, switched: false }))),
    plannedAt: now,
    plannedBy: request.actor,
    executions: earlier?.executions ?? 0,
    switchAt: lastBegin(tenant, planned.rows, now),
    ...(instead.length === 0 ? {} : { instead: Array.from(instead) }),
  };
  // A plan that is never started is deleted by its TTL.
  const ttl = epochSeconds(plus(now, KEPT_UNSTARTED));
  await writePages(
    table,
    header,
    planned.rows.map((row) => ({ ...row, folder: pathOf(tenant.folders, row.folderId) ?? row.folderId })),
    ttl,
  );
  const { done } = await table.write([{ put: { ...renewalItem(header), ttl }, onlyIf: inPlaceOf(earlier) }]);
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

function tooManyRows(rows: number): RequestFault {
  const text = `leads to a plan of ${rows} rows, and the most are ${MOST_ROWS}. Make several plans, each with some of the serialNumbers or an earlier day`;
  return { place: 'expiring', text };
}

async function planRows(
  table: Table,
  tenantId: string,
  { expiring }: PlanRequest,
  file: RenewalFile | undefined,
  plannedAt: Instant,
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
  const offers = await offersOf(table, tenantId, file, plannedAt);
  return { rows: planRenewal(licenses, by, offers, await readHolders(table, tenantId, licenses)) };
}

/** Reads the cards of the users to whom the licenses are assigned: one for each user. */
async function readHolders(table: Table, tenantId: string, licenses: readonly License[]): Promise<Holders> {
  const users = [...new Set(licenses.flatMap(({ assignedTo }) => assignedTo ?? []))];
  const items = await table.getMany(users.map((user) => userCardKey(tenantId, user)));
  return new Map(items.flatMap((item) => foundCard(item).card ?? []).map((card) => [card.user, card]));
}

/** The most folders in which free licenses are counted for users who lose theirs. */
const MOST_FOLDERS_COUNTED = 50;

/**
 * Counts the licenses that are free, and stay valid beyond the plan's day, in the folders of licenses without a
 * replacement and in the root: vacancies, and new licenses that replace none. Reads at most a thousand vacancies of
 * each folder and class.
 */
async function countFree(table: Table, tenantId: string, rows: readonly PlannedRow[]): Promise<readonly FreeInstead[]> {
  const short = rows.filter(({ outcome }) => outcome === 'shortfall');
  if (short.length === 0) return [];
  const horizon =
    short
      .flatMap(({ old }) => old?.expiresOn ?? [])
      .toSorted()
      .at(-1) ?? '';
  const folderIds = [...new Set([...short.map(({ folderId }) => folderId), ROOT])].slice(0, MOST_FOLDERS_COUNTED);
  const accesses = new Set(short.map((row) => row.class.access));
  const counts: FreeInstead[] = [];
  for (const folderId of folderIds) {
    for (const access of accesses) {
      for (const type of LICENSE_TYPES) {
        if (!isAllocatable({ type, access, modules: ALL_MODULES })) continue;
        const vacant = await countVacancies(table, { tenant: tenantId, folderId, type, access }, horizon);
        const free = vacant + rows.filter((row) => isNewIn(row, { folderId, type, access })).length;
        if (free > 0) counts.push({ folderId, type, access, free });
      }
    }
  }
  return counts;
}

function isNewIn(row: PlannedRow, { folderId, type, access }: Omit<FreeInstead, 'free'>): boolean {
  const of = row.class;
  const isClass = of.type === type && of.access === access && of.modules === ALL_MODULES;
  return row.outcome === 'left-over' && row.folderId === folderId && isClass;
}

async function offersOf(
  table: Table,
  tenantId: string,
  file: RenewalFile | undefined,
  plannedAt: Instant,
): Promise<Offers> {
  if (file === undefined) return { imported: await readAllLicenses(table, tenantId) };
  const serials = file.licenses.map(({ serialNumber }) => serialNumber);
  const known = bySerialNumber(await readBySerialNumber(table, tenantId, serials));
  return { file, known, folderId: file.folderId, plannedAt };
}

function uploadOf(key: string, { etag, versionId }: RenewalFile): NonNullable<Renewal['upload']> {
  return defined({ key, etag, versionId });
}

function lastBegin({ settings: { timeZone } }: Tenant, rows: readonly PlannedRow[], now: Instant): Instant {
  const begins = rows.flatMap((row) => (row.outcome === 'replaced' && row.new ? [row.new.validFrom] : []));
  const last = begins.toSorted().at(-1);
  return last === undefined || last <= dayIn(timeZone, now) ? now : later(now, startOfDay(timeZone, last));
}

/** A renewal that has been started cannot be planned again. */
function inPlaceOf(earlier: Renewal | undefined): readonly Clause[] {
  if (earlier === undefined) return [absent('pk')];
  return [equal('planId', earlier.planId), any(equal('status', 'planned'), equal('status', 'approved'))];
}

const PAGES_AT_ONCE = 8;

async function writePages(
  table: Table,
  renewal: PlanOf,
  rows: readonly StoredPlannedRow[],
  ttl: number,
): Promise<void> {
  await mapConcurrently(Math.ceil(rows.length / PAGE), PAGES_AT_ONCE, async (page) => {
    const put = pageItem(renewal, page, rows.slice(page * PAGE, (page + 1) * PAGE));
    const { done } = await table.write([{ put: { ...put, ttl } }]);
    if (!done) throw new TryAgain('the table is busy');
  });
}

/** How long a plan is kept that is never started, in milliseconds. */
const KEPT_UNSTARTED = 90 * DAY;

/**
 * Removes the TTL of a plan that is going to be started: first from its pages, then from its header. Throws `TryAgain`
 * when a page is written concurrently, or has been deleted by its TTL.
 */
export async function keepPlan(table: Table, { tenant, renewalId, planId, rows }: Renewal): Promise<void> {
  const pages = Array.from({ length: Math.ceil(rows / PAGE) }, (_, page) => page);
  const kept = [...pages.map((page) => renewalPageKey(tenant, renewalId, planId, page)), renewalKey(tenant, renewalId)];
  for (let start = 0; start < kept.length; start += PAGES_AT_ONCE) {
    const some = kept.slice(start, start + PAGES_AT_ONCE);
    const writes = some.map((key) => ({ update: key, set: [], remove: ['ttl'], onlyIf: [present('pk')] }));
    const { done } = await table.write(writes);
    if (!done) throw new TryAgain('the pages of the plan are being changed');
  }
}

/** Deletes the pages of an obsolete plan. Pages that are left after an interruption do no harm. */
async function deletePages(table: Table, { tenant, renewalId, planId, rows }: Renewal): Promise<void> {
  const pages = Array.from({ length: Math.ceil(rows / PAGE) }, (_, page) => page);
  for (let start = 0; start < pages.length; start += MAX_WRITES) {
    const some = pages.slice(start, start + MAX_WRITES);
    await table.write(some.map((page) => ({ delete: renewalPageKey(tenant, renewalId, planId, page) })));
  }
}
