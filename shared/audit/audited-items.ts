import type { AuditedItems, Violation } from '../licensing/audit.ts';
import type { Vacancy } from '../licensing/choose-vacancy.ts';
import type { License } from '../licensing/license.ts';
import type { UserCard } from '../licensing/user-card.ts';
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
import type { Item, Key } from '../store/table.ts';
import { TABLE } from '../store/table-definition.ts';

/** Items of one tenant as what they say, and the faults of those that are not what their key and indexes promise. */
export function auditedItems(tenant: string, items: readonly Item[]): AuditedItems & { faults: readonly Violation[] } {
  const licenses: License[] = [];
  const cards: UserCard[] = [];
  const vacancies: Vacancy[] = [];
  const faults: Violation[] = [];
  for (const item of items) {
    const named = namedBy(tenant, item);
    try {
      if (item.sk === 'LICENSE') {
        const license = licenseOf(item);
        licenses.push(license);
        if (!agree(item, licenseItem(license))) faults.push({ ...named, ...MISPLACED });
      } else if (item.sk === 'CARD') {
        const card = userCardOf(item);
        if (!isUserCard(card)) continue;
        cards.push(card);
        if (!agree(item, userCardItem(card, undefined), IDLE) || !idleFits(item, card))
          faults.push({ ...named, ...MISPLACED });
      } else {
        const vacancy = vacancyOf(item);
        if (agree(item, vacancyKey({ ...vacancy, tenant }))) vacancies.push(vacancy);
        else faults.push({ ...named, ...MISPLACED });
      }
    } catch {
      faults.push({ ...named, invariant: 'item', text: `the item does not have the form of its kind (${item.sk})` });
    }
  }
  return { licenses, cards, vacancies, faults };
}

const MISPLACED = { invariant: 'item', text: 'its keys or index attributes are not those of what it says' } as const;

const IDLE = Object.values(TABLE.indexes['by-idle-deadline']);

const PLACES = [
  'pk',
  'sk',
  ...Object.values(TABLE.indexes).flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
];

function agree(item: Item, expected: Item | Key, but: readonly string[] = []): boolean {
  const should: { readonly [name: string]: unknown } = expected;
  return PLACES.every((name) => but.includes(name) || item[name] === should[name]);
}

/** A card is in the index of idle deadlines exactly while it has sessions; the deadline itself may lag behind them. */
function idleFits(item: Item, card: UserCard): boolean {
  const { idleKey, idleSort } = item;
  if (Object.keys(card.sessions).length === 0) return idleKey === undefined && idleSort === undefined;
  const [deadline = ''] = `${idleSort}`.split('#');
  const expected = idleAttributes(card, deadline);
  return idleKey === expected.idleKey && idleSort === expected.idleSort;
}

/** The license or user that an item's key names. */
export function namedBy(tenant: string, { pk, sk }: Key): { readonly serialNumber?: string; readonly user?: string } {
  if (sk === 'LICENSE') return { serialNumber: pk.slice(licenseKey(tenant, '').pk.length) };
  if (sk === 'CARD') return { user: pk.slice(userCardKey(tenant, '').pk.length) };
  return { serialNumber: sk.split('#').slice(2).join('#') };
}
