import type { AuditedItems } from '../licensing/audit/audit.ts';
import type { Item, Key, Table } from '../platform/ports/table.ts';
import { licenseKey, userCardKey } from '../store/keys.ts';

/** Returns the keys of the cards that licenses name, and of the licenses that vacancies name. */
export function namedBack(tenantId: string, { licenses, vacancies }: AuditedItems): readonly Key[] {
  const users = licenses.flatMap(({ assignedTo, currentUser }) => [assignedTo ?? [], currentUser ?? []].flat());
  return unique([
    ...users.map((user) => userCardKey(tenantId, user)),
    ...vacancies.map(({ serialNumber }) => licenseKey(tenantId, serialNumber)),
  ]);
}

/** Returns the keys of the licenses that cards name as current. */
export function currentOf(tenantId: string, { cards }: AuditedItems): readonly Key[] {
  return unique(
    cards.flatMap(({ current }) => (current === undefined ? [] : [licenseKey(tenantId, current.serialNumber)])),
  );
}

/** Returns the keys of the licenses that cards list as assigned. */
export function assignedOf(tenantId: string, { cards }: AuditedItems): readonly Key[] {
  return unique(
    cards.flatMap(({ assigned }) => Object.keys(assigned).map((serialNumber) => licenseKey(tenantId, serialNumber))),
  );
}

export async function readItems(table: Table, keys: readonly Key[]): Promise<readonly Item[]> {
  return (await table.getMany(unique(keys))).flatMap((item) => item ?? []);
}

export function unique(keys: readonly Key[]): readonly Key[] {
  return [...new Map(keys.map(({ pk, sk }) => [keyText({ pk, sk }), { pk, sk }])).values()];
}

export function keyText({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}
