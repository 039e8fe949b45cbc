import { describe, expect, it } from 'vitest';
import { publishEvents } from '../../../functions/publish-events/publish-events.ts';
import type { License } from '../../../shared/licensing/license/license.ts';
import type { PoolThreshold } from '../../../shared/licensing/license/pool.ts';
import type { UserCard } from '../../../shared/licensing/login/user-card.ts';
import type { Measure } from '../../../shared/platform/metrics.ts';
import { aCommandWorld } from '../../fakes/command-world.ts';
import { memoryBus } from '../../fakes/memory-bus.ts';
import { type StreamRecord, streamedTable } from '../../fakes/streamed-table.ts';
import { aLicense, aUserCard } from '../../fakes/world.ts';
import { interruptedTable } from '../../fakes/wrapped-table.ts';

const DAY = 86_400_000;
const USERS = ['ada', 'bob', 'cyd'];

async function aTenant({
  licenses = [aLicense({ serialNumber: 'F1' }), aLicense({ serialNumber: 'F2' })],
  poolThresholds = [],
  cards = USERS.map((user) => aUserCard({ user, folderId: 'sales' })),
}: {
  readonly licenses?: readonly License[];
  readonly poolThresholds?: readonly PoolThreshold[];
  readonly cards?: readonly UserCard[];
} = {}) {
  const table = streamedTable();
  const office = await aCommandWorld({ table, licenses, cards, settings: { poolThresholds } });
  const bus = memoryBus();
  const logged: string[] = [];
  const levels: unknown[] = [];
  const measure: Measure = (values, dimensions) => void levels.push({ ...dimensions, ...values });
  const deps = { ...office.deps, table, bus, measure, log: (code: string) => void logged.push(code) };
  let read = table.records.length;
  /** Tells what has changed since it was told last, and answers what the stream is to tell again. */
  const publish = async (on = deps, records?: readonly StreamRecord[]) => {
    const some = records ?? table.records.slice(read);
    read = table.records.length;
    const { batchItemFailures } = await publishEvents(on, [...some]);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  /** Until nothing changes any more: a pool's notice is a change too. */
  const publishAll = async () => {
    while (read < table.records.length) expect(await publish()).toEqual([]);
  };
  return { ...office, table, bus, deps, logged, levels, publish, publishAll };
}

const types = (bus: ReturnType<typeof memoryBus>) => bus.told.map(({ type }) => type);

describe('publish-events', () => {
  it('publishes a denial once, with its reason, folder and user, with the same id after a replay', async () => {
    const { login, bus, publishAll, publish, table, clock } = await aTenant({ licenses: [] });

    await login('ada');
    await publishAll();
    await publish(undefined, table.records);

    expect(bus.told[0]).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      type: 'license.denied',
      tenant: 'acme',
      at: clock.now(),
      data: { user: 'ada', session: 's1', reason: 'no-free-license', access: 'write', folder: 'Sales' },
    });
    expect(bus.told.map(({ id }) => id)).toEqual([bus.told[0]?.id, bus.told[0]?.id]);
  });

  it('publishes with a denial by an expired license which license blocks, and when it ended (R14)', async () => {
    const term = { validFrom: '2025-03-02', expiresOn: '2026-03-01' };
    const note = { type: 'dedicated', access: 'write', modules: 'all', folderId: 'root', ...term } as const;
    const expired = aLicense({ serialNumber: 'E1', type: 'dedicated', assignedTo: 'ada', ...term });
    const { login, bus, publishAll } = await aTenant({
      licenses: [expired],
      cards: [aUserCard({ assigned: { E1: note } })],
    });

    await login('ada');
    await publishAll();

    expect(bus.told[0]).toMatchObject({
      type: 'license.denied',
      data: { reason: 'assigned-license-expired', blockedBy: { serialNumber: 'E1', expiresOn: '2026-03-01' } },
    });
  });

  it('publishes another denial of the same user with another id, and no denial of a late login', async () => {
    const { login, logout, bus, publishAll, clock } = await aTenant({ licenses: [] });

    await login('ada');
    clock.move(1_000);
    await login('ada');
    await logout('ada', 's1');
    await login('ada');
    await publishAll();

    expect(types(bus)).toEqual(['license.denied', 'license.denied']);
    expect(new Set(bus.told.map(({ id }) => id)).size).toBe(2);
  });

  it('publishes that a pool is low by the tenant’s threshold, then exhausted, each once a day', async () => {
    const poolThresholds = [{ folder: '', type: 'floating', access: 'write', free: 1 }] as const;
    const { login, logout, bus, publishAll, clock, levels } = await aTenant({ poolThresholds });
    const day = async () => {
      await login('ada');
      await publishAll();
      await login('bob');
      await publishAll();
      await logout('bob');
      await login('cyd');
      await publishAll();
      await logout('ada');
      await logout('cyd');
      await publishAll();
    };

    await day();

    expect(bus.told.map(({ type, data }) => [type, data['free'], data['threshold'], data['folder']])).toEqual([
      ['pool.low', 1, 1, ''],
      ['pool.exhausted', 0, 1, ''],
    ]);

    expect(levels).toContainEqual({ Tenant: 'acme', Folder: '/', Pool: 'floating write', Vacancies: 1 });

    clock.move(DAY);
    await day();
    expect(types(bus)).toEqual(['pool.low', 'pool.exhausted', 'pool.low', 'pool.exhausted']);
    expect(new Set(bus.told.map(({ id }) => id)).size).toBe(4);
  });

  it('counts the folder and the class that the license was taken from, and only licenses within their term', async () => {
    const { ask, login, bus, publishAll } = await aTenant({
      licenses: [
        aLicense({ serialNumber: 'S1', folderId: 'sales' }),
        aLicense({ serialNumber: 'NEXT', folderId: 'sales', validFrom: '2026-12-01' }),
        aLicense({ serialNumber: 'D1', folderId: 'sales', type: 'dedicated' }),
        aLicense({ serialNumber: 'D2', folderId: 'sales', type: 'dedicated' }),
      ],
    });

    await login('ada');
    await ask('assign-license', { serialNumber: 'D1', user: 'bob' });
    await publishAll();

    expect(bus.told).toMatchObject([
      { type: 'pool.exhausted', data: { folder: 'Sales', type: 'floating', access: 'write', free: 0 } },
    ]);
  });

  it('asks the stream for the records again whose events the bus refused, and for no others', async () => {
    const { login, bus, publish, table } = await aTenant({ licenses: [aLicense({ serialNumber: 'F1' })] });
    bus.refuse.add('license.denied');
    await login('ada');
    await login('bob');

    const again = await publish();

    const records = table.records.filter(({ dynamodb }) => again.includes(dynamodb.SequenceNumber));
    expect(records.map(({ dynamodb }) => JSON.stringify(dynamodb).includes('"bob"'))).toEqual([true]);
    bus.refuse.clear();
    expect(await publish(undefined, records)).toEqual([]);
    expect(types(bus)).toEqual(['license.denied']);
  });

  it('asks the stream for a record again when another process wrote a notice about its pool', async () => {
    const { login, publish, table, deps } = await aTenant({ licenses: [aLicense({ serialNumber: 'F1' })] });
    await login('ada');
    const records = [...table.records];
    const racing = interruptedTable(table, 'write', () => publish(undefined, records));

    const again = await publish({ ...deps, table: { ...table, ...racing } }, records);

    expect(again).toHaveLength(1);
    expect(await publish(undefined, records)).toEqual([]);
  });

  it('skips an unreadable record, and logs it', async () => {
    const { login, bus, publish, table, logged } = await aTenant({ licenses: [] });
    await login('ada');
    const broken = { dynamodb: { SequenceNumber: '9', NewImage: { pk: { S: 'R#acme#1' }, sk: { S: 'RENEWAL' } } } };

    expect(await publish(undefined, [broken, ...table.records])).toEqual([]);

    expect(types(bus)).toEqual(['license.denied']);
    expect(logged).toContain('event-record-unreadable');
  });
});
