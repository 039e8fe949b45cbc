import { searchWords } from '../../shared/licensing/login/search-words.ts';
import { MAX_WRITES } from '../../shared/platform/ports/table.ts';
import { renewalKey } from '../../shared/store/keys.ts';
import { searchItem } from '../../shared/store/search-items.ts';
import { asAdministrator } from './command-world.ts';
import { countingTable } from './counting-table.ts';
import { memoryTable } from './memory-table.ts';
import { meteredTable } from './metered-table.ts';
import { aRenewalWorld } from './renewal-world.ts';
import { aLicense, aUserCard, aWorld } from './world.ts';

/** What it costs to explain a folder with so many people, in a tenant with so many free licenses. */
export async function costOfFolder({ people, licenses }: { readonly people: number; readonly licenses: number }) {
  const table = memoryTable();
  const { deps } = await aWorld({
    table,
    licenses: Array.from({ length: licenses }, (_, index) => aLicense({ serialNumber: `A${1_000_000 + index}` })),
    cards: Array.from({ length: people }, (_, index) => aUserCard({ user: `user-${1_000_000 + index}` })),
  });
  const counting = countingTable(table);
  const { ask } = asAdministrator({ ...deps, table: counting.table });
  const answer = (await ask('explain', { folder: 'Finance' })) as { counts: { people: number; allocated: number } };
  return { ...answer.counts, calls: counting.counts.calls, writes: counting.counts.writes };
}

/** What the status of a renewal with so many rows costs, when half of its rows are switched. */
export async function costOfStatus(size: number) {
  const world = await aRenewalWorld({
    licenses: Array.from({ length: size }, (_, index) =>
      aLicense({ serialNumber: `F${100_000 + index}`, expiresOn: '2026-03-31' }),
    ),
  });
  await world.ask('plan-renewal', { renewalId: 'r1', expiringOnOrBefore: '2026-03-31' });
  await world.table.write([{ update: renewalKey('acme', 'r1'), set: [['status', 'running']], onlyIf: [] }]);
  for (let from = 0; from < size / 2; from += 50) await world.steps.switchBatch({ from, to: from + 50 });
  const { table, meter } = meteredTable(world.table);
  const counting = countingTable(table);
  const { ask } = asAdministrator({ ...world.deps, table: counting.table, clock: world.clock });
  const status = (await ask('get-renewal', { renewalId: 'r1', rows: 'none' })) as { readonly progress: object };
  return { ...status, calls: counting.counts.calls, units: meter.units };
}

/** Every tenth person has the same first name, and every tenth the same last name; nobody is called Anna Korhonen. */
const FIRST_NAMES = ['Anna', 'Matti', 'Liisa', 'Juha', 'Sari', 'Timo', 'Tiina', 'Kari', 'Marja', 'Antti'];
const LAST_NAMES = [
  'Virtanen',
  'Korhonen',
  'Nieminen',
  'Mäkinen',
  'Hämäläinen',
  'Laine',
  'Heikkinen',
  'Koski',
  'Salo',
  'Aho',
];

/** What somebody may search for, from what is cheap to what is dear. */
export const SEARCHES = {
  'nobody has it': 'Zorro',
  'a user id': 'person-1000500@example.com',
  'a rare name': 'Rare500',
  'a rare name and a common one': 'Anna Rare500',
  'a common name': 'Anna',
  'two common names that nobody has both': 'Anna Korhonen',
} as const;

/** A tenant with so many people, each found by an id and three names. Returns what the first page of a search costs. */
export async function aSearchWorld(people: number) {
  const table = memoryTable();
  const cards = Array.from({ length: people }, (_, index) =>
    aUserCard({
      user: `person-${1_000_000 + index}@example.com`,
      name: `${FIRST_NAMES[index % 10]} ${LAST_NAMES[index % 10]} Rare${index}`,
    }),
  );
  const { deps } = await aWorld({ table, cards });
  const items = cards.flatMap((card) => searchWords(card).map((word) => searchItem('acme', word, card.user)));
  for (let start = 0; start < items.length; start += MAX_WRITES) {
    await table.write(items.slice(start, start + MAX_WRITES).map((put) => ({ put })));
  }
  return async (search: string, limit = 200) => {
    const { table: metered, meter } = meteredTable(table);
    const counting = countingTable(metered);
    const { ask } = asAdministrator({ ...deps, table: counting.table });
    const answer = (await ask('list-user-cards', { search, limit })) as { readonly userCards: readonly object[] };
    return { found: answer.userCards.length, calls: counting.counts.calls, units: meter.units };
  };
}
