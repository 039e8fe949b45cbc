import { expect, it } from 'vitest';
import { readExpiring } from '../../shared/renewals/plan-inputs.ts';
import { aLicense, aWorld } from '../fakes/world.ts';

it('reads the licenses of the first and the last day, whatever their serial numbers begin with', async () => {
  const onDay = (expiresOn: string) => ['0', '~1', 'Ä1', '\u{1F600}1'].map((start) => `${start} ${expiresOn}`);
  const days = ['2026-03-30', '2026-03-31', '2026-04-01', '2026-04-02'];
  const licenses = days.flatMap((expiresOn) =>
    onDay(expiresOn).map((serialNumber) => aLicense({ serialNumber, expiresOn })),
  );
  const { table } = await aWorld({ licenses });

  const found = await readExpiring(table, 'acme', '2026-04-01', '2026-03-31');

  const serialNumbers = found.map(({ serialNumber }) => serialNumber);
  expect(serialNumbers).toEqual(['2026-03-31', '2026-04-01'].flatMap(onDay));
});
