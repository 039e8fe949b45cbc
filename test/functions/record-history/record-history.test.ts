import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../../functions/record-history/record-history.ts';
import { marshalled } from '../../../shared/aws/attributes.ts';
import { keepUsage } from '../../../shared/history/read-usage.ts';
import { plus } from '../../../shared/licensing/time.ts';
import type { Table } from '../../../shared/platform/ports/table.ts';
import { erasureKey, hash8 } from '../../../shared/store/keys.ts';
import { aCommandWorld, asAdministrator } from '../../fakes/command-world.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { type StreamRecord, streamedTable } from '../../fakes/streamed-table.ts';
import { aLicense, aUserCard, fixedClock, keyedHash, NOW } from '../../fakes/world.ts';

const HOUR = 3_600_000;
const log = () => {};
const others = { log, keyedHash, clock: fixedClock() };

/** A year in short: two users, a login without a license, a removal. */
async function aStory() {
  const table = streamedTable();
  const office = await aCommandWorld({
    table,
    licenses: [
      aLicense({ serialNumber: 'F1', folderId: 'finance' }),
      aLicense({ serialNumber: 'D1', type: 'dedicated', modules: 'CMDB' }),
    ],
    cards: [aUserCard(), aUserCard({ user: 'bob' })],
  });
  const { ask, login, logout, clock } = office;
  const times: string[] = [];
  const then = async (what: () => Promise<unknown>): Promise<void> => {
    clock.move(HOUR);
    await what();
    times.push(clock.now());
  };
  await then(() => login('ada'));
  await then(() => login('bob'));
  await then(() => logout('ada'));
  await then(() => login('bob', { session: 's2' }));
  await then(() => ask('assign-license', { serialNumber: 'D1', user: 'ada' }));
  await then(() => ask('remove-user-card', { user: 'ada' }));
  await then(() => ask('delete-license', { serialNumber: 'D1' }));
  const record = (records: readonly StreamRecord[] = table.records) =>
    recordHistory({ table, ...others }, [...records]);
  return { ...office, table, times, record };
}

