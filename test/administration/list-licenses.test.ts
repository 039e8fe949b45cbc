import { describe, expect, it } from 'vitest';
import { defined } from '../../shared/licensing/defined.ts';
import { aCommandWorld, type CommandWorldFacts, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const LICENSES = [
  aLicense({ serialNumber: 'A5', expiresOn: '2027-01-01' }),
  aLicense({ serialNumber: 'A1', folderId: 'finance', expiresOn: '2028-01-01' }),
  aLicense({ serialNumber: 'A4', folderId: 'finance', expiresOn: '2026-02-01' }),
  aLicense({ serialNumber: 'A2', folderId: 'helsinki', expiresOn: '2029-01-01' }),
  { ...aLicense({ serialNumber: 'A3', type: 'dedicated', assignedTo: 'ada' }), expiresOn: '2026-12-31' },
];

async function anArchive(facts: CommandWorldFacts = {}) {
  const office = await aCommandWorld({
    ...facts,
    licenses: LICENSES,
    cards: [aUserCard(), aUserCard({ user: 'bob' })],
  });
  /** Serial numbers, page by page. */
  const pages = async (members: object): Promise<string[][]> => {
    const found: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await office.ask('list-licenses', defined({ ...members, cursor }));
      const { licenses, ...rest } = page as { licenses: { serialNumber: string }[]; cursor?: string };
      found.push(licenses.map(({ serialNumber }) => serialNumber));
      cursor = rest.cursor;
    } while (cursor !== undefined);
    return found;
  };
  return { ...office, pages };
}

describe('list-licenses', () => {
  it('lists every license by serial number, as get-license shows it', async () => {
    const { ask, pages } = await anArchive();

    const answer = (await ask('list-licenses')) as { licenses: object[] };

    expect(await pages({})).toEqual([['A1', 'A2', 'A3', 'A4', 'A5']]);
    expect(answer.licenses[0]).toEqual(await ask('get-license', { serialNumber: 'A1' }));
  });

  it.each([
    ['by their last day', { sortBy: 'expiresOn' }, ['A4', 'A3', 'A5', 'A1', 'A2']],
    ['of one folder itself', { folder: 'Finance' }, ['A1', 'A4']],
    ['of one folder by their last day', { folder: 'Finance', sortBy: 'expiresOn' }, ['A4', 'A1']],
    ['of the root', { folder: '' }, ['A3', 'A5']],
    ['in one state', { state: 'free' }, ['A1', 'A2', 'A5']],
    ['that have expired, of one folder', { folder: 'Finance', state: 'expired' }, ['A4']],
  ])('lists licenses %s', async (_what, members, expected) => {
    const { pages } = await anArchive();

    const whole = await pages(members);
    const single = await pages({ ...members, limit: 1 });

    expect(whole).toEqual([expected]);
    expect(single.flat()).toEqual(expected);
  });

  it('lists the licenses of a user: those assigned and the one in use', async () => {
    const { ask, login, pages } = await anArchive();
    await ask('assign-license', { serialNumber: 'A3', user: 'bob' });
    await login('ada');

    const ada = await pages({ user: 'ada' });
    const bob = await pages({ user: 'bob' });
    await ask('disconnect', { user: 'ada' });
    const none = await pages({ user: 'ada' });

    expect([ada, bob, none]).toEqual([[['A1']], [['A3']], [[]]]);
  });

  it('lists the licenses of a user in pages', async () => {
    const { ask, login, pages } = await anArchive();
    await login('bob');
    await ask('assign-license', { serialNumber: 'A3', user: 'bob' });

    const bySerial = await pages({ user: 'bob', limit: 1 });
    const byDay = await pages({ user: 'bob', limit: 1, sortBy: 'expiresOn' });

    expect([bySerial, byDay]).toEqual([
      [['A1'], ['A3']],
      [['A3'], ['A1']],
    ]);
  });

  it('lists no deleted license, and a moved one in its present folder', async () => {
    const { ask, pages } = await anArchive();

    await ask('delete-license', { serialNumber: 'A5' });
    await ask('move-licenses', { serialNumbers: ['A1'], folder: '' });

    expect(await pages({ folder: '' })).toEqual([['A1', 'A3']]);
    expect(await pages({ folder: 'Finance' })).toEqual([['A4']]);
  });

  it('shows no license in the old state that its index has', async () => {
    const table = memoryTable();
    const { ask, pages } = await anArchive({
      table: {
        ...table,
        list: async (index, range) => ({ keys: (await table.list(index, { ...range })).keys.concat(stale) }),
      },
    });
    const stale = [{ pk: 'L#acme#A5', sk: 'LICENSE' }];
    await ask('delete-license', { serialNumber: 'A5' });

    const listed = await pages({});

    expect(listed).toEqual([['A1', 'A2', 'A3', 'A4']]);
  });

  it('reads no more for a page when few licenses match, and continues from there', async () => {
    const many = Array.from({ length: 400 }, (_, index) => aLicense({ serialNumber: `B${1_000 + index}` }));
    const table = memoryTable();
    let reads = 0;
    const { ask } = await aCommandWorld({
      table: {
        ...table,
        list: async (index, range) => {
          reads += 1;
          return table.list(index, range);
        },
      },
      licenses: [...many, aLicense({ serialNumber: 'Z', expiresOn: '2026-02-01' })],
    });

    const first = (await ask('list-licenses', { state: 'expired', limit: 1 })) as { licenses: []; cursor: string };
    const readsOfFirst = reads;
    const more = await ask('list-licenses', { state: 'expired', limit: 1_000, cursor: first.cursor });

    expect(first).toMatchObject({ licenses: [], cursor: expect.any(String) });
    expect(readsOfFirst).toBe(20);
    expect(more).toEqual({ licenses: [expect.objectContaining({ serialNumber: 'Z' })] });
  });

  it('refuses an unknown folder, an unknown user and an invalid request', async () => {
    const { ask } = await anArchive();
    const { cursor } = (await ask('list-licenses', { limit: 1 })) as { cursor: string };

    const folder = await ask('list-licenses', { folder: 'Legal' });
    const user = await ask('list-licenses', { user: 'eve' });
    const state = await ask('list-licenses', { state: 'lost' });
    const other = await ask('list-licenses', { sortBy: 'expiresOn', cursor });

    const ofUser = await ask('list-licenses', { user: 'ada', cursor });

    expect([folder, user]).toEqual([refusal('unknown-folder'), refusal('unknown-user')]);
    expect([state, other, ofUser]).toEqual(
      [1, 2, 3].map(() => refusal('invalid-request', { faults: [expect.any(Object)] })),
    );
  });
});
