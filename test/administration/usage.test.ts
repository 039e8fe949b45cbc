import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { keepUsage } from '../../shared/history/read-usage.ts';
import { dayAfter } from '../../shared/licensing/cleanup-time.ts';
import { NO_USAGE } from '../../shared/licensing/history/usage.ts';
import type { TenantSettings } from '../../shared/licensing/tenant/tenant.ts';
import { dayIn, HOUR, type Instant } from '../../shared/licensing/time.ts';
import { licenseItem } from '../../shared/store/items.ts';
import { hourUsageKey, usageKey } from '../../shared/store/keys.ts';
import { usageItems } from '../../shared/store/usage-items.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aLicense, aUserCard, keyedHash } from '../fakes/world.ts';

const FLOATING = { type: 'floating', access: 'write', modules: 'all' } as const;
const FINANCE = { folder: 'Finance', ...FLOATING } as const;
const DEDICATED = { folder: '', ...FLOATING, type: 'dedicated' } as const;

/** Two floating licenses in Finance and a dedicated one of a module, three users, and a history that is up to date. */
async function anUsedTenant(settings: Partial<TenantSettings> = {}) {
  const table = streamedTable();
  const world = await aCommandWorld({
    table,
    settings,
    licenses: [
      aLicense({ serialNumber: 'F1', folderId: 'finance' }),
      aLicense({ serialNumber: 'F2', folderId: 'finance' }),
      aLicense({ serialNumber: 'D1', type: 'dedicated', modules: 'CMDB' }),
    ],
    cards: ['ada', 'bob', 'cyd'].map((user) => aUserCard({ user })),
  });
  let recorded = 0;
  const record = async (): Promise<void> => {
    await recordHistory({ ...world, keyedHash, log: () => {} }, table.records.slice(recorded));
    recorded = table.records.length;
  };
  const at = async (instant: Instant, what: () => Promise<unknown>): Promise<void> => {
    world.clock.move(Date.parse(instant) - Date.parse(world.clock.now()));
    await what();
    await record();
  };
  const ask = async (command: string, members: object = {}): Promise<Record<string, unknown>> => {
    await record();
    return (await world.ask(command, members)) as Record<string, unknown>;
  };
  const keep = async (): Promise<void> => {
    await record();
    await keepUsage(world, world.tenant, dayIn(world.tenant.settings.timeZone, world.clock.now()));
  };
  return { ...world, table, ask, at, record, keep };
}

/** On Monday, two users work from 10:20 (Helsinki), the third is denied twice, and gets a license at 12:40. */
async function aMonday() {
  const world = await anUsedTenant();
  const { at, login, logout } = world;
  await at('2026-03-02T08:20:00.000Z', () => login('ada'));
  await at('2026-03-02T08:30:00.000Z', () => login('bob'));
  await at('2026-03-02T08:40:00.000Z', () => login('cyd'));
  await at('2026-03-02T09:10:00.000Z', () => login('cyd', { session: 's2' }));
  await at('2026-03-02T10:30:00.000Z', () => logout('ada'));
  await at('2026-03-02T10:40:00.000Z', () => login('cyd', { session: 's3' }));
  return world;
}

/** Thirty kept days, each with nine hundred pools in use. */
async function manyPools() {
  const world = await anUsedTenant();
  const pools = Array.from({ length: 900 }, (_, index) => ({
    ...FLOATING,
    folderId: index === 0 ? 'sales' : 'finance',
    modules: `M${index}`,
    peak: 1,
    inUse: 0,
    owned: 1,
    mostOwned: 1,
  }));
  for (let day = '2026-02-01'; day <= '2026-03-01'; day = dayAfter(day)) {
    const puts = usageItems((part) => usageKey('acme', day, part), { ...NO_USAGE, pools });
    await world.table.write(puts.map((put) => ({ put })));
  }
  return world;
}

