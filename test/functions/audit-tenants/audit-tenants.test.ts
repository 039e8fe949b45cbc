import { describe, expect, it } from 'vitest';
import { auditTenants } from '../../../functions/audit-tenants/audit-tenants.ts';
import type { TenantSettings } from '../../../shared/licensing/tenant/tenant.ts';
import type { Table } from '../../../shared/platform/ports/table.ts';
import { tenantItem } from '../../../shared/store/items.ts';
import { auditMarkKey, tenantKey, vacancyKey } from '../../../shared/store/keys.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld } from '../../fakes/world.ts';
import { interruptedTable, wrappedTable } from '../../fakes/wrapped-table.ts';

const HOUR = 3_600_000;

async function aTenant(settings: Partial<TenantSettings> = {}) {
  const table = memoryTable();
  const logged: object[] = [];
  const world = await aWorld({
    table,
    licenses: [aLicense({ serialNumber: 'LOST' }), aLicense({ serialNumber: 'HELD', folderId: 'nowhere' })],
    cards: [aUserCard({ user: 'ada' })],
    settings,
  });
  await table.write([{ delete: vacancyKey(aLicense({ serialNumber: 'LOST' })) }]);
  const log = (code: string, ids: object = {}) => void logged.push({ code, ...ids });
  const audit = (on: Table = table) => auditTenants({ table: on, clock: world.clock, log });
  return { ...world, table, logged, audit };
}

describe('the daily audit', () => {
  it('logs how many tenants it did not reach, and nothing when it reached all', async () => {
    const { audit, logged, table, tenant, clock } = await aTenant();
    for (const tenantId of ['globex', 'initech']) await table.write([{ put: tenantItem({ ...tenant, tenantId }) }]);
    const slow = wrappedTable(table, (name, call) => {
      if (name === 'write') clock.move(13 * 60_000);
      return call();
    });

    expect(await audit(slow)).toEqual({ done: 1, failed: 0, left: 2 });
    expect(logged).toContainEqual({ code: 'daily-work-left', done: 1, failed: 0, left: 2 });
    logged.splice(0);
    expect(await audit()).toMatchObject({ done: 2, left: 0 });
    expect(logged).not.toContainEqual(expect.objectContaining({ code: 'daily-work-left' }));
  });

  it('repairs what is certain, and logs each fault without a name', async () => {
    const { audit, logged, license, table } = await aTenant();

    expect(await audit()).toEqual({ done: 1, failed: 0, left: 0 });

    expect(logged).toEqual([
      { code: 'tenant-audited', tenant: 'acme', licenses: 2, userCards: 1, vacancies: 1 },
      { code: 'audit-found', tenant: 'acme', fault: 'license-nowhere', found: 1, repaired: 0 },
      { code: 'audit-found', tenant: 'acme', fault: 'no-vacancy', found: 1, repaired: 1 },
      { code: 'pool-entries-corrected', tenant: 'acme', corrected: 2 },
    ]);
    expect((await license('LOST')).change).toMatchObject({ actor: 'auditor', cause: 'audit: no-vacancy' });
    expect(await table.get(vacancyKey(aLicense({ serialNumber: 'LOST' })))).toBeDefined();
    expectInvariants(table.items());
  });

  it('runs once on each of the tenant’s days, from its cleanup hour on (F53)', async () => {
    const { audit, clock } = await aTenant({ cleanupHour: 11 });

    expect(await audit()).toMatchObject({ done: 0 });
    clock.move(2 * HOUR);
    expect(await audit()).toMatchObject({ done: 1 });
    expect(await audit()).toMatchObject({ done: 0 });
    // Missed days are not made up for.
    clock.move(72 * HOUR);
    expect(await audit()).toMatchObject({ done: 1 });
    expect(await audit()).toMatchObject({ done: 0 });
  });

  it('keeps the mark of a later day when it ends late (F44, F53)', async () => {
    const { audit, table } = await aTenant();
    await audit();
    await table.write([{ delete: auditMarkKey('acme') }]);
    const tomorrow = { ...auditMarkKey('acme'), auditedOn: '2026-03-03' };

    await audit(interruptedTable(table, 'write', () => table.write([{ put: tomorrow }])));

    expect(await table.get(auditMarkKey('acme'))).toEqual(tomorrow);
  });

  it('goes on with the other tenants when one fails, and tries that one again', async () => {
    const { audit, table, tenant, logged } = await aTenant();
    await table.write([{ put: tenantItem({ ...tenant, tenantId: 'aaa' }) }]);
    let calls = 0;
    const failing = wrappedTable(table, async (name, call) => {
      if (name === 'list') calls += 1;
      if (name === 'list' && calls === 2) throw new Error('down');
      return call();
    });

    await expect(audit(failing)).rejects.toThrow('1 tenants');
    expect(logged).toContainEqual({ code: 'tenant-audit-failed', tenant: 'aaa', error: 'Error' });
    expect(await table.get(auditMarkKey('acme'))).toBeDefined();
    expect(await table.get(tenantKey('aaa'))).toBeDefined();
    expect(await audit()).toMatchObject({ done: 1 });
  });
});
