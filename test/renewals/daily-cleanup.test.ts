import { describe, expect, it } from 'vitest';
import { cleanUpTenants } from '../../functions/clean-up-daily/clean-up-tenants.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import type { TenantSettings } from '../../shared/licensing/tenant/tenant.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { tenantItem, vacancyItem } from '../../shared/store/items.ts';
import { cleanupMarkKey } from '../../shared/store/keys.ts';
import { administrator } from '../fakes/administrator.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aRenewalWorld } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { dyingTable, interruptedTable, wrappedTable } from '../fakes/wrapped-table.ts';

const Z_OLD = { folderId: 'zOld', setAsideOn: '2026-03-01' } as const;

async function aTenant(licenses: readonly License[], settings: Partial<TenantSettings> = {}) {
  const world = await aRenewalWorld({
    licenses,
    settings,
    cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob', folderId: 'sales' })],
    file: [{ serialNumber: 'N1', type: 'Dedicated' }],
  });
  const cleanUp = (table: Table = world.table) => cleanUpTenants({ ...world.deps, table, clock: world.clock });
  return { ...world, cleanUp, admin: administrator(world.table) };
}

const isDeleted = async (world: Awaited<ReturnType<typeof aTenant>>, serial: string): Promise<boolean> =>
  (await world.license(serial)).deletedAt !== undefined;