describe('get-pools', () => {
  it('counts the licenses of each folder and class by their state, the root and zOld included', async () => {
    const { ask, login } = await aMonday();
    await ask('assign-license', { serialNumber: 'D1', user: 'ada' });
    await login('dan');
    await ask('release-license', { serialNumber: 'F2' });
    await ask('delete-license', { serialNumber: 'F1' });
    const none = { owned: 0, free: 0, assigned: 0, inUse: 0, releasing: 0, heldBack: 0, setAside: 0, expired: 0 };

    const { pools, ...rest } = await ask('get-pools');

    expect(rest).toEqual({});
    expect(pools).toEqual([
      { ...DEDICATED, modules: 'CMDB', ...none, owned: 1, assigned: 1 },
      { ...FINANCE, ...none, owned: 2, inUse: 2 },
    ]);
    await ask('move-license', { serialNumber: 'D1', folder: 'zOld' });
    expect((await ask('get-pools'))['pools']).toMatchObject([
      { ...FINANCE, owned: 2 },
      { ...DEDICATED, folder: 'zOld', modules: 'CMDB', owned: 1, setAside: 1, assigned: 0 },
    ]);
  });

  it('counts a license as expired from the day after its last', async () => {
    const { ask, clock } = await anUsedTenant();
    clock.move(400 * 24 * HOUR);

    expect((await ask('get-pools'))['pools']).toMatchObject([
      { expired: 1, free: 0 },
      { owned: 2, expired: 2 },
    ]);
  });

  it('counts a merged folder in the one that took its place', async () => {
    const { ask } = await anUsedTenant();
    await ask('merge-folder', { folder: 'Finance/Helsinki', into: 'Finance' });
    await ask('merge-folder', { folder: 'Finance', into: 'Sales' });

    expect((await ask('get-pools'))['pools']).toMatchObject([{ folder: '' }, { folder: 'Sales', owned: 2, free: 2 }]);
  });
});

/** These loops would never end otherwise. */
describe('a range until the last day that can be written', () => {
  const range = { from: '9998-12-01', to: '9999-12-31' };

  it.each(['list-peaks', 'get-needs'])('has nothing after today: %s', async (command) => {
    const { ask } = await anUsedTenant();

    const answer = await ask(command, range);

    expect(answer['peaks'] ?? answer['pools']).toEqual([]);
  });
});

