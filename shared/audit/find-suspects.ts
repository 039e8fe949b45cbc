import { auditItems } from '../licensing/audit/audit.ts';
import { FAULTS, type FaultName, type Invariant, type Violation, violation } from '../licensing/audit/audit-faults.ts';
import { ROOT } from '../licensing/folder-tree.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Day } from '../licensing/time.ts';
import type { Key, Table } from '../platform/ports/table.ts';
import { partitions, vacancyKey, vacancyPartition } from '../store/keys.ts';
import { walkIndex, walkPartition } from '../store/paging.ts';
import { mayHaveVacancy } from '../store/write-license.ts';
import { auditedItems, namedBy } from './audited-items.ts';
import { assignedOf, currentOf, namedBack, readItems } from './named-keys.ts';

/** A finding of the first pass, during concurrent writes. `at` are the vacancies in question. */
export type Suspect = { readonly violation: Violation; readonly at: readonly Key[] };

export type AuditCounts = { licenses: number; userCards: number; vacancies: number };

/**
 * Goes through a tenant's licenses, then its cards, then its vacancies, page by page with the items that a page names.
 * So a large tenant needs no more memory than a small one. One fault may be found from two sides.
 */
export async function* findSuspects(
  table: Table,
  { tenantId, folders }: Tenant,
  today: Day,
  counts: AuditCounts,
): AsyncGenerator<Suspect> {
  const folderIds = new Set([ROOT, ...Object.keys(folders)]);
  /** By user: the licenses in use by them that their card does not name. */
  const elsewhere = new Map<string, Set<string>>();

  for await (const page of walkIndex(table, 'by-tenant', partitions.licensesOfTenant(tenantId))) {
    const { faults, ...own } = auditedItems(tenantId, page);
    const vacant = own.licenses.filter(mayHaveVacancy).map(vacancyKey);
    const named = await readItems(table, [...namedBack(tenantId, own), ...vacant]);
    const { cards, vacancies } = auditedItems(tenantId, named);
    counts.licenses += own.licenses.filter((license) => license.deletedAt === undefined).length;
    for (const license of own.licenses) folderIds.add(license.folderId);

    const serials = new Set(own.licenses.map((license) => license.serialNumber));
    const found = auditItems({ licenses: own.licenses, cards, vacancies }, folders, today);
    const ofPage = found.filter(({ fault, serialNumber = '' }) => serials.has(serialNumber) && !isOfVacancy(fault));
    for (const { fault, user = '', serialNumber = '' } of ofPage) {
      if (fault === 'works-elsewhere') elsewhere.set(user, (elsewhere.get(user) ?? new Set()).add(serialNumber));
    }
    yield* suspects([...faults, ...ofPage]);
  }

  for await (const page of walkIndex(table, 'by-tenant', partitions.userCardsOfTenant(tenantId))) {
    const { faults, ...own } = auditedItems(tenantId, page);
    const named = await readItems(table, [...currentOf(tenantId, own), ...assignedOf(tenantId, own)]);
    const { licenses, faults: more } = auditedItems(tenantId, named);
    counts.userCards += own.cards.length;

    const users = new Set(own.cards.map((card) => card.user));
    const found = auditItems({ licenses, cards: own.cards, vacancies: [] }, folders, today);
    const ofPage = found.filter(({ invariant, user = '' }) => users.has(user) || OF_LICENSE.includes(invariant));
    yield* suspects([...faults, ...more, ...ofPage]);
    yield* suspects(severalInUse(own.cards, elsewhere));
  }

  for (const folderId of folderIds) {
    for await (const page of walkPartition(table, { pk: vacancyPartition(tenantId, folderId), limit: PAGE })) {
      const { faults, ...own } = auditedItems(tenantId, page);
      const { licenses, faults: more } = auditedItems(tenantId, await readItems(table, namedBack(tenantId, own)));
      counts.vacancies += page.length;

      const found = auditItems({ licenses, cards: [], vacancies: own.vacancies }, folders, today);
      const ofPage = found.filter(({ fault }) => isOfVacancy(fault));
      yield* suspects(more);
      for (const one of [...faults, ...ofPage]) {
        const at = page.filter((item) => namedBy(tenantId, item).serialNumber === one.serialNumber);
        yield { violation: one, at: at.map(({ pk, sk }) => ({ pk, sk })) };
      }
    }
  }
}

/** The invariants of a license alone. The licenses that cards name are checked for them as well. */
const OF_LICENSE: readonly Invariant[] = ['license-facts', 'folder'];

/** Returns whether the fault is found by reading the vacancy. A missing vacancy is found by reading the license. */
function isOfVacancy(fault: FaultName): boolean {
  return FAULTS[fault].invariant === 'vacancy' && fault !== 'no-vacancy';
}

function suspects(violations: readonly Violation[]): readonly Suspect[] {
  return violations.map((one) => ({ violation: one, at: [] }));
}

/** The two sides may be on different pages, so a user of several licenses is found when both have been read. */
function severalInUse(
  cards: readonly { readonly user: string; readonly current?: { readonly serialNumber: string } }[],
  elsewhere: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Violation[] {
  return cards.flatMap(({ user, current }) => {
    const serials = [...(elsewhere.get(user) ?? []), ...(current === undefined ? [] : [current.serialNumber])];
    const serialNumbers = [...new Set(serials)].toSorted();
    return elsewhere.has(user) && serialNumbers.length > 1
      ? [violation('several-in-use', { user, serialNumbers })]
      : [];
  });
}

const PAGE = 500;
