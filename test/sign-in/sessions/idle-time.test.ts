import { describe, expect, it } from 'vitest';
import type { Value } from '../../../shared/licensing/clause.ts';
import { type Instant, plus } from '../../../shared/licensing/time.ts';
import type { Table } from '../../../shared/platform/ports/table.ts';
import { endIdleSessions } from '../../../shared/sign-in/sessions/end-idle-sessions.ts';
import { idleShard, tenantKey, userCardKey } from '../../../shared/store/keys.ts';
import { cachedTenants, readTenant } from '../../../shared/store/read-tenant.ts';
import { aCommandWorld } from '../../fakes/command-world.ts';
import { countingTable } from '../../fakes/counting-table.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, NOW } from '../../fakes/world.ts';
import { wrappedTable } from '../../fakes/wrapped-table.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const licenses = (count: number) =>
  Array.from({ length: count }, (_, index) => aLicense({ serialNumber: `F${index}` }));

/** A tenant with floating licenses, an administrator, and the sweep of every minute. */
async function aTenant(count = 3) {
  const table = memoryTable();
  const office = await aCommandWorld({ table, licenses: licenses(count) });
  const { deps, clock, ask, card } = office;
  const sweep = (through: Table = table) => endIdleSessions({ ...deps, table: through });
  const setIdleTime = async (idleTimeout: string) => {
    expect(await ask('update-tenant', { settings: { idleTimeout } })).toMatchObject({ settings: { idleTimeout } });
  };
  /** Sweeps every minute of that time. */
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.move(MINUTE);
      await sweep();
    }
  };
  const isOpen = async (user: string) => Object.keys((await card(user))?.sessions ?? {}).length > 0;
  const listed = (user: string) => table.peek(userCardKey('acme', user))?.['idleSort'];
  const tenantItem = () => table.peek(tenantKey('acme'));
  const byHand = (idleTimeout: Value) =>
    table.write([{ update: tenantKey('acme'), set: [[['settings', 'idleTimeout'], idleTimeout]], onlyIf: [] }]);
  return { ...office, table, sweep, setIdleTime, pass, isOpen, listed, tenantItem, byHand };
}

