import { describe, expect, it } from 'vitest';
import { isCommandEntry } from '../fakes/command-entries.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { forgetfulTable } from '../fakes/wrapped-table.ts';

const DEDICATED = aLicense({ serialNumber: 'D', type: 'dedicated' });
const ADA = aUserCard({ user: 'ada' });
const BOB = aUserCard({ user: 'bob' });
const D = { serialNumber: 'D' };

describe('get-license', () => {
  it('shows a license with the fields of the contract, without absent values', async () => {
    const { ask, login } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });

    const free = await ask('get-license', D);
    await login('ada');
    const inUse = await ask('get-license', D);

    const facts = {
      serialNumber: 'D',
      type: 'dedicated',
      access: 'write',
      modules: 'all',
      folder: '',
      validFrom: '2026-01-15',
      expiresOn: '2027-01-14',
    };
    expect(free).toEqual({ ...facts, state: 'free', version: 1 });
    expect(inUse).toEqual({
      ...facts,
      assignedTo: 'ada',
      currentUser: 'ada',
      since: '2026-03-02T08:15:32.159Z',
      state: 'in-use',
      version: 2,
    });
  });

  it('does not find a license by a differently written number', async () => {
    const { ask } = await aCommandWorld({ licenses: [aLicense({ serialNumber: '00042' })] });

    const answer = await ask('get-license', { serialNumber: '42' });

    expect(answer).toEqual(refusal('unknown-license'));
  });

  it('refuses a deleted license with the time of its deletion', async () => {
    const { ask } = await aCommandWorld({ licenses: [DEDICATED] });
    await ask('delete-license', D);

    const answer = await ask('get-license', D);

    expect(answer).toEqual(refusal('deleted', { deletedAt: '2026-03-02T08:15:32.159Z' }));
  });
});

