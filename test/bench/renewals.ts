import { countingTable } from '../fakes/counting-table.ts';
import { aRenewalWorld, runToItsEnd } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

/*
 * What a renewal costs per license, from its plan to its cleanup, in calls to the table: a count, so that it says the
 * same on every machine. The engine's own time per call is in the other benches.
 */

const SIZES = [250, 500, 1_000];

async function measure(size: number) {
  const serials = Array.from({ length: size }, (_, index) => String(index).padStart(6, '0'));
  const world = await aRenewalWorld({
    licenses: serials.map((serial) => aLicense({ serialNumber: `OLD-${serial}`, expiresOn: '2026-03-31' })),
    cards: [aUserCard()],
    file: serials.map((serial) => ({ serialNumber: `NEW-${serial}` })),
  });
  const counting = countingTable(world.table);
  await world.approve(undefined, counting.table);
  const planned = counting.counts.calls;
  const result = await runToItsEnd(world.stepsOn(counting.table), world.moveTo);
  if (result === 'undone meanwhile' || result.counts.replaced !== size || result.counts.deleted !== size) {
    throw new Error(`the renewal did not come to its end: ${JSON.stringify(result)}`);
  }
  return { licenses: size, planned: planned / size, run: (counting.counts.calls - planned) / size };
}

export async function benchRenewals(): Promise<void> {
  const rows = [];
  for (const size of SIZES) {
    const figures = await measure(size);
    console.log(JSON.stringify({ scenario: 'renewal', ...figures }));
    rows.push(figures);
  }
  const [smallest] = rows;
  console.table(
    rows.map(({ licenses, planned, run }) => ({
      'renewal of': licenses,
      'calls per license, plan and approval': planned.toFixed(2),
      'calls per license, run': run.toFixed(2),
      'run ÷ smallest': smallest === undefined ? '' : (run / smallest.run).toFixed(2),
    })),
  );
}