describe('a shortened idle time (R26)', () => {
  it('applies to open sessions within minutes', async () => {
    const { login, clock, setIdleTime, pass, isOpen, expectSound } = await aTenant();
    await login('ada');
    clock.move(20 * MINUTE);
    await login('bob');
    clock.move(20 * MINUTE);
    await login('cyd');

    await setIdleTime('PT30M');
    await pass(4);

    expect(await Promise.all(['ada', 'bob', 'cyd'].map(isOpen))).toEqual([false, true, true]);
    expect(await Promise.all([login('dan'), login('eve')])).toMatchObject([
      { outcome: 'allocated' },
      { outcome: 'denied' },
    ]);
    await expectSound();

    await pass(8);
    expect(await Promise.all(['bob', 'cyd', 'dan'].map(isOpen))).toEqual([false, true, true]);
    await pass(24);
    expect(await Promise.all(['cyd', 'dan'].map(isOpen))).toEqual([false, false]);
    await expectSound();
  });

  it('waits until no function uses the former time, and finds what they write until then', async () => {
    const { table, deps, elsewhere, clock, setIdleTime, sweep, pass, isOpen } = await aTenant();
    const late = { ...deps, readTenant: cachedTenants(readTenant(table), clock) };
    await late.readTenant('acme');

    await setIdleTime('PT10M');
    clock.move(30_000);
    await sweep();
    clock.move(15_000);
    await elsewhere(late).login('ada');
    await pass(13);

    expect(await isOpen('ada')).toBe(false);
  });

  it('lets a login take back idle licenses at once by the new time', async () => {
    const { login, clock, setIdleTime, pass, isOpen } = await aTenant(1);
    await login('ada');
    clock.move(20 * MINUTE);
    await setIdleTime('PT30M');
    await pass(3);
    expect(await isOpen('ada')).toBe(true);
    clock.move(8 * MINUTE);

    expect(await login('bob')).toMatchObject({ outcome: 'allocated' });
    expect(await isOpen('ada')).toBe(false);
  });

  it('leaves the index when every card is done, so an ordinary minute costs no further call', async () => {
    const { table, login, setIdleTime, pass, sweep, tenantItem, listed } = await aTenant();
    await login('ada');
    const before = countingTable(table);
    await sweep(before.table);

    await setIdleTime('PT30M');
    expect(tenantItem()).toHaveProperty('idleSort');
    await pass(3);

    expect(tenantItem()).not.toHaveProperty('idleSort');
    expect(tenantItem()).not.toHaveProperty('idleKey');
    expect(listed('ada')).toBe(`${plus(NOW, 30 * MINUTE)}#acme#ada`);
    const after = countingTable(table);
    await sweep(after.table);
    expect(after.counts).toEqual(before.counts);
  });

  it('stays in the index through other changes of the tenant', async () => {
    const { login, ask, clock, setIdleTime, pass, isOpen, tenantItem } = await aTenant();
    await login('ada');
    clock.move(HOUR);
    await setIdleTime('PT30M');

    await ask('create-folder', { folder: 'Legal' });
    await ask('update-tenant', { settings: { cleanupHour: 4 } });
    expect(tenantItem()).toHaveProperty('idleSort');
    await pass(3);

    expect(await isOpen('ada')).toBe(false);
  });

  it('that is shortened again during the sweep stays in the index', async () => {
    const { table, login, clock, ask, setIdleTime, sweep, pass, isOpen, tenantItem } = await aTenant();
    await login('ada');
    clock.move(12 * MINUTE);
    await setIdleTime('PT30M');
    clock.move(3 * MINUTE);
    let isAsked = false;
    const interrupted = wrappedTable(table, async (name, call) => {
      if (name === 'getMany' && !isAsked) {
        isAsked = true;
        await ask('update-tenant', { settings: { idleTimeout: 'PT10M' } });
      }
      return call();
    });

    await sweep(interrupted);

    expect([isAsked, await isOpen('ada')]).toEqual([true, true]);
    expect(tenantItem()).toHaveProperty('idleSort');
    await pass(3);
    expect(await isOpen('ada')).toBe(false);
    expect(tenantItem()).not.toHaveProperty('idleSort');
  });

  it('stays in the index while a user is faster each time', async () => {
    const { table, login, clock, setIdleTime, sweep, pass, tenantItem, listed } = await aTenant();
    await login('ada');
    await setIdleTime('PT30M');
    clock.move(3 * MINUTE);
    let tries = 0;
    const contended = wrappedTable(table, async (name, call) => {
      if (name === 'write') {
        tries += 1;
        await login('ada', { session: `s${tries + 1}` });
      }
      return call();
    });

    await sweep(contended);

    expect(tries).toBeGreaterThan(1);
    expect(tenantItem()).toHaveProperty('idleSort');
    await pass(1);
    expect(tenantItem()).not.toHaveProperty('idleSort');
    expect(listed('ada')).toBe(`${plus(NOW, 30 * MINUTE)}#acme#ada`);
  });

  it('processes many cards page by page, and none of another tenant', async () => {
    const { table, login, clock, setIdleTime, sweep, ask } = await aTenant(250);
    const other = Array.from({ length: 500 }, (_, index) => `t${index}`).find(
      (name) => idleShard(name) === idleShard('acme'),
    )!;
    await ask('create-tenant', { settings: { customers: [other], timeZone: 'UTC' } }, other);
    for (let index = 0; index < 250; index += 1) {
      await login(`user-${index}`);
      if (index % 5 !== 0) continue;
      const card = table.peek(userCardKey('acme', `user-${index}`))!;
      const idleSort = `${plus(NOW, 8 * HOUR)}#${other}#user-${index}`;
      await table.write([{ put: { ...card, ...userCardKey(other, `user-${index}`), tenant: other, idleSort } }]);
    }
    const ofOther = () => JSON.stringify(table.items().filter(({ pk }) => pk.startsWith(`U#${other}#`)));
    const before = ofOther();
    clock.move(HOUR);
    await setIdleTime('PT30M');
    clock.move(3 * MINUTE);
    const pages: number[] = [];
    const watched: Table = {
      ...table,
      getMany: (keys) => {
        pages.push(keys.length);
        return table.getMany(keys);
      },
    };

    expect(await sweep(watched)).toEqual({ ended: 250, freed: 250 });

    expect(Math.max(...pages)).toBeLessThanOrEqual(100);
    expect(ofOther()).toBe(before);
  });

  it('that was lengthened again before it was applied ends no session', async () => {
    const { login, clock, setIdleTime, pass, isOpen, listed } = await aTenant();
    await login('ada');
    clock.move(HOUR);
    await setIdleTime('PT30M');
    await setIdleTime('PT10H');

    await pass(5);

    expect(await isOpen('ada')).toBe(true);
    expect(listed('ada')).toBe(`${plus(NOW, 10 * HOUR)}#acme#ada`);
  });

  it('does not count as shortened if it stays the same or becomes longer', async () => {
    const { setIdleTime, tenantItem } = await aTenant();

    await setIdleTime('PT8H');
    await setIdleTime('PT9H');

    expect(tenantItem()).not.toHaveProperty('idleSort');
  });
});