describe('assign-license', () => {
  it('assigns a free license, so that no other login finds it (R28)', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });

    const assigned = await ask('assign-license', { ...D, user: 'ada' });

    expect(assigned).toMatchObject({ assignedTo: 'ada', state: 'assigned', version: 2 });
    expect(await login('bob')).toMatchObject({ outcome: 'denied' });
    expect(await login('ada')).toMatchObject({ outcome: 'assigned', license: D });
    await expectSound();
  });

  it('changes nothing when the license is assigned to the user already, in use or not', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });
    await login('ada');

    const again = await ask('assign-license', { ...D, user: 'ada' });

    expect(again).toMatchObject({ state: 'in-use', version: 2 });
    await expectSound();
  });

  it('takes a license from another user who is not using it, in one step (R29)', async () => {
    const { ask, card, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA, BOB] });
    await ask('assign-license', { ...D, user: 'ada' });

    const assigned = await ask('assign-license', { ...D, user: 'bob' });

    expect(assigned).toMatchObject({ assignedTo: 'bob' });
    expect([(await card('ada'))?.assigned, Object.keys((await card('bob'))!.assigned)]).toEqual([{}, ['D']]);
    await expectSound();
  });

  it('refuses a license that somebody else is using, with the user and the time since when (R28)', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA, BOB] });
    await login('ada');

    const inUse = await ask('assign-license', { ...D, user: 'bob' });
    await ask('release-license', D);
    const releasing = await ask('assign-license', { ...D, user: 'bob' });

    const expected = refusal('in-use', { currentUser: 'ada', since: '2026-03-02T08:15:32.159Z' });
    expect([inUse, releasing]).toEqual([expected, expected]);
    await expectSound();
  });

  it('undoes the release for the user who is still using the license (R27)', async () => {
    const { ask, login, logout, license, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });
    await login('ada');
    await ask('release-license', D);

    const assigned = await ask('assign-license', { ...D, user: 'ada' });

    expect(assigned).toMatchObject({ state: 'in-use', assignedTo: 'ada', currentUser: 'ada' });
    await expectSound();
    await logout('ada');
    expect(await license('D')).toMatchObject({ assignedTo: 'ada' });
  });

  it('ends no session: the user keeps the other license until a login after the session (R28)', async () => {
    const { ask, login, logout, clock, expectSound } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'F' }), DEDICATED],
      cards: [ADA],
    });
    await login('ada');

    await ask('assign-license', { ...D, user: 'ada' });

    expect(await login('ada', { session: 's2' })).toMatchObject({
      outcome: 'continued',
      license: { serialNumber: 'F' },
    });
    await logout('ada');
    await expectSound();
    clock.move(1_000);
    expect(await login('ada', { session: 's3' })).toMatchObject({ outcome: 'assigned', license: D });
  });

  it('assigns a license whose term starts later, and one of a single module (R28)', async () => {
    const { ask, expectSound } = await aCommandWorld({
      licenses: [{ ...DEDICATED, validFrom: '2026-04-01', modules: 'CMDB' }],
      cards: [ADA],
    });

    const assigned = await ask('assign-license', { ...D, user: 'ada' });

    expect(assigned).toMatchObject({ assignedTo: 'ada', state: 'not-yet-valid' });
    await expectSound();
  });

  it.each([
    ['floating', aLicense({ serialNumber: 'D' }), 'not-dedicated'],
    ['held back', { ...DEDICATED, heldBackFor: 'renewal-1' }, 'held-back'],
    ['set aside', { ...DEDICATED, folderId: 'zOld', setAsideOn: '2026-03-01' }, 'set-aside'],
    ['deleted', { ...DEDICATED, deletedAt: '2026-03-01T00:00:00.000Z' }, 'deleted'],
    ['expired', { ...DEDICATED, expiresOn: '2026-03-01' }, 'expired'],
    ['expired, of one module', { ...DEDICATED, expiresOn: '2026-03-01', modules: 'CMDB' }, 'expired'],
    ['changed meanwhile', { ...DEDICATED, version: 7 }, 'stale-version'],
  ])('does not assign one that is %s', async (_what, license, code) => {
    const { ask, expectSound } = await aCommandWorld({ licenses: [license], cards: [ADA] });

    const answer = await ask('assign-license', { ...D, user: 'ada', expectedVersion: 1 });

    expect(answer).toMatchObject(refusal(code));
    await expectSound();
  });

  it('refuses an expired license with its last day, and with the harm unless it is for one module (R14, R28)', async () => {
    const ended = { ...DEDICATED, expiresOn: '2026-02-01' };
    const { ask } = await aCommandWorld({
      licenses: [ended, { ...ended, serialNumber: 'M', modules: 'CMDB' }],
      cards: [ADA],
    });

    const answers = [
      await ask('assign-license', { ...D, user: 'ada' }),
      await ask('assign-license', { serialNumber: 'M', user: 'ada' }),
    ];

    const error = { code: 'expired', expiresOn: '2026-02-01' };
    expect(answers).toEqual([
      {
        error: {
          ...error,
          message: 'License D ended on 2026-02-01. If it were assigned, ada could not get any other license.',
        },
      },
      { error: { ...error, message: 'License M ended on 2026-02-01.' } },
    ]);
  });

  it('assigns on the last day of the term, but not when that day ends before the write (F29)', async () => {
    const lastDay = { ...DEDICATED, expiresOn: '2026-03-02' };
    const { ask } = await aCommandWorld({ licenses: [lastDay], cards: [ADA] });
    expect(await ask('assign-license', { ...D, user: 'ada' })).toMatchObject({ assignedTo: 'ada' });

    const memory = memoryTable();
    const late = await aCommandWorld({ table: memory, licenses: [lastDay], cards: [ADA] });
    late.clock.move(Date.parse('2026-03-02T21:59:59.999Z') - Date.parse(late.clock.now()));
    // After the license was read and judged, while the card is read for the write.
    const get: typeof memory.get = async (key) => {
      if (key.sk === 'CARD') late.clock.move(1);
      return memory.get(key);
    };
    const table = { ...memory, get };

    const answer = await asAdministrator({ ...late.deps, table }).ask('assign-license', { ...D, user: 'ada' });

    expect(answer).toMatchObject(refusal('expired'));
    expect(await late.license('D')).not.toHaveProperty('assignedTo');
    expect((await late.card('ada'))?.assigned).toEqual({});
  });

  it('refuses an unknown license and an unknown user', async () => {
    const { ask } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });

    const license = await ask('assign-license', { serialNumber: 'X', user: 'ada' });
    const user = await ask('assign-license', { ...D, user: 'eve' });

    expect([license, user]).toEqual([refusal('unknown-license'), refusal('unknown-user')]);
  });

  it('gives a license to one of two users when both are assigned concurrently, and tells both callers', async () => {
    const { ask, license, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA, BOB] });

    const answers = await Promise.all(
      ['ada', 'bob'].map((user) => ask('assign-license', { ...D, user, expectedVersion: 1 })),
    );

    expect(answers).toContainEqual(expect.objectContaining({ assignedTo: (await license('D')).assignedTo }));
    expect(answers).toContainEqual(refusal('stale-version', { version: 2 }));
    await expectSound();
  });
});