describe('list-peaks', () => {
  it('shows the peak of each day beside what was owned, with denials by reason and users', async () => {
    const { ask } = await aMonday();

    expect(await ask('list-peaks')).toEqual({
      by: 'day',
      peaks: [
        {
          day: '2026-03-02',
          from: '2026-03-01T22:00:00.000Z',
          pools: [
            { ...DEDICATED, modules: 'CMDB', peak: 0, owned: 1 },
            { ...FINANCE, peak: 2, owned: 2 },
          ],
          denied: { 'no-free-license': 2 },
          deniedUsers: { 'no-free-license': 1 },
          denials: [{ folder: 'Finance', access: 'write', reason: 'no-free-license', count: 2, users: 1 }],
        },
      ],
    });
  });

  it('shows each hour that has begun, and the same once the day is kept', async () => {
    const { ask, clock, keep, table } = await aMonday();
    const asked = () => ask('list-peaks', { by: 'hour', from: '2026-03-02', to: '2026-03-02' });
    const hoursOf = (answer: Record<string, unknown>) =>
      (
        answer['peaks'] as { from: string; pools: { folder: string; peak: number; owned: number }[]; denied: object }[]
      ).map(({ from, pools, denied }) => [
        from.slice(11, 16),
        pools.find(({ folder }) => folder === 'Finance'),
        denied,
      ]);
    const hour = (from: string, peak: number, denied = {}) => [from, { ...FINANCE, peak, owned: 2 }, denied];
    const denied = { 'no-free-license': 1 };

    const soFar = hoursOf(await asked());
    expect(soFar).toHaveLength(13);
    expect(soFar.slice(-4)).toEqual([
      ['07:00', undefined, {}],
      hour('08:00', 2, denied),
      hour('09:00', 2, denied),
      hour('10:00', 2),
    ]);
    clock.move(24 * HOUR);
    const later = await asked();
    expect(hoursOf(later)).toHaveLength(24);
    await keep();
    expect(table.peek(hourUsageKey('acme', '2026-03-02T08:00:00.000Z'))).toMatchObject({ ttl: expect.any(Number) });
    expect(table.peek(usageKey('acme', '2026-03-02'))).not.toHaveProperty('ttl');
    expect(await asked()).toEqual(later);
    expect(hoursOf(later).at(-1)).toEqual(hour('21:00', 2));
  });

  it('shows 23 and 25 hours on the days of the clock changes', async () => {
    const { ask, at, record } = await anUsedTenant();
    await at('2026-11-01T08:00:00.000Z', record);
    const hoursOf = async (day: string) => (await ask('list-peaks', { by: 'hour', from: day, to: day }))['peaks'];

    await at('2026-03-30T08:00:00.000Z', record);
    expect(await hoursOf('2026-03-29')).toHaveLength(23);
    await at('2026-10-26T08:00:00.000Z', record);
    expect(await hoursOf('2026-10-25')).toHaveLength(25);
  });

  it('gives pages that join to the whole list', async () => {
    const { ask, clock } = await aMonday();
    clock.move(40 * HOUR);
    for (const by of ['day', 'hour']) {
      const range = { by, from: '2026-03-01', to: '2026-03-04' };
      const whole = (await ask('list-peaks', { ...range, limit: 1_000 })) as { peaks: unknown[] };
      const joined: unknown[] = [];
      let cursor = {};
      do {
        const page = (await ask('list-peaks', { ...range, limit: 7, ...cursor })) as {
          peaks: unknown[];
          cursor?: string;
        };
        expect(page.peaks.length).toBeLessThanOrEqual(7);
        joined.push(...page.peaks);
        cursor = page.cursor === undefined ? {} : { cursor: page.cursor };
      } while ('cursor' in cursor);

      expect(joined).toEqual(whole.peaks);
    }
  });

  it('knows what was owned before the history of the counted days', async () => {
    const { ask, clock, keep, table } = await aMonday();
    clock.move(40 * 24 * HOUR);
    const owned = async () => (await ask('list-peaks', { from: '2026-04-10', to: '2026-04-11' }))['peaks'];
    const expected = [
      { day: '2026-04-10', pools: [{ peak: 0, owned: 1 }, { owned: 2 }] },
      { day: '2026-04-11', pools: [{ peak: 0, owned: 1 }, { owned: 2 }] },
    ];

    expect(await owned()).toMatchObject(expected);
    await keep();
    expect(table.peek(usageKey('acme', '2026-04-10'))).toBeDefined();
    expect(await owned()).toMatchObject(expected);
  });

  it('leaves out days before the first that was kept with owned licenses, and days to come', async () => {
    const { ask, clock, keep, table } = await aMonday();
    const old = { pools: [], denied: { 'no-free-license': 5 }, deniedUsers: { 'no-free-license': 1 } };
    await table.write([{ put: { ...usageKey('acme', '2026-02-27'), ...old } }]);
    clock.move(24 * HOUR);
    await keep();

    const { peaks } = await ask('list-peaks', { from: '2026-02-01', to: '2026-03-20' });

    expect(peaks).toMatchObject([{ day: '2026-03-02' }, { day: '2026-03-03' }]);
  });

  it.each([
    ['day', '2025-01-25', true],
    ['day', '2025-01-26', false],
    ['hour', '2026-01-29', true],
    ['hour', '2026-01-30', false],
    ['day', '2026-03-02', true],
  ])('by %s from %s: is refused %s', async (by, from, isRefused) => {
    const { ask } = await anUsedTenant();
    const answer = await ask('list-peaks', { by, from, to: '2026-03-01' });

    if (isRefused) expect(answer).toMatchObject(refusal('invalid-request'));
    else expect(answer).toMatchObject({ by });
  });

  it('refuses the cursor of another list', async () => {
    const { ask } = await anUsedTenant();
    const { cursor } = await ask('list-peaks', { by: 'hour', limit: 1 });

    expect(cursor).toEqual(expect.any(String));
    expect(await ask('list-peaks', { by: 'day', cursor })).toMatchObject(refusal('invalid-request'));
  });

  it('keeps more pools than one item holds', async () => {
    const { ask, clock, table, keep } = await anUsedTenant();
    const licenses = Array.from({ length: 900 }, (_, index) => ({ serialNumber: `M${index}`, modules: `M${index}` }));
    for (const one of licenses) await table.write([{ put: licenseItem(aLicense({ type: 'dedicated', ...one })) }]);
    const asked = async () => (await ask('list-peaks', { from: '2026-03-02', to: '2026-03-02' }))['peaks'];
    clock.move(24 * HOUR);
    const counted = await asked();
    await keep();

    expect(table.peek(usageKey('acme', '2026-03-02', 2))).toBeDefined();
    expect(await asked()).toEqual(counted);
    expect(counted).toMatchObject([{ pools: { length: 902 } }]);
  });
});