/** The history alone, as text. */
function historyIn(table: ReturnType<typeof memoryTable>): string {
  return JSON.stringify(
    table
      .items()
      .filter(({ pk }) => /^[HDP]#/.test(pk))
      .toSorted((one, other) => (one.pk + one.sk < other.pk + other.sk ? -1 : 1)),
  );
}

describe('record-history (R46)', () => {
  it('keeps every change of a license in order, with actor, cause, before and after, also after its deletion', async () => {
    const { ask, record, times } = await aStory();
    await record();

    expect(await ask('list-license-history', { serialNumber: 'D1' })).toMatchObject({
      entries: [
        { version: 1, actor: 'test', cause: 'import', after: { folder: '' } },
        { version: 2, actor: 'olga', cause: 'assign-license', at: times[4], before: {}, after: { assignedTo: 'ada' } },
        { version: 3, cause: 'remove-user-card', before: { assignedTo: 'ada' } },
        { version: 4, cause: 'delete-license', after: { deletedAt: times[6] } },
      ],
    });
    expect(await ask('list-license-history', { serialNumber: 'nothing' })).toMatchObject({
      error: { code: 'unknown-license' },
    });
  });

  it('returns a user’s history in pages, the latest first', async () => {
    const { ask, record } = await aStory();
    await record();

    const causes: string[] = [];
    let cursor: string | undefined;
    do {
      const page = (await ask('list-user-history', { user: 'ada', limit: 2, ...(cursor && { cursor }) })) as {
        entries: { cause: string; serialNumber: string }[];
        cursor?: string;
      };
      causes.push(...page.entries.map((entry) => `${entry.serialNumber} ${entry.cause}`));
      cursor = page.cursor;
    } while (cursor !== undefined);

    expect(causes).toEqual(['D1 remove-user-card', 'D1 assign-license', 'F1 logout', 'F1 login']);
  });

  it('returns a tenant’s day in pages, in order, with denials', async () => {
    const { ask, record } = await aStory();
    await record();

    const all = (await ask('list-tenant-history', { day: '2026-03-02' })) as {
      entries: { at: string; kind: string }[];
    };
    const first = (await ask('list-tenant-history', { day: '2026-03-02', limit: 3 })) as typeof all & {
      cursor: string;
    };
    const rest = (await ask('list-tenant-history', { day: '2026-03-02', cursor: first.cursor })) as typeof all;

    expect(all.entries).toHaveLength(9);
    expect(all.entries.map(({ at }) => at)).toEqual(all.entries.map(({ at }) => at).toSorted());
    expect(all.entries.find(({ kind }) => kind === 'denied')).toMatchObject({ user: 'bob', reason: 'no-free-license' });
    expect([...first.entries, ...rest.entries]).toEqual(all.entries);
  });

  it('shows who used a license at an instant', async () => {
    const { ask, record, times } = await aStory();
    await record();
    const heldAt = async (at: string) =>
      ((await ask('get-license-as-of', { serialNumber: 'F1', at })) as { currentUser?: string }).currentUser;

    expect(await heldAt(times[0]!)).toBe('ada');
    expect(await heldAt(plus(times[0]!, -1))).toBeUndefined();
    expect(await heldAt(plus(times[2]!, -1))).toBe('ada');
    expect(await heldAt(times[2]!)).toBeUndefined();
    expect(await heldAt(times[3]!)).toBe('bob');
    expect(await ask('get-license-as-of', { serialNumber: 'F1', at: '2020-01-01T00:00:00Z' })).toMatchObject({
      known: false,
    });
  });

  it('writes the same history when the stream is replayed from its start, twice, in any order', async () => {
    const { table, record } = await aStory();
    await record();
    const once = historyIn(table);
    const records = table.records.filter(({ dynamodb }) => !JSON.stringify(dynamodb).includes('"V#'));

    await record(records.toReversed());
    await record([...records, ...records]);

    expect(historyIn(table)).toBe(once);
  });

  it('ignores changes without a new version, and removed items', async () => {
    const table = memoryTable();
    const license = { ...aLicense(), pk: 'L#acme#A1000001', sk: 'LICENSE' };
    const marked = { ...license, imported: { ...license.imported, issued: '2026-02-01' } };
    const records = [
      { dynamodb: { SequenceNumber: '1', OldImage: marshalled(license), NewImage: marshalled(marked) } },
      { dynamodb: { SequenceNumber: '2', OldImage: marshalled(license) } },
    ];

    expect(await recordHistory({ table, ...others }, records)).toEqual({ batchItemFailures: [] });
    expect(table.items()).toEqual([]);
  });

  it('sets aside an unreadable record at once, and goes on', async () => {
    const table = memoryTable();
    const logged: unknown[] = [];
    const license = { ...aLicense(), pk: 'L#acme#A1000001', sk: 'LICENSE' };
    const poison = { dynamodb: { SequenceNumber: '7', NewImage: marshalled({ pk: 'L#acme#X', sk: 'LICENSE' }) } };
    const good = { dynamodb: { SequenceNumber: '8', NewImage: marshalled(license) } };

    const answer = await recordHistory({ table, ...others, log: (...line) => void logged.push(line) }, [poison, good]);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(table.items().map(({ pk }) => pk)).toEqual(expect.arrayContaining(['X#7', 'H#acme#A1000001']));
    expect(logged).toContainEqual(['history-record-unreadable', { sequenceNumber: '7', tenant: undefined }]);
  });

  it('keeps an unreadable record for thirty days, with the tenant of its item', async () => {
    const table = memoryTable();
    const Keys = marshalled({ pk: 'L#acme#X', sk: 'LICENSE' });
    const poison = { dynamodb: { SequenceNumber: '7', Keys, NewImage: marshalled({ pk: 'L#acme#X', sk: 'LICENSE' }) } };

    await recordHistory({ table, ...others }, [poison]);

    const ttl = Math.floor(Date.parse(NOW) / 1_000) + 30 * 86_400;
    expect(table.items()).toEqual([{ pk: 'X#7', sk: 'RECORD', tenant: 'acme', record: expect.any(String), ttl }]);
  });

  it('asks for the records again that the table did not store (F54)', async () => {
    const { table } = await aStory();
    const failing: Table = {
      ...table,
      write: async (writes) => {
        if (JSON.stringify(writes).includes('H#acme#D1')) throw new Error('the table is down');
        return table.write(writes);
      },
    };
    const records = [...table.records];

    const { batchItemFailures } = await recordHistory({ table: failing, ...others }, records);
    await recordHistory({ table, ...others }, records);

    const failed = records.filter(({ dynamodb }) =>
      batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === dynamodb.SequenceNumber),
    );
    expect(failed.length).toBe(4);
    expect(failed.every((one) => JSON.stringify(one).includes('L#acme#D1'))).toBe(true);
  });
});

