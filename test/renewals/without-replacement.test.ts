import { expect, test } from 'vitest';
import { cleanUpTenants } from '../../functions/clean-up-daily/clean-up-tenants.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { administrator } from '../fakes/administrator.ts';
import { refusal } from '../fakes/command-world.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aRenewalWorld, expectDone } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { dyingTable } from '../fakes/wrapped-table.ts';

const dedicated = (serialNumber: string) => aLicense({ serialNumber, type: 'dedicated', expiresOn: '2026-03-31' });

/** Dedicated licenses of ada, bob and cyd end in March, and only floating ones come in their place. */
async function aFinishedRenewal(file = [{ serialNumber: 'F1' }, { serialNumber: 'F2' }]) {
  const world = await aRenewalWorld({
    licenses: ['D1', 'D2', 'D3'].map(dedicated),
    cards: ['ada', 'bob', 'cyd'].map((user) => aUserCard({ user, folderId: 'root' })),
    file,
  });
  for (const [serialNumber, user] of [
    ['D1', 'ada'],
    ['D2', 'bob'],
    ['D3', 'cyd'],
  ]) {
    await world.ask('assign-license', { serialNumber, user });
  }
  await world.switchAll();
  await world.nextDay();
  await world.steps.finish();
  const cleanUp = (table: Table = world.table) => cleanUpTenants({ ...world.deps, table, clock: world.clock });
  /** The daily cleanup of each day from the next one to this one. */
  const cleanUpUntil = async (day: string): Promise<void> => {
    while (world.clock.now().slice(0, 10) < day) {
      world.clock.move(24 * 60 * 60_000);
      await cleanUp();
    }
  };
  return { ...world, cleanUp, cleanUpUntil, admin: administrator(world.table) };
}

test('a user keeps a license without a replacement to its last day, also after the renewal has finished', async () => {
  const world = await aFinishedRenewal();
  expect(await world.view()).toMatchObject({ status: 'finished' });

  await world.cleanUpUntil('2026-03-31');

  expect(await world.login('ada')).toMatchObject({ license: { serialNumber: 'D1' } });
  expect((await world.license('D2')).assignedTo).toBe('bob');
});

test('it is set aside after its last day, so its user can get another license (R14, R37)', async () => {
  const world = await aFinishedRenewal();

  await world.cleanUpUntil('2026-04-01');

  expect(await world.license('D1')).toMatchObject({ folderId: 'zOld', setAsideOn: '2026-04-01' });
  expect(await world.login('ada')).toMatchObject({ outcome: 'allocated', license: { type: 'floating' } });
  expect(await world.login('bob')).toMatchObject({ outcome: 'allocated', license: { type: 'floating' } });
  expect(await world.login('cyd')).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
  expect(await world.view()).toMatchObject({
    status: 'finished',
    rows: expect.arrayContaining([expect.objectContaining({ old: 'D1', outcome: 'set-aside' })]),
  });
  expectInvariants(world.table.items());

  await world.cleanUpUntil('2026-04-02');
  expect((await world.license('D1')).deletedAt).toBeDefined();
});

test('a user who works on it goes on, and moves at a next login', async () => {
  const world = await aFinishedRenewal();
  await world.login('ada', { session: 's1' });

  await world.cleanUpUntil('2026-04-01');

  expect(await world.license('D1')).toMatchObject({ folderId: 'zOld', currentUser: 'ada', releasing: true });
  await world.logout('ada', 's1');
  world.clock.move(1_000);
  expect(await world.login('ada')).toMatchObject({ license: { type: 'floating' } });
});

