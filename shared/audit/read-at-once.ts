import { auditItems } from '../licensing/audit/audit.ts';
import type { Violation } from '../licensing/audit/audit-faults.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Day } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import { type Item, type Key, MAX_WRITES, type Table } from '../platform/ports/table.ts';
import { licenseKey, userCardKey, vacancyKey } from '../store/keys.ts';
import { auditedItems } from './audited-items.ts';
import type { Suspect } from './find-suspects.ts';
import { currentOf, keyText, namedBack, readItems, unique } from './named-keys.ts';

const TRIES = 10;
const PAUSE = 25;

/**
 * Reads everything that a suspect concerns, and the items that these name, at one moment (one transactional read).
 * Returns undefined when concurrent writes prevent that each time.
 */
export async function readAtOnce(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  tenantId: string,
  { violation, at }: Suspect,
): Promise<readonly Item[] | undefined> {
  const keys = [...keysOf(tenantId, violation), ...at];
  let known = await readItems(table, keys);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const all = unique([...keys, ...namedIn(tenantId, known)]).slice(0, MAX_WRITES);
    const read = await table.getAtOnce(all);
    if (read === undefined) {
      await clock.pause(PAUSE * tries);
      continue;
    }
    known = read.flatMap((item) => item ?? []);
    const asked = new Set(all.map(keyText));
    if (namedIn(tenantId, known).every((key) => asked.has(keyText(key)))) return known;
  }
  return undefined;
}

/**
 * Returns the keys of the licenses and cards that the items name, and of those that these name. Assigned licenses of
 * cards are left out, because a suspect names them itself.
 */
function namedIn(tenantId: string, items: readonly Item[]): readonly Key[] {
  const audited = auditedItems(tenantId, items);
  return [...namedBack(tenantId, audited), ...currentOf(tenantId, audited), ...audited.licenses.map(vacancyKey)];
}

function keysOf(tenantId: string, { serialNumber, serialNumbers = [], user }: Violation): readonly Key[] {
  const serials = serialNumber === undefined ? serialNumbers : [serialNumber];
  return [
    ...serials.map((serial) => licenseKey(tenantId, serial)),
    ...(user === undefined ? [] : [userCardKey(tenantId, user)]),
  ];
}

/** Returns whether the items have the suspect's fault. */
export function shows(items: readonly Item[], suspect: Suspect, { tenantId, folders }: Tenant, today: Day): boolean {
  const { faults, ...audited } = auditedItems(tenantId, items);
  const { fault, serialNumber, user } = suspect.violation;
  return [...faults, ...auditItems(audited, folders, today)].some(
    (one) => one.fault === fault && one.serialNumber === serialNumber && one.user === user,
  );
}