describe('release-license', () => {
  it('frees a license that is not in use for the next login (R27)', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });
    await ask('assign-license', { ...D, user: 'ada' });

    const released = await ask('release-license', D);

    expect(released).toMatchObject({ state: 'free', version: 3 });
    expect(released).not.toHaveProperty('assignedTo');
    await expectSound();
    expect(await login('bob')).toMatchObject({ outcome: 'allocated', license: D });
  });

  it('ends no session: the license is free when its sessions have ended (R27)', async () => {
    const { ask, login, logout, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });
    await login('ada');

    const released = await ask('release-license', { ...D, expectedVersion: 2 });

    expect(released).toMatchObject({ state: 'releasing', currentUser: 'ada' });
    await expectSound();
    expect(await logout('ada')).toEqual({ ended: 1, license: 'D', nowFree: true });
    await expectSound();
  });

  it('accepts a license that is not assigned, also a floating one in use', async () => {
    const { ask, login, expectSound } = await aCommandWorld({ licenses: [DEDICATED, aLicense({ serialNumber: 'F' })] });
    await login('ada');

    const answers = [await ask('release-license', D), await ask('release-license', { serialNumber: 'F' })];

    expect(answers).toEqual([
      expect.objectContaining({ state: 'free', version: 1 }),
      expect.objectContaining({ state: 'in-use', version: 2 }),
    ]);
    await expectSound();
  });

  it.each([
    ['unknown-license', { serialNumber: 'X' }],
    ['deleted', { serialNumber: 'GONE', expectedVersion: 0 }],
    ['stale-version', { serialNumber: 'D', expectedVersion: 2 }],
  ])('answers %s', async (code, members) => {
    const gone = { ...DEDICATED, serialNumber: 'GONE', deletedAt: '2026-03-01T00:00:00.000Z' };
    const { ask } = await aCommandWorld({ licenses: [DEDICATED, gone] });

    const answer = await ask('release-license', members);

    expect(answer).toMatchObject(refusal(code));
  });

  it('succeeds when the write was made and only the response got lost', async () => {
    const { table, loseNextAnswer } = forgetfulTable(memoryTable());
    const { ask, expectSound } = await aCommandWorld({ table, licenses: [DEDICATED], cards: [ADA] });
    await ask('assign-license', { ...D, user: 'ada' });

    loseNextAnswer();
    const released = await ask('release-license', { ...D, expectedVersion: 2 });
    loseNextAnswer();
    const deleted = await ask('delete-license', { ...D, expectedVersion: 3 });

    expect([released, deleted]).toEqual([expect.objectContaining({ state: 'free', version: 3 }), { deleted: true }]);
    await expectSound();
  });

  it('is refused with conflict when concurrent changes win in all attempts', async () => {
    const table = memoryTable();
    let busy = false;
    const { ask } = await aCommandWorld({
      table: {
        ...table,
        write: async (writes) =>
          busy && !isCommandEntry(writes)
            ? { done: false, refusals: writes.map(() => ({ because: 'conflict' })) }
            : table.write(writes),
      },
      licenses: [{ ...DEDICATED, assignedTo: 'ada' }],
      cards: [ADA],
    });

    busy = true;
    const released = await ask('release-license', D);
    const moved = await ask('move-licenses', { serialNumbers: ['D'], folder: 'Sales' });

    expect(released).toEqual(refusal('conflict'));
    expect(moved).toEqual({ results: [{ serialNumber: 'D', moved: false, ...refusal('conflict') }] });
  });
});

