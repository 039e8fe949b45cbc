import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { publishEvents } from '../../functions/publish-events/publish-events.ts';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { endSession } from '../../shared/sign-in/sessions/end-session.ts';
import { logIn } from '../../shared/sign-in/sessions/log-in.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { memoryBus } from '../fakes/memory-bus.ts';
import { meteredTable } from '../fakes/metered-table.ts';
import { meteredWrites } from '../fakes/metered-writes.ts';
import { aPool } from '../fakes/storms.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aUserCard, aWorld, keyedHash } from '../fakes/world.ts';

/** Of usual lengths: they are a third of the items. */
const USER = 'ada.lovelace@customer.example.com';
const SESSION = '0f8fad5b-d9cb-469f-a165-70867728950e';
const HOUR = 3_600_000;

const STEPS = ['login', 'record-history', 'publish-events', 'logout', 'record-history', 'publish-events'] as const;

/** What each step of one sign-in with a logout writes and reads, in units: of the items, of indexes, and read. */
async function countUnits() {
  const memory = streamedTable();
  const { clock, deps, tenant } = await aWorld({
    table: memory,
    licenses: aPool(200, { folderId: 'finance' }, 'F'),
    cards: [aUserCard({ user: USER, name: 'Ada Lovelace' })],
  });
  const tenants = cachedTenants(readTenant(memory), clock);
  await tenants('acme');
  const rows: (readonly [writes: number, indexes: number, reads: number])[] = [];
  const counted = async (work: (table: Table) => Promise<unknown>): Promise<void> => {
    const reads = meteredTable(memory);
    const { table, meter } = meteredWrites(memory, reads.table);
    await work(table);
    rows.push([meter.writes, meter.indexes, reads.meter.units]);
  };
  const reader = (table: Table) => ({ table, clock, log: () => {}, keyedHash, readTenant: tenants });
  const readers = async (): Promise<void> => {
    const records = memory.records.splice(0);
    await counted((table) => recordHistory(reader(table), records));
    await counted((table) => publishEvents({ ...reader(table), bus: memoryBus(), measure: () => {} }, records));
    memory.records.splice(0);
  };

  const who = { tenant: 'acme', user: USER, session: SESSION };
  memory.records.splice(0);
  const session = (table: Table) => ({ ...deps, table, readTenant: tenants });
  await counted((table) =>
    logIn(session(table), {
      ...who,
      kind: 'login',
      at: clock.now(),
      claims: { name: 'Ada Lovelace' },
      actor: 'login',
    }),
  );
  await readers();
  clock.move(HOUR);
  await counted((table) =>
    endSession(session(table), tenant.settings, { ...who, at: clock.now(), actor: 'end-session', cause: 'logout' }),
  );
  await readers();
  return rows;
}

/** Returns the rows of the table in the README: the step and its numbers. */
function documented(): readonly (readonly [step: string, ...numbers: number[]])[] {
  const [, section = ''] = readFileSync('infra/README.md', 'utf8').split('### Cost\n');
  return [...section.matchAll(/^\| `([\w-]+)`[^|]*\| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm)].map(
    ([, step = '', ...numbers]) => [step, ...numbers.map(Number)],
  );
}

describe('what a sign-in with a logout costs', () => {
  it('is what the README says, step by step', async () => {
    const rows = await countUnits();

    expect(documented()).toEqual(rows.map((numbers, index) => [STEPS[index], ...numbers]));
  });

  it('is priced in the README with the sums of these units', async () => {
    const rows = await countUnits();
    const sum = (column: 0 | 1 | 2) => rows.reduce((total, row) => total + row[column], 0);
    const [, section = ''] = readFileSync('infra/README.md', 'utf8').split('### Cost\n');
    const priced = [
      ...section.matchAll(/^\| (write|read) units \| ([\d.]+) million \| ([\d.]+) \$[^|]*\| ([\d.]+) \|$/gm),
    ];

    expect(priced.map(([, kind, millions]) => [kind, Number(millions)])).toEqual([
      ['write', sum(0) + sum(1)],
      ['read', sum(2)],
    ]);
    for (const [, , millions, price, dollars] of priced) {
      expect(Math.abs(Number(millions) * Number(price) - Number(dollars))).toBeLessThan(0.01);
    }
  });
});
