import type { AuditedItems } from '../licensing/audit/audit.ts';
import { type Violation, violation } from '../licensing/audit/audit-faults.ts';
import type { License } from '../licensing/license/license.ts';
import type { Vacancy } from '../licensing/login/choose-vacancy.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import type { Item, Key } from '../platform/ports/table.ts';
import { TABLE } from '../platform/ports/table-definition.ts';
import {
  idleAttributes,
  isUserCard,
  licenseItem,
  licenseOf,
  userCardItem,
  userCardOf,
  vacancyOf,
} from '../store/items.ts';
import { licenseKey, userCardKey, vacancyKey } from '../store/keys.ts';

/** The decoded items of one tenant, and the faults of items that do not fit their key and indexes. */
export function auditedItems(
  tenantId: string,
  items: readonly Item[],
): AuditedItems & { faults: readonly Violation[] } {
  const licenses: License[] = [];
  const cards: UserCard[] = [];
  const vacancies: Vacancy[] = [];
  const faults: Violation[] = [];
  for (const item of items) {
    const named = namedBy(tenantId, item);
    try {
      if (item.sk === 'LICENSE') {
        const license = licenseOf(item);
        licenses.push(license);
        const expected = licenseItem(license);
        if (!agree(KEYS, item, expected)) faults.push(violation('other-key', named));
        else if (!agree(INDEXED, item, expected)) faults.push(violation('license-unlisted', named));
      } else if (item.sk === 'CARD') {
        const card = userCardOf(item);
        if (!isUserCard(card)) continue;
        cards.push(card);
        const expected = userCardItem(card, undefined);
        if (!agree(KEYS, item, expected)) faults.push(violation('other-key', named));
        else if (!agree(LISTED, item, expected) || !idleFits(item, card))
          faults.push(violation('card-unlisted', named));
      } else {
        const vacancy = vacancyOf(item);
        if (agree(KEYS, item, vacancyKey({ ...vacancy, tenant: tenantId }))) vacancies.push(vacancy);
        else faults.push(violation('vacancy-misplaced', named));
      }
    } catch {
      faults.push(violation(isVacancy(item) ? 'vacancy-misplaced' : 'unreadable', named));
    }
  }
  return { licenses, cards, vacancies, faults };
}

const KEYS = ['pk', 'sk'];
const INDEXED = Object.values(TABLE.indexes).flatMap(({ partitionKey, sortKey }): readonly string[] => [
  partitionKey,
  sortKey,
]);
/** Compares everything except the deadline of a card's sessions, which may lag behind them. */
const LISTED = INDEXED.filter((name) => !['idleKey', 'idleSort'].includes(name));

function agree(names: readonly string[], item: Item, expected: Item | Key): boolean {
  const should: { readonly [name: string]: unknown } = expected;
  return names.every((name) => item[name] === should[name]);
}

/** A card is in the index of idle deadlines exactly while it has sessions. The deadline itself may lag behind them. */
function idleFits(item: Item, card: UserCard): boolean {
  const { idleKey, idleSort } = item;
  if (Object.keys(card.sessions).length === 0) return idleKey === undefined && idleSort === undefined;
  const [deadline = ''] = `${idleSort}`.split('#');
  const expected = idleAttributes(card, deadline);
  return idleKey === expected.idleKey && idleSort === expected.idleSort;
}

/** Returns the license or user in an item's key. */
export function namedBy(tenantId: string, { pk, sk }: Key): { readonly serialNumber?: string; readonly user?: string } {
  if (sk === 'LICENSE') return { serialNumber: pk.slice(licenseKey(tenantId, '').pk.length) };
  if (sk === 'CARD') return { user: pk.slice(userCardKey(tenantId, '').pk.length) };
  return { serialNumber: sk.split('#').slice(2).join('#') };
}

/** Returns whether the item is neither a license nor a card. A folder holds nothing else. */
function isVacancy({ sk }: Key): boolean {
  return sk !== 'LICENSE' && sk !== 'CARD';
}