describe('move-licenses', () => {
  it('moves each license, and reports those that it cannot move (R30)', async () => {
    const { ask, expectSound } = await aCommandWorld({ licenses: [DEDICATED, aLicense({ serialNumber: 'F' })] });

    const answer = await ask('move-licenses', { serialNumbers: ['F', 'X', 'D', 'F'], folder: 'Finance/Helsinki' });

    expect(answer).toEqual({
      results: [
        { serialNumber: 'F', moved: true },
        { serialNumber: 'X', moved: false, ...refusal('unknown-license') },
        { serialNumber: 'D', moved: true },
      ],
    });
    expect(await ask('get-license', D)).toMatchObject({ folder: 'Finance/Helsinki', state: 'free' });
    await expectSound();
  });

  it('moves licenses in use and assigned ones, which keep their sessions and users (R30)', async () => {
    const { ask, login, logout, expectSound } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'F', folderId: 'finance' }), DEDICATED],
      cards: [ADA, BOB],
    });
    await login('ada');
    await ask('assign-license', { ...D, user: 'bob' });

    await ask('move-licenses', { serialNumbers: ['F', 'D'], folder: 'Sales' });

    await expectSound();
    expect(await login('ada', { session: 's2' })).toMatchObject({
      outcome: 'continued',
      license: { serialNumber: 'F', folder: 'Sales' },
    });
    expect(await login('bob')).toMatchObject({ outcome: 'assigned', license: { ...D, folder: 'Sales' } });
    await logout('ada');
    expect(await ask('get-license', { serialNumber: 'F' })).toMatchObject({ folder: 'Sales', state: 'free' });
    await expectSound();
  });

  it('sets a license aside in zOld, and no longer when it leaves zOld (R30)', async () => {
    const { ask, login, license, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });

    await ask('move-licenses', { serialNumbers: ['D'], folder: 'zOld' });
    const aside = await license('D');
    const denied = await login('ada');
    await expectSound();
    await ask('move-licenses', { serialNumbers: ['D'], folder: '' });

    expect(aside).toMatchObject({ folderId: 'zOld', setAsideOn: '2026-03-02' });
    expect(denied).toMatchObject({ outcome: 'denied' });
    expect(await license('D')).not.toHaveProperty('setAsideOn');
    expect(await login('ada')).toMatchObject({ outcome: 'allocated' });
    await expectSound();
  });

  it('lets the user of an assigned license in zOld keep using it (R30)', async () => {
    const { ask, login, logout, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });
    await ask('assign-license', { ...D, user: 'ada' });

    await ask('move-licenses', { serialNumbers: ['D'], folder: 'zOld' });

    expect(await ask('get-license', D)).toMatchObject({ state: 'set-aside', assignedTo: 'ada' });
    expect(await login('ada')).toMatchObject({ outcome: 'assigned', license: { ...D, folder: 'zOld' } });
    await expectSound();
    expect(await logout('ada')).toMatchObject({ nowFree: false });
    await expectSound();
  });

  it('writes nothing for a license that is in the folder already', async () => {
    const { ask } = await aCommandWorld({ licenses: [DEDICATED] });

    const answer = await ask('move-licenses', { serialNumbers: ['D'], folder: '' });

    expect(answer).toEqual({ results: [{ serialNumber: 'D', moved: true }] });
    expect(await ask('get-license', D)).toMatchObject({ version: 1 });
  });

  it('moves nothing to a folder that does not exist, and no deleted license', async () => {
    const { ask } = await aCommandWorld({ licenses: [DEDICATED] });

    const unknown = await ask('move-licenses', { serialNumbers: ['D'], folder: 'sales' });
    await ask('delete-license', D);
    const deleted = await ask('move-licenses', { serialNumbers: ['D'], folder: 'Sales' });

    expect(unknown).toEqual(refusal('unknown-folder'));
    expect(deleted).toMatchObject({ results: [{ moved: false, ...refusal('deleted') }] });
  });
});

