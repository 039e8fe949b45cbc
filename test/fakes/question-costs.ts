import { renewalKey } from '../../shared/store/keys.ts';
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
