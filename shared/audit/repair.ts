import { FAULTS } from '../licensing/audit/audit-faults.ts';
import { absent, type Clause, equal, sameValue } from '../licensing/clause.ts';
import type { Change, License } from '../licensing/license/license.ts';
import { transition } from '../licensing/license/lifecycle.ts';
import { syncCardWithLicense } from '../licensing/login/card-notes.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Day } from '../licensing/time.ts';
import { type Item, targetOf, type Write } from '../platform/ports/table.ts';
import { licenseKey, userCardKey } from '../store/keys.ts';
import { licenseWrites } from '../store/write-license.ts';
import { sameSessions, userCardWrite } from '../store/write-user-card.ts';
import { auditedItems } from './audited-items.ts';
import type { Suspect } from './find-suspects.ts';
import { keyText } from './named-keys.ts';

/** Passed as the idle time: sessions do not change here, so neither does their idle deadline. */
const NO_SESSION_CHANGES = 0;

type Confirmed = {
  readonly tenant: Tenant;
  readonly today: Day;
  /** The items, read at one moment. Every write is conditional on them. */
  readonly items: readonly Item[];
  readonly change: Change;
};

/**
 * Returns the writes that repair a confirmed fault. All are refused when anything they rely on has changed since the
 * read. Returns undefined when a person must decide.
 */
export function repairWrites(suspect: Suspect, confirmed: Confirmed): readonly Write[] | undefined {
  const { fault, serialNumber } = suspect.violation;
  const { licenses, cards } = auditedItems(confirmed.tenant.tenantId, confirmed.items);
  const license = licenses.find((one) => one.serialNumber === serialNumber);
  switch (FAULTS[fault].repair) {
    case 'none':
      return undefined;
    case 'write-again':
      return license && rewritten(license, suspect, confirmed, cards);
    case 'delete-vacancy':
      return license === undefined
        ? deletedVacancies(suspect, confirmed.tenant.tenantId)
        : rewritten(license, suspect, confirmed, cards);
  }
}

/**
 * Returns the writes of the corrected license with its vacancies and cards. The license gets a new version, so that its
 * history shows the repair. Returns undefined when another fault must be mended first.
 */
function rewritten(
  before: License,
  { at }: Suspect,
  { tenant, today, change, items }: Confirmed,
  cards: readonly UserCard[],
): readonly Write[] | undefined {
  const after = transition(before, { event: 'repair', today }, change);
  if ('refused' in after) return undefined;
  const own = licenseWrites(before, after.license, today);
  const written = new Set(own.map((write) => keyText(targetOf(write))));
  const strays = at.filter((key) => !written.has(keyText(key))).map((key) => ({ delete: key }));
  const changed = cards.map((card) => [card, syncCardWithLicense(card, after.license)] as const);
  // No session is left without a license. A wrong current license is another fault.
  if (changed.some(([card, next]) => card.current !== undefined && next.current === undefined && hasSessions(card))) {
    return undefined;
  }
  const noted = changed.map(([card, next]): Write => {
    return sameValue(next, card)
      ? { check: userCardKey(card.tenant, card.user), onlyIf: sameCard(card) }
      : userCardWrite(card, { ...next, change }, NO_SESSION_CHANGES, sameSessions(card));
  });
  return [...own, ...strays, ...noted, ...noCards(tenant.tenantId, before, items)];
}

/** Returns the checks that users of the license without a card still have no card. */
function noCards(tenantId: string, { assignedTo, currentUser }: License, items: readonly Item[]): readonly Write[] {
  const users = new Set([assignedTo, currentUser]);
  return [...users].flatMap((user) => {
    if (user === undefined) return [];
    const key = userCardKey(tenantId, user);
    const isThere = items.some((item) => keyText(item) === keyText(key) && 'folderId' in item);
    return isThere ? [] : [{ check: key, onlyIf: [absent('folderId')] }];
  });
}

/** Returns the writes that delete vacancies, on the condition that their license still does not exist. */
function deletedVacancies({ violation, at }: Suspect, tenantId: string): readonly Write[] | undefined {
  const { serialNumber } = violation;
  if (serialNumber === undefined) return undefined;
  return [...at.map((key) => ({ delete: key })), { check: licenseKey(tenantId, serialNumber), onlyIf: [absent('pk')] }];
}

function hasSessions({ sessions }: UserCard): boolean {
  return Object.keys(sessions).length > 0;
}

function sameCard(card: UserCard): readonly Clause[] {
  return [equal('revision', card.revision), ...sameSessions(card)];
}