describe('delete-license and restore-license', () => {
  it('deletes a license that nobody has, and restores it as free in its folder (R31)', async () => {
    const { ask, login, expectSound } = await aCommandWorld({
      licenses: [{ ...DEDICATED, folderId: 'finance' }],
      cards: [ADA],
    });

    const deleted = await ask('delete-license', { ...D, expectedVersion: 1 });
    await expectSound();
    const denied = await login('ada');
    const restored = await ask('restore-license', { ...D, expectedVersion: 2 });
    const again = await ask('restore-license', D);

    expect(deleted).toEqual({ deleted: true });
    expect(denied).toMatchObject({ outcome: 'denied' });
    expect(restored).toMatchObject({ folder: 'Finance', state: 'free', version: 3 });
    expect(again).toEqual(restored);
    await expectSound();
    expect(await login('ada')).toMatchObject({ outcome: 'allocated' });
  });

  it('releases an expired unused license in the same step, and its user may get another one (R31)', async () => {
    const { ask, login, clock, expectSound } = await aCommandWorld({
      licenses: [DEDICATED, aLicense({ serialNumber: 'F', expiresOn: '2030-01-14' })],
      cards: [ADA],
    });
    await ask('assign-license', { ...D, user: 'ada' });
    clock.move(365 * 86_400_000);

    const blocked = await login('ada');
    const deleted = await ask('delete-license', D);

    expect(blocked).toMatchObject({ outcome: 'denied', reason: 'assigned-license-expired' });
    expect(deleted).toEqual({ deleted: true });
    await expectSound();
    expect(await login('ada')).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'F' } });
  });

  it('restores a license from zOld into the root, where the next cleanup does not delete it', async () => {
    const { ask, expectSound } = await aCommandWorld({
      licenses: [{ ...DEDICATED, folderId: 'zOld', setAsideOn: '2026-03-01' }],
    });
    await ask('delete-license', D);

    const restored = await ask('restore-license', D);

    expect(restored).toMatchObject({ folder: '', state: 'free' });
    await expectSound();
  });

  it.each([
    ['assigned', { ...DEDICATED, assignedTo: 'ada' }, { assignedTo: 'ada' }],
    ['held-back', { ...DEDICATED, heldBackFor: 'renewal-1' }, {}],
    ['deleted', { ...DEDICATED, deletedAt: '2026-03-01T00:00:00.000Z' }, { deletedAt: '2026-03-01T00:00:00.000Z' }],
    ['stale-version', { ...DEDICATED, version: 2 }, { version: 2 }],
  ])('does not delete one that is %s', async (code, license, details) => {
    const { ask } = await aCommandWorld({ licenses: [license], cards: [ADA] });

    const answer = await ask('delete-license', { ...D, expectedVersion: 1 });

    expect(answer).toEqual(refusal(code, details));
  });

  it('does not delete a license in use, even a releasing or expired one', async () => {
    const { ask, login, clock, expectSound } = await aCommandWorld({ licenses: [DEDICATED], cards: [ADA] });
    await login('ada');

    const inUse = await ask('delete-license', D);
    await ask('release-license', D);
    const releasing = await ask('delete-license', D);
    clock.move(365 * 86_400_000);
    const expired = await ask('delete-license', D);

    const expected = refusal('in-use', { currentUser: 'ada', since: '2026-03-02T08:15:32.159Z' });
    expect([inUse, releasing, expired]).toEqual([expected, expected, expected]);
    await expectSound();
  });

  it.each(['delete-license', 'restore-license'])('%s refuses an unknown license', async (command) => {
    const { ask } = await aCommandWorld();

    const answer = await ask(command, D);

    expect(answer).toEqual(refusal('unknown-license'));
  });

  it('does not restore a license that was changed since it was read', async () => {
    const { ask } = await aCommandWorld({ licenses: [DEDICATED] });
    await ask('delete-license', D);

    const answer = await ask('restore-license', { ...D, expectedVersion: 1 });

    expect(answer).toEqual(refusal('stale-version', { version: 2 }));
  });
});
