import { type AuditedItems, auditItems, type Violation } from '../licensing/audit.ts';
import { sameValue } from '../licensing/clause.ts';
import { ROOT } from '../licensing/folder-tree.ts';
import type { Tenant } from '../licensing/tenant.ts';
import { type Day, dayIn } from '../licensing/time.ts';
import type { Clock } from '../runtime/clock.ts';
import { licenseKey, partitions, userCardKey, vacancyKey, vacancyPartition } from '../store/keys.ts';
import type { Item, Key, Table } from '../store/table.ts';
import { auditedItems, namedBy } from './audited-items.ts';

export type AuditReport = {
  readonly licenses: number;
  readonly userCards: number;
  readonly vacancies: number;
  readonly violations: readonly Violation[];
  /** Suspects beyond the first thousand, which were not looked at again. */
  readonly notConfirmed?: number;
};

const MOST_SUSPECTS = 1_000;
const READ_AGAIN = 5;

/**
 * Recounts a tenant's invariants. A first pass reads everything while logins go on, so what it finds is only suspected;
 * each suspect is confirmed on a state that the items concerned were in at one and the same moment.
 */
export async function auditTenant(
  deps: { readonly table: Table; readonly clock: Clock },
  tenant: Tenant,
): Promise<AuditReport> {
  const today = dayIn(tenant.settings.timeZone, deps.clock.now());
  const items = await readAll(deps.table, tenant);
  const read = auditedItems(tenant.tenant, items);
  const suspects = violationsOf(tenant, today, items);
  const vacanciesOf = Map.groupBy(items.filter(isVacancy), (item) => namedBy(tenant.tenant, item).serialNumber);

  const violations: Violation[] = [];
  for (const suspect of suspects.slice(0, MOST_SUSPECTS)) {
    const vacancies = suspect.serialNumber === undefined ? [] : (vacanciesOf.get(suspect.serialNumber) ?? []);
    const concerned = await readConcerned(deps.table, tenant.tenant, [...keysOf(tenant.tenant, suspect), ...vacancies]);
    if (concerned === undefined) continue;
    if (violationsOf(tenant, today, concerned).some((violation) => sameValue(violation, suspect)))
      violations.push(suspect);
  }
  const notConfirmed = Math.max(0, suspects.length - MOST_SUSPECTS);
  return {
    licenses: read.licenses.filter((license) => license.deletedAt === undefined).length,
    userCards: read.cards.length,
    vacancies: items.filter(isVacancy).length,
    violations,
    ...(notConfirmed > 0 ? { notConfirmed } : {}),
  };
}

function violationsOf({ tenant, folders }: Tenant, today: Day, items: readonly Item[]): readonly Violation[] {
  const { faults, ...audited } = auditedItems(tenant, items);
  return [...faults, ...auditItems(audited, folders, today)];
}

/** Every license, card and vacancy that an index or a folder lists, and the licenses and cards that these name. */
async function readAll(table: Table, { tenant, folders }: Tenant): Promise<readonly Item[]> {
  const listed = [
    ...(await listAll(table, partitions.licensesOfTenant(tenant))),
    ...(await listAll(table, partitions.userCardsOfTenant(tenant))),
  ];
  const items = await readItems(table, listed);
  const { licenses } = auditedItems(tenant, items);
  const folderIds = new Set([ROOT, ...Object.keys(folders), ...licenses.map((license) => license.folderId)]);
  for (const folderId of folderIds) items.push(...(await vacanciesIn(table, tenant, folderId)));
  const known = new Set(items.map(idOf));
  const more = namedKeys(tenant, auditedItems(tenant, items)).filter((key) => !known.has(idOf(key)));
  return [...items, ...(await readItems(table, more))];
}

/**
 * The items of the keys and those that they name, as all of them were at one moment: nothing changed between two reads,
 * one after the other, of the same items. Undefined when they never stood still.
 */
async function readConcerned(table: Table, tenant: string, keys: readonly Key[]): Promise<readonly Item[] | undefined> {
  for (let tries = 1; tries <= READ_AGAIN; tries += 1) {
    const named = auditedItems(tenant, await readItems(table, keys));
    const all = unique([...keys, ...namedKeys(tenant, named), ...named.licenses.map(vacancyKey)]);
    const once = await readItems(table, all);
    const again = await readItems(table, all);
    if (sameValue(once, again)) return again;
  }
  return undefined;
}

function keysOf(tenant: string, { serialNumber, serialNumbers = [], user }: Violation): readonly Key[] {
  const serials = serialNumber === undefined ? serialNumbers : [serialNumber];
  return [
    ...serials.map((serial) => licenseKey(tenant, serial)),
    ...(user === undefined ? [] : [userCardKey(tenant, user)]),
  ];
}

/** Keys of the licenses and cards that licenses, cards and vacancies name. */
function namedKeys(tenant: string, { licenses, cards, vacancies }: AuditedItems): readonly Key[] {
  const users = licenses.flatMap(({ assignedTo, currentUser }) => [assignedTo ?? [], currentUser ?? []].flat());
  const serials = [
    ...cards.flatMap(({ current, assigned }) => [...Object.keys(assigned), current?.serialNumber ?? []].flat()),
    ...vacancies.map((vacancy) => vacancy.serialNumber),
  ];
  return unique([
    ...users.map((user) => userCardKey(tenant, user)),
    ...serials.map((serialNumber) => licenseKey(tenant, serialNumber)),
  ]);
}

async function listAll(table: Table, partition: string): Promise<readonly Key[]> {
  const keys: Key[] = [];
  let after: Key | undefined;
  do {
    const page = await table.list('by-tenant', { partition, after });
    keys.push(...page.keys);
    after = page.next;
  } while (after !== undefined);
  return keys;
}

async function vacanciesIn(table: Table, tenant: string, folderId: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from = ' ';
  for (;;) {
    const page = await table.query({ pk: vacancyPartition(tenant, folderId), from });
    items.push(...page.items);
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return items;
    from = `${last.sk} `;
  }
}

async function readItems(table: Table, keys: readonly Key[]): Promise<Item[]> {
  return (await table.getMany(unique(keys))).flatMap((item) => item ?? []);
}

function isVacancy({ sk }: Key): boolean {
  return sk !== 'LICENSE' && sk !== 'CARD';
}

function unique(keys: readonly Key[]): readonly Key[] {
  return [...new Map(keys.map(({ pk, sk }) => [idOf({ pk, sk }), { pk, sk }])).values()];
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}
