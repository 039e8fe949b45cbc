import { describe, expect, it } from 'vitest';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

describe('get-expiry-calendar', () => {
  it('counts the licenses of each last day within a year, and the users who have or use one of them (R45)', async () => {
    const dedicated = { type: 'dedicated', expiresOn: '2026-06-30' } as const;
    const { ask, login } = await aCommandWorld({
      cards: [aUserCard()],
      licenses: [
        aLicense({ serialNumber: 'ENDED', expiresOn: '2026-03-01' }),
        aLicense({ serialNumber: 'TODAY', expiresOn: '2026-03-02', folderId: 'finance' }),
        aLicense({ ...dedicated, serialNumber: 'D1', assignedTo: 'bob' }),
        aLicense({ ...dedicated, serialNumber: 'D2', assignedTo: 'bob', modules: 'CMDB' }),
        aLicense({ ...dedicated, serialNumber: 'D3', assignedTo: 'cyd' }),
        aLicense({ ...dedicated, serialNumber: 'OLD', folderId: 'zOld', setAsideOn: '2026-03-01' }),
        aLicense({ serialNumber: 'HELD', expiresOn: '2027-03-02', heldBackFor: 'r1' }),
        aLicense({ serialNumber: 'LATER', expiresOn: '2027-03-03' }),
        aLicense({ serialNumber: 'GONE', expiresOn: '2026-06-30', deletedAt: '2026-02-01T10:00:00.000Z' }),
      ],
    });
    await login('ada');

    expect(await ask('get-expiry-calendar')).toEqual({
      from: '2026-03-02',
      to: '2027-03-02',
      days: [
        { day: '2026-03-02', licenses: 1, users: 1 },
        { day: '2026-06-30', licenses: 3, users: 2 },
        { day: '2027-03-02', licenses: 1, users: 0 },
      ],
    });
  });

  it('reads the licenses that end within the year and no others', async () => {
    const ending = Array.from({ length: 1_000 }, (_, index) => aLicense({ serialNumber: `A${index}` }));
    const others = Array.from({ length: 2_000 }, (_, index) =>
      aLicense({ serialNumber: `B${index}`, expiresOn: '2029-01-14' }),
    );
    const world = await aCommandWorld({ licenses: [...ending, ...others] });
    const { table, counts } = countingTable(world.table);

    expect(await asAdministrator({ ...world.deps, table }).ask('get-expiry-calendar')).toMatchObject({
      days: [{ day: '2027-01-14', licenses: 1_000, users: 0 }],
    });

    // Two or three pages of the index, ten reads of a hundred licenses, the tenant, and the lock of such reads.
    expect(counts.calls).toBeLessThanOrEqual(3 + 10 + 1 + 2);
  });
});

describe('calendar feeds', () => {
  it('are created, listed without their addresses, and deleted', async () => {
    const { ask } = await aCommandWorld();
    const { feedId } = (await ask('create-calendar-feed')) as { feedId: string };

    expect(await ask('list-calendar-feeds')).toEqual({ feeds: [{ feedId, createdAt: '2026-03-02T08:15:32.159Z' }] });
    expect(await ask('delete-calendar-feed', { feedId })).toEqual({ deleted: true });
    expect(await ask('delete-calendar-feed', { feedId })).toEqual({ deleted: true });
    expect(await ask('list-calendar-feeds')).toEqual({ feeds: [] });
  });

  it('have secrets that differ, and their ids in the audit trail (R49)', async () => {
    const { ask } = await aCommandWorld();
    const first = (await ask('create-calendar-feed')) as { feedId: string; address: string };
    const second = (await ask('create-calendar-feed')) as { feedId: string; address: string };

    expect(first.address.slice(-68)).not.toBe(second.address.slice(-68));
    const { commands } = (await ask('list-commands')) as { commands: { command: string; about: object }[] };
    expect(commands.map(({ about }) => about)).toEqual(
      expect.arrayContaining([{ feedId: first.feedId }, { feedId: second.feedId }]),
    );
    expect(JSON.stringify(commands)).not.toContain(first.address.slice(-68, -4));
  });

  it('are limited to 50, also when several are created at once, and a deleted one makes room', async () => {
    const { ask } = await aCommandWorld();
    for (let count = 0; count < 49; count += 1) await ask('create-calendar-feed');

    const atOnce = (await Promise.all([1, 2, 3].map(() => ask('create-calendar-feed')))) as object[];

    const { feeds } = (await ask('list-calendar-feeds')) as { feeds: { feedId: string }[] };
    expect(atOnce.filter((answer) => 'feedId' in answer)).toHaveLength(1);
    expect(atOnce.filter((answer) => 'error' in answer)).toEqual([refusal('conflict'), refusal('conflict')]);
    expect(feeds).toHaveLength(50);
    await ask('delete-calendar-feed', { feedId: feeds[7]!.feedId });
    expect(await ask('create-calendar-feed')).toHaveProperty('feedId');
  });

  it('stay when a feed is deleted that had their place before', async () => {
    const { ask } = await aCommandWorld();
    const { feedId } = (await ask('create-calendar-feed')) as { feedId: string };

    expect(await ask('delete-calendar-feed', { feedId: `${feedId.slice(0, 2)}aaaaaaaaaa` })).toEqual({ deleted: true });

    expect(await ask('list-calendar-feeds')).toMatchObject({ feeds: [{ feedId }] });
  });
});