test('one that was extended, moved or deleted since is left alone, and the row says why', async () => {
  const world = await aFinishedRenewal();
  await world.upload(
    [{ serialNumber: 'D1', type: 'Dedicated', expiryDate: '2027-03-31' }],
    '2026-02-25',
    'tenants/acme/uploads/more.zip',
  );
  await world.importUpload({ key: 'tenants/acme/uploads/more.zip' });
  await world.admin.move('D2', 'sales');
  await world.ask('release-license', { serialNumber: 'D3' });
  await world.ask('delete-license', { serialNumber: 'D3' });

  await world.cleanUpUntil('2026-04-02');

  expect(await world.license('D1')).toMatchObject({ folderId: 'root', assignedTo: 'ada' });
  expect(await world.license('D2')).toMatchObject({ folderId: 'sales', assignedTo: 'bob' });
  const { rows } = await world.view();
  expect(rows.filter(({ old }) => old !== undefined).map(({ old, outcome, why }) => [old, outcome, why])).toEqual([
    ['D1', 'skipped', 'the license got a later term after the plan was made'],
    ['D2', 'skipped', 'the license was moved after the plan was made'],
    ['D3', 'skipped', 'the license was deleted after the plan was made'],
  ]);
});

test('one whose renewal was undone is left alone', async () => {
  const world = await aRenewalWorld({
    licenses: [dedicated('D1')],
    cards: [aUserCard({ folderId: 'root' })],
    file: [{ serialNumber: 'F1' }],
  });
  await world.ask('assign-license', { serialNumber: 'D1', user: 'ada' });
  await world.switchAll();
  await world.undoAll();
  world.moveTo('2026-04-02T10:00:00.000Z');

  await cleanUpTenants({ ...world.deps, clock: world.clock });

  expect(await world.license('D1')).toMatchObject({ folderId: 'root', assignedTo: 'ada' });
});

test('an interrupted cleanup is finished by the next one, and nothing happens twice', async () => {
  const world = await aFinishedRenewal();
  world.moveTo('2026-04-01T10:00:00.000Z');
  for (let calls = 1; calls < 60; calls += 1) {
    await world
      .cleanUp(dyingTable(world.table, calls, calls % 2 === 0 ? 'before' : 'after').table)
      .catch(() => undefined);
  }

  await world.cleanUp();

  for (const serial of ['D1', 'D2', 'D3']) expect(await world.license(serial)).toMatchObject({ folderId: 'zOld' });
  expectInvariants(world.table.items());
});

test('a renewal that runs says what it waits for, until when, and who holds it up (R42)', async () => {
  const world = await aRenewalWorld({
    licenses: [dedicated('D1'), aLicense({ serialNumber: 'F0', expiresOn: '2026-03-31' })],
    cards: [aUserCard({ user: 'bot', folderId: 'root' })],
    file: [{ serialNumber: 'N1' }, { serialNumber: 'N2', validFrom: '2026-03-10', type: 'Dedicated' }],
  });
  await world.login('bot', { session: 's1' });
  await world.approve();
  await world.approve({ renewalId: 'r2', serialNumbers: ['D1'] });
  await world.ask('start-renewal', { renewalId: 'r1' });
  await world.steps.begin();
  await world.steps.importHeldBack();
  const other = () => world.ask('start-renewal', { renewalId: 'r2' });
  await world.steps.findNext();

  expect(await world.view()).toMatchObject({ status: 'running' });
  expect(await other()).toMatchObject(refusal('renewal-running', { renewalId: 'r1', status: 'running', heldUpBy: [] }));
  await world.switchAll();
  await world.steps.findNext();

  expect(await world.view()).toMatchObject({ status: 'waiting-for-cleanup' });
  const refused = await other();
  expect(refused).toMatchObject(
    refusal('renewal-running', {
      renewalId: 'r1',
      status: 'waiting-for-cleanup',
      until: expect.stringMatching(/^2026-03-/),
      heldUpBy: [{ serialNumber: 'F0', user: 'bot', since: expect.any(String) }],
    }),
  );
  expect(refused).toMatchObject({ error: { message: expect.stringContaining('F0 is in use by bot since') } });
  await expectDone(world.ask('get-renewal', { renewalId: 'r1' }));
});