describe('erase-user (R47)', () => {
  it('replaces the user in the history by one pseudonym, also in entries that come later or again', async () => {
    const { ask, record, table } = await aStory();
    const late = table.records.slice(-6);
    await record(table.records.slice(0, -6));
    const records = [...table.records.slice(0, 30)];

    const answer = (await ask('erase-user', { user: 'ada' })) as { pseudonym: string };
    await record(late);
    await record(records);

    expect(answer).toMatchObject({ erased: true, pseudonym: expect.stringMatching(/^erased-[a-z0-9]{12}$/) });
    expect(historyIn(table)).not.toContain('ada');
    expect(await ask('list-user-history', { user: 'ada' })).toEqual({ entries: [] });
    expect(((await ask('list-user-history', { user: answer.pseudonym })) as { entries: [] }).entries).toHaveLength(4);
    expect(await ask('erase-user', { user: 'ada' })).toMatchObject({ pseudonym: answer.pseudonym, entries: 0 });
  });

  it('removes the name from the items that the user changed last, also when their entry came after an earlier erasure', async () => {
    const { ask, record, table } = await aStory();
    const arrived = [...table.records];
    await ask('restore-license', { actor: 'ada', serialNumber: 'D1' });
    await record(arrived);
    await ask('erase-user', { user: 'ada' });
    await record();
    const changedLastBy = () => table.items().find(({ pk }) => pk === 'L#acme#D1')?.['change'];
    expect(changedLastBy()).toMatchObject({ actor: 'ada' });

    const { pseudonym } = (await ask('erase-user', { user: 'ada' })) as { pseudonym: string };

    expect(changedLastBy()).toMatchObject({ actor: pseudonym });
  });

  it('removes both names from an entry of two users when both are erased at once', async () => {
    const { ask, record, table, clock, deps } = await aStory();
    await ask('restore-license', { serialNumber: 'D1' });
    for (const user of ['ada', 'cyd']) {
      await ask('put-user-card', { user, card: { folder: '' } });
      await ask('assign-license', { serialNumber: 'D1', user });
    }
    await ask('remove-user-card', { user: 'ada' });
    await ask('remove-user-card', { user: 'cyd' });
    await record();
    clock.move(HOUR);
    const isOfBoth = (item: object): boolean => JSON.stringify(item).match(/"ada".*"cyd"/) !== null;
    expect(table.items().filter(isOfBoth)).not.toEqual([]);

    let isOver = false;
    const late = asAdministrator({
      ...deps,
      table: {
        ...table,
        write: async (writes) => {
          const isOfEntry = writes.some((write) => 'put' in write && JSON.stringify(write.put).includes('"cyd"'));
          if (isOfEntry && !isOver) {
            isOver = true;
            await ask('erase-user', { user: 'cyd' });
          }
          return table.write(writes);
        },
      },
    });
    await late.ask('erase-user', { user: 'ada' });

    expect(isOver).toBe(true);
    expect(historyIn(table)).not.toMatch(/"(ada|cyd)"/);
  });

  it('keeps the pseudonym of a mark without a key, from an earlier version, and removes that mark', async () => {
    const { ask, record, table } = await aStory();
    const digest = createHash('sha256').update('acme\nada').digest('hex');
    const mark = { pseudonym: 'erased-before', erasedAt: '2027-01-01T00:00:00.000Z' };
    await table.write([{ put: { ...erasureKey('acme', digest), ...mark } }]);

    await record();
    expect(historyIn(table)).not.toContain('"ada"');
    expect(await ask('erase-user', { user: 'ada' })).toMatchObject({ pseudonym: 'erased-before' });

    expect(JSON.stringify(table.items())).not.toContain(digest);
    expect(table.items().filter(({ sk }) => sk === 'ERASED')).toMatchObject([{ pseudonym: 'erased-before' }]);
  });

  it('leaves no hash of the user or the session that could be guessed in the sort keys of denials', async () => {
    const { record, table, login } = await aStory();
    await login('dan', { session: 'one' });
    await record();

    const places = table.items().flatMap(({ sk }) => (sk.includes('#denied#') ? [sk.split('#').at(-1)!] : []));

    expect(places).not.toEqual([]);
    for (const session of ['s1', 's2', 'one', '']) {
      for (const user of ['ada', 'bob', 'dan']) expect(places).not.toContain(hash8(`${user}\n${session}`));
    }
  });

  it('gives one pseudonym, also for two concurrent requests', async () => {
    const { ask } = await aStory();

    const answers = await Promise.all([1, 2, 3].map(() => ask('erase-user', { user: 'ada' })));

    expect(new Set(answers.map((answer) => (answer as { pseudonym: string }).pseudonym)).size).toBe(1);
  });

  it('leaves the card of a user who logs in with the same id during the erasure', async () => {
    const table = memoryTable();
    let meanwhile = async (): Promise<unknown> => undefined;
    const { ask, login, clock } = await aCommandWorld({
      table: {
        ...table,
        write: async (writes) => {
          if (writes.some((write) => 'delete' in write && write.delete.sk === 'CARD')) await meanwhile();
          return table.write(writes);
        },
      },
      licenses: [aLicense({ serialNumber: 'F1' })],
      cards: [aUserCard()],
    });
    await ask('remove-user-card', { user: 'ada' });
    clock.move(HOUR);
    meanwhile = () => login('ada', { session: 'another' });

    await ask('erase-user', { user: 'ada' });

    expect(await ask('get-user-card', { user: 'ada' })).toMatchObject({ user: 'ada' });
  });

  it('refuses a user whose card is not removed', async () => {
    const { ask } = await aStory();

    expect(await ask('erase-user', { user: 'bob' })).toMatchObject({ error: { code: 'in-use' } });
  });
});