describe('an answer about many pools', () => {
  const range = { from: '2026-02-01', to: '2026-03-01' };

  it('ends a page of peaks early, with a cursor', async () => {
    const { ask } = await manyPools();
    const first = await ask('list-peaks', range);
    const second = await ask('list-peaks', { ...range, cursor: first['cursor'] });

    expect(first['peaks']).toHaveLength(23);
    expect(second['peaks']).toHaveLength(6);
    expect(second).not.toHaveProperty('cursor');
  });

  it('is refused for needs, until fewer days or one folder are asked for', async () => {
    const { ask } = await manyPools();

    expect(await ask('get-needs', range)).toMatchObject(refusal('invalid-request'));
    expect((await ask('get-needs', { ...range, from: '2026-02-20' }))['pools']).toHaveLength(900);
    expect((await ask('get-needs', { ...range, folder: 'Sales' }))['pools']).toMatchObject([{ modules: 'M0' }]);
  });
});

describe('get-needs', () => {
  it('adds the people who were denied to those in use at once, with its assumptions', async () => {
    const { ask } = await aMonday();
    const range = { from: '2026-03-02', to: '2026-03-02' };
    const at = (from: string, inUse: number, denied: number) => ({
      day: '2026-03-02',
      from,
      inUse,
      denied,
      needed: inUse + denied,
      owned: 2,
    });

    const { assumptions, ...days } = await ask('get-needs', range);

    const day = at('2026-03-01T22:00:00.000Z', 2, 1);
    expect(days).toEqual({ ...range, by: 'day', pools: [{ ...FINANCE, ...day, periods: [day] }] });
    expect(assumptions).toContainEqual({ code: 'denied-once', text: expect.any(String) });
    const hours = [
      at('2026-03-02T08:00:00.000Z', 2, 1),
      at('2026-03-02T09:00:00.000Z', 2, 1),
      at('2026-03-02T10:00:00.000Z', 2, 0),
    ];
    expect(await ask('get-needs', { ...range, by: 'hour' })).toMatchObject({
      pools: [{ ...FINANCE, ...hours[0], periods: hours }],
    });
  });

  it('covers the last 31 days by default, and one folder on request', async () => {
    const { ask } = await aMonday();

    expect(await ask('get-needs')).toMatchObject({ from: '2026-01-31', to: '2026-03-02', by: 'day' });
    expect(await ask('get-needs', { folder: 'Finance' })).toMatchObject({ pools: [FINANCE] });
    expect(await ask('get-needs', { folder: '' })).toMatchObject({ pools: [] });
    expect(await ask('get-needs', { folder: 'Nowhere' })).toMatchObject(refusal('unknown-folder'));
  });

  it('counts a denied user of the level readonly where they need read access', async () => {
    const { ask, login } = await anUsedTenant();
    await ask('put-user-card', { user: 'ada', card: { level: 'readonly' } });
    await login('ada');

    expect((await ask('get-needs'))['pools']).toMatchObject([{ ...FINANCE, access: 'read', denied: 1, owned: 0 }]);
  });
});