describe('the daily cleanup (R43)', () => {
  it('that ends late does not overwrite the mark of a later day (F44, F53)', async () => {
    const world = await aTenant([]);
    const tomorrow = { ...cleanupMarkKey('acme'), cleanedOn: '2026-03-03' };
    const late = interruptedTable(world.table, 'write', () => world.table.write([{ put: tomorrow }]));

    await world.cleanUp(late);

    expect(await world.table.get(cleanupMarkKey('acme'))).toEqual(tomorrow);
  });

  it('deletes what was set aside before today and nobody has or uses, and nothing else', async () => {
    const world = await aTenant([
      aLicense({ serialNumber: 'OLD', ...Z_OLD }),
      aLicense({ serialNumber: 'TODAY', ...Z_OLD, setAsideOn: '2026-03-02' }),
      aLicense({ serialNumber: 'FREE' }),
      aLicense({ serialNumber: 'HERS', type: 'dedicated', folderId: 'finance' }),
    ]);
    await world.login('bob');
    await world.ask('assign-license', { serialNumber: 'HERS', user: 'ada' });
    await world.admin.move('HERS', 'zOld');

    expect(await world.cleanUp()).toEqual({ cleaned: 1, failed: 0, left: 0 });

    expect(await isDeleted(world, 'OLD')).toBe(true);
    expect((await world.license('OLD')).change).toEqual({
      actor: 'clean-up-daily',
      cause: 'daily cleanup',
      at: world.clock.now(),
    });
    for (const serial of ['TODAY', 'FREE', 'HERS']) expect(await isDeleted(world, serial), serial).toBe(false);
    expectInvariants(world.table.items());

    // A day later HERS is still hers; TODAY has had its night.
    world.moveTo('2026-03-03T02:00:00.000Z');
    await world.cleanUp();
    expect([await isDeleted(world, 'TODAY'), await isDeleted(world, 'HERS')]).toEqual([true, false]);
  });

  it('waits for the tenant’s hour, and runs once a day however often it is called (F44)', async () => {
    const world = await aTenant([aLicense({ serialNumber: 'OLD', ...Z_OLD })], { cleanupHour: 11 });

    expect(await world.cleanUp()).toMatchObject({ cleaned: 0 });
    world.moveTo('2026-03-02T09:00:00.000Z');
    expect(await world.cleanUp()).toMatchObject({ cleaned: 1 });
    expect(await world.cleanUp()).toMatchObject({ cleaned: 0 });

    // A missed day, and late: the same end.
    world.moveTo('2026-03-04T20:00:00.000Z');
    expect(await world.cleanUp()).toMatchObject({ cleaned: 1 });
  });

  it('notes on the day’s mark who did it, what is stuck, a renewal’s licenses included, and what ends soon', async () => {
    const stuck = { ...Z_OLD, currentUser: 'ada', since: '2026-02-01T08:00:00.000Z', releasing: true } as const;
    const world = await aTenant([
      aLicense({ serialNumber: 'STUCK', ...stuck, setAsideOn: '2026-02-20' }),
      aLicense({ serialNumber: 'LATE', ...stuck, setAsideOn: '2026-02-27' }),
      aLicense({ serialNumber: 'SOON', expiresOn: '2026-03-09' }),
    ]);

    await world.cleanUp();

    const none = { licenses: 0, inUse: 0, serialNumbers: [] };
    expect(await world.table.get(cleanupMarkKey('acme'))).toMatchObject({
      tenant: 'acme',
      cleanedOn: '2026-03-02',
      stuck: { licenses: 1, serialNumbers: ['STUCK'], since: '2026-02-20' },
      expiring: { 7: { licenses: 1, inUse: 0, serialNumbers: ['SOON'] }, 30: none, 90: none },
      change: { actor: 'clean-up-daily', cause: 'daily cleanup', at: world.clock.now() },
    });
  });

  it.each([
    ['that is skipped: the first moment after', '2026-03-29T00:59:00.000Z', '2026-03-29T01:00:00.000Z', 3],
    ['that occurs twice: the first', '2026-10-24T23:59:00.000Z', '2026-10-25T00:00:00.000Z', 3],
  ])('at an hour %s', async (_what, before, at, cleanupHour) => {
    const world = await aTenant([], { cleanupHour });
    await world.cleanUp();

    world.moveTo(before);
    // The day before has had its cleanup or gets it late; this day has not.
    const today = await world.cleanUp();
    world.moveTo(at);
    expect([today.cleaned, (await world.cleanUp()).cleaned]).toEqual([0, 1]);
  });

  it('leaves the licenses of a running renewal to it (R43)', async () => {
    const world = await aTenant([
      aLicense({ serialNumber: 'D1', type: 'dedicated', expiresOn: '2026-03-31', folderId: 'finance' }),
      aLicense({ serialNumber: 'HAND', ...Z_OLD }),
    ]);
    await world.switchAll();
    world.moveTo('2026-03-05T02:00:00.000Z');

    await world.cleanUp();
    expect([await isDeleted(world, 'HAND'), await isDeleted(world, 'D1')]).toEqual([true, false]);

    await world.undoAll();
    expect(await world.license('D1')).toMatchObject({ folderId: 'finance' });
  });

  it('removes the vacancies of expired licenses', async () => {
    const expired = aLicense({ serialNumber: 'GONE', folderId: 'sales', expiresOn: '2026-03-01' });
    const world = await aTenant([expired, aLicense({ serialNumber: 'FREE', folderId: 'sales' })]);
    await world.table.write([{ put: vacancyItem(expired) }]);

    await world.cleanUp();

    const vacancies = world.table.items().filter(({ pk }) => pk.startsWith('V#'));
    expect(vacancies.map(({ serialNumber }) => serialNumber)).toEqual(['FREE']);
    expect(world.logged).toContainEqual({
      code: 'tenant-cleaned-up',
      tenant: 'acme',
      deleted: 0,
      stillInUse: 0,
      vacancies: 1,
    });
  });

  it('keeps a vacancy whose license gets a new term concurrently', async () => {
    const expired = aLicense({ serialNumber: 'BACK', folderId: 'sales', expiresOn: '2026-03-01' });
    const world = await aTenant([expired]);
    await world.table.write([{ put: vacancyItem(expired) }]);
    const term = { validFrom: '2026-01-15', expiresOn: '2027-01-14' };
    const table = interruptedTable(world.table, 'write', () =>
      world.admin.change('BACK', { event: 'change-term', term }),
    );

    await world.cleanUp(table);

    expect(await world.login('bob')).toMatchObject({ license: { serialNumber: 'BACK' } });
    expectInvariants(world.table.items());
  });

  it('deletes no license that changes concurrently (F42)', async () => {
    const world = await aTenant([aLicense({ serialNumber: 'OLD', ...Z_OLD })]);
    const table = interruptedTable(world.table, 'write', () => world.admin.move('OLD', 'sales'));

    await world.cleanUp(table);

    expect(await isDeleted(world, 'OLD')).toBe(false);
    expectInvariants(world.table.items());
  });

  it('continues with the other tenants when one fails, logs it, and retries that one in the next hour', async () => {
    const world = await aTenant([aLicense({ serialNumber: 'OLD', ...Z_OLD })]);
    await world.table.write([
      { put: { ...tenantItem({ ...world.tenant, tenantId: 'aaa' }), settings: 'no settings' } },
      { put: tenantItem({ ...world.tenant, tenantId: 'zzz' }) },
    ]);

    await expect(world.cleanUp()).rejects.toThrow('the daily work of 1 tenants failed');

    expect(await isDeleted(world, 'OLD')).toBe(true);
    expect(world.logged).toContainEqual(expect.objectContaining({ code: 'tenant-cleanup-failed', tenant: 'aaa' }));
    await world.table.write([{ put: tenantItem({ ...world.tenant, tenantId: 'aaa' }) }]);
    expect(await world.cleanUp()).toEqual({ cleaned: 1, failed: 0, left: 0 });
  });

  it('touches no other tenant’s licenses (I10)', async () => {
    const world = await aTenant([
      aLicense({ serialNumber: 'OLD', ...Z_OLD }),
      aLicense({ serialNumber: 'OLD', ...Z_OLD, tenant: 'globex' }),
    ]);

    await world.cleanUp();

    const deleted = world.table.items().filter(({ deletedAt }) => deletedAt !== undefined);
    expect(deleted.map(({ pk }) => pk)).toEqual(['L#acme#OLD']);
  });

  it('has the same result wherever its process dies, and when two run concurrently (F44)', async () => {
    const licenses = ['A', 'B', 'C'].map((serialNumber) => aLicense({ serialNumber, ...Z_OLD }));
    for (let at = 1; at <= 12; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        const world = await aTenant(licenses);
        const died = world.cleanUp(dyingTable(world.table, at, moment).table);
        await died.catch((error: unknown) => expect(`${error}`).toMatch(/failed|dead|before/));
        await world.cleanUp();
        for (const serial of ['A', 'B', 'C']) expect(await isDeleted(world, serial)).toBe(true);
        expectInvariants(world.table.items());
      }
    }
    const world = await aTenant(licenses);
    const slow = wrappedTable(world.table, async (_name, call) => {
      await Promise.resolve();
      return call();
    });
    await Promise.all([world.cleanUp(slow), world.cleanUp(slow)]);
    for (const serial of ['A', 'B', 'C']) expect(await world.license(serial)).toMatchObject({ version: 2 });
  });

  it('reports to the operator what was set aside by hand and stays in use for too long (R39)', async () => {
    const world = await aTenant([aLicense({ serialNumber: 'BUSY', folderId: 'sales' })]);
    await world.login('bob');
    await world.admin.move('BUSY', 'zOld');
    world.moveTo('2026-03-09T02:00:00.000Z');

    await world.cleanUp();

    expect(world.logged).toContainEqual({ code: 'set-aside-still-in-use', tenant: 'acme', stillInUse: 1 });
  });
});