describe('get-usage', () => {
  it('reports the peak use per class and folder, and denials; the daily job keeps the days that are over', async () => {
    const { ask, record, clock, table, tenant } = await aStory();
    await record();
    const used = { type: 'floating', access: 'write', modules: 'all', folder: 'Finance', peak: 1, inUse: 1 };

    expect(await ask('get-usage', { from: '2026-03-01' })).toEqual({
      days: [
        { day: '2026-03-01', pools: [], denied: {}, deniedUsers: {} },
        {
          day: '2026-03-02',
          pools: [used],
          denied: { 'no-free-license': 1 },
          deniedUsers: { 'no-free-license': 1 },
        },
      ],
    });
    clock.move(48 * HOUR);
    const asked = () => ask('get-usage', { from: '2026-03-02', to: '2026-03-03' });
    const kept = () => table.items().flatMap(({ pk, sk }) => (pk === 'Q#acme' ? sk : []));
    const later = await asked();
    expect(kept()).toEqual([]);
    await keepUsage({ table, clock }, tenant, '2026-03-04');
    clock.move(24 * HOUR);
    await keepUsage({ table, clock }, tenant, '2026-03-05');

    expect(await asked()).toEqual(later);
    expect(later).toMatchObject({ days: [{ pools: [used] }, { day: '2026-03-03', pools: [used], denied: {} }] });
    expect(kept()).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);
    expect(await ask('get-usage', { from: '2026-01-01' })).toMatchObject({ error: { code: 'invalid-request' } });
  });
});