describe('activity (R24, R26)', () => {
  it.each([
    ['PT5M', 30_000],
    ['PT30M', 3 * MINUTE],
    ['PT8H', 5 * MINUTE],
  ])('of a tenant with an idle time of %s is noted every %d ms', async (idleTimeout, every) => {
    const { login, card, clock, setIdleTime } = await aTenant();
    await setIdleTime(idleTimeout);
    await login('ada');
    const seen = async (): Promise<Instant | undefined> => (await card('ada'))?.sessions['s:s1']?.lastSeen;

    clock.move(every);
    await login('ada', { kind: 'activity' });
    expect(await seen()).toBe(NOW);
    clock.move(1);
    await login('ada', { kind: 'activity' });
    expect(await seen()).toBe(clock.now());
  });

  it('at four of five minutes keeps the session open for others to see', async () => {
    const { login, clock, setIdleTime, sweep, isOpen } = await aTenant(1);
    await setIdleTime('PT5M');
    await login('ada');
    clock.move(4 * MINUTE);
    await login('ada', { kind: 'activity' });
    clock.move(3 * MINUTE);
    await sweep();

    expect(await isOpen('ada')).toBe(true);
    expect(await login('bob')).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
    expect(await login('ada', { kind: 'activity' })).toMatchObject({ outcome: 'continued' });
  });
});

describe('an idle time that somebody wrote by hand', () => {
  const BAD: readonly Value[] = [8.64e18, 1e125, -1, 0, 'PT8H', '', null, true, {}, []];

  it.each(BAD)('of %j stops no login, no logout and no sweep', async (value) => {
    const { byHand, login, logout, clock, pass, isOpen, ask } = await aTenant();
    await byHand(value);

    expect(await login('ada')).toMatchObject({ outcome: 'allocated' });
    await login('bob');
    clock.move(1_000);
    expect(await logout('ada', 's1')).toMatchObject({ ended: 1 });
    clock.move(31 * 24 * HOUR);
    await pass(1);

    expect(await isOpen('bob')).toBe(false);
    const { settings } = (await ask('get-tenant')) as { settings: { idleTimeout: string } };
    expect(['PT5M', 'PT720H', 'PT8H']).toContain(settings.idleTimeout);
  });

  it.each(BAD)('of %j does not keep other settings from being changed', async (value) => {
    const { byHand, ask } = await aTenant();
    await byHand(value);

    expect(await ask('update-tenant', { settings: { cleanupHour: 5 } })).toMatchObject({
      settings: { cleanupHour: 5 },
    });
    expect(await ask('update-tenant', { settings: { idleTimeout: 'PT1H' } })).toMatchObject({
      settings: { idleTimeout: 'PT1H' },
    });
  });

  it('left impossible deadlines: the sweep corrects them once', async () => {
    const { table, login, listed, sweep, isOpen } = await aTenant(4);
    const impossible = ['+248438-01-01T00:00:00.000Z', '-000001-01-01T00:00:00.000Z', '', 'undefined'];
    for (const [index, at] of impossible.entries()) {
      await login(`u${index}`);
      const set = [['idleSort', `${at}#acme#u${index}`]] as const;
      await table.write([{ update: userCardKey('acme', `u${index}`), set, onlyIf: [] }]);
    }

    await sweep();

    for (const index of [0, 1, 2]) {
      expect(await isOpen(`u${index}`)).toBe(true);
      expect(listed(`u${index}`)).toBe(`${plus(NOW, 8 * HOUR)}#acme#u${index}`);
    }
    const again = countingTable(table);
    await sweep(again.table);
    expect(again.counts.calls).toBe(16);
  });
});

describe('a tenant that cannot be read', () => {
  it('is logged once, and delays no other tenant', async () => {
    const { table, login, clock, sweep, isOpen, ask } = await aTenant();
    for (const user of ['ada', 'bob', 'cyd']) await login(user);
    const others = ['globex', 'initech', 'umbrella'];
    for (const tenant of others) {
      await ask('create-tenant', { settings: { customers: [tenant], timeZone: 'UTC' } }, tenant);
      const card = { ...table.peek(userCardKey('acme', 'ada'))!, ...userCardKey(tenant, 'ada'), tenant, current: null };
      const { current: _, ...without } = card;
      const { idleKey } = { idleKey: `IDLE#${idleShard(tenant)}` };
      await table.write([{ put: { ...without, idleKey, idleSort: `${NOW}#${tenant}#ada` } }]);
    }
    await table.write([{ update: tenantKey('acme'), set: [['settings', 'nonsense']], onlyIf: [] }]);
    clock.move(9 * HOUR);

    const failed = await sweep().catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(AggregateError);
    expect((failed as AggregateError).errors).toHaveLength(1);
    expect(await isOpen('ada')).toBe(true);
    for (const tenant of others) expect(table.peek(userCardKey(tenant, 'ada'))).toMatchObject({ sessions: {} });
  });
});
