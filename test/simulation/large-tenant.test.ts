import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportPage } from '../../shared/administration/exports.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { type Meter, meteredTable } from '../fakes/metered-table.ts';
import { aLicense, aWorld } from '../fakes/world.ts';

const LARGE = 100_000;
const SMALL = 1_000;

/** A tenant with this many floating licenses, half of them in Finance; serial numbers alike in length. */
async function aTenantOf(licenses: number) {
  const { deps } = await aWorld({
    table: memoryTable(),
    licenses: Array.from({ length: licenses }, (_, index) =>
      aLicense({ serialNumber: `A${1_000_000 + index}`, folderId: index % 2 === 0 ? 'finance' : 'sales' }),
    ),
  });
  return deps;
}

let worlds: Record<'small' | 'large', Awaited<ReturnType<typeof aTenantOf>>>;
beforeAll(async () => {
  worlds = { small: await aTenantOf(SMALL), large: await aTenantOf(LARGE) };
});

type Page = { readonly licenses: readonly unknown[]; readonly cursor: string };

/** What the first two pages of a hundred cost. */
async function costOf(size: 'small' | 'large', members: object): Promise<readonly Meter[]> {
  const costs: Meter[] = [];
  let cursor = {};
  for (let page = 0; page < 2; page += 1) {
    const { table, meter } = meteredTable(worlds[size].table);
    const { ask } = asAdministrator({ ...worlds[size], table });
    const answer = (await ask('list-licenses', { limit: 100, ...members, ...cursor })) as Page;
    expect(answer.licenses).toHaveLength(100);
    cursor = { cursor: answer.cursor };
    costs.push(meter);
  }
  return costs;
}

describe('a page of a hundred licenses', () => {
  it.each([
    ['by serial number', {}],
    ['by expiry date', { sortBy: 'expiresOn' }],
    ['of a folder', { folder: 'Finance' }],
    ['of a folder by expiry date', { folder: 'Finance', sortBy: 'expiresOn' }],
    ['that are free', { state: 'free' }],
  ])(
    '%s costs the same in a hundred thousand as in a thousand',
    async (_, members) => {
      const [small, large] = [await costOf('small', members), await costOf('large', members)];

      expect(large).toEqual(small);
      for (const { units, held } of large) {
        // A strong read of each license, those of the wrong folder included, and the index's keys.
        expect(units).toBeLessThanOrEqual(230);
        expect(held).toBeLessThanOrEqual(100);
      }
    },
    30_000,
  );
});

describe('a filter that matches nothing', () => {
  it('ends a page before the whole tenant is read', async () => {
    const { table, meter } = meteredTable(worlds.large.table);
    const answer = await asAdministrator({ ...worlds.large, table }).ask('list-licenses', { state: 'in-use' });
    expect(answer).toMatchObject({ licenses: [], cursor: expect.any(String) });
    expect(meter.units).toBeLessThan(5_500);
  });
});

describe('an export of a hundred thousand licenses', () => {
  it('has each license once, and never more than a page in memory', async () => {
    const { table, meter } = meteredTable(worlds.large.table);
    const { ask } = asAdministrator({ ...worlds.large, table });
    const serials = new Set<string>();
    let most = 0;
    let cursor: string | undefined;
    do {
      const page = (await ask('export-licenses', cursor === undefined ? {} : { cursor })) as ExportPage;
      most = Math.max(most, Buffer.byteLength(page.text));
      for (const line of page.text.split('\r\n')) if (line.startsWith('A1')) serials.add(line.split(',')[0]!);
      cursor = page.cursor;
    } while (cursor !== undefined);

    expect(serials.size).toBe(LARGE);
    expect(meter.held).toBe(1_000);
    // What a function may answer with: 6 MB.
    expect(most).toBeLessThan(200_000);
  }, 120_000);
});
