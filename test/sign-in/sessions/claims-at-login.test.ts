import { describe, expect, it } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld, NOW, type WorldFacts } from '../../fakes/world.ts';
import { interruptedTable } from '../../fakes/wrapped-table.ts';

const MINUTE = 60_000;
const EACH_LOGIN = { settings: { claims: 'each-login' } } as const;

async function inMemory(facts: WorldFacts = {}) {
  const table = memoryTable();
  const world = await aWorld({ ...facts, table });
  return { ...world, memory: table, done: () => expectInvariants(table.items()) };
}

describe('a login with claims', () => {
  it('takes the license that the changed card may have: its folder and its access', async () => {
    const { login, logout, card, clock, done } = await inMemory({
      ...EACH_LOGIN,
      licenses: [
        aLicense({ serialNumber: 'READ', access: 'read', folderId: 'finance' }),
        aLicense({ serialNumber: 'WRITE', folderId: 'sales' }),
      ],
      cards: [aUserCard({ access: 'read' })],
    });
    expect(await login('ada')).toMatchObject({ license: { serialNumber: 'READ' } });
    clock.move(MINUTE);
    await logout('ada');
    clock.move(MINUTE);

    const receipt = await login('ada', { session: 's2', claims: { folder: 'Sales', access: 'write', name: 'Ada' } });

    expect(receipt).toMatchObject({ step: 'floating-in-folder', license: { serialNumber: 'WRITE', folder: 'Sales' } });
    expect(await card('ada')).toMatchObject({
      folderId: 'sales',
      access: 'write',
      name: 'Ada',
      loggedInAt: clock.now(),
    });
    done();
  });

  it('says in the receipt which folder a claim named that leads nowhere, and keeps it with the card', async () => {
    const { login, card } = await inMemory({ licenses: [aLicense()] });

    const receipt = await login('eve', { claims: { folder: 'Salse' } });

    expect(receipt).toMatchObject({ outcome: 'allocated', claimedFolder: 'Salse' });
    expect(await card('eve')).toMatchObject({ folderId: 'root', lastReceipt: { claimedFolder: 'Salse' } });
    expect(await login('bob', { claims: { folder: 'Sales' } })).not.toHaveProperty('claimedFolder');
  });

  it.each(['at-creation', 'each-login'] as const)(
    'is denied while the provider says no-access, also beside an open session, and nothing is allocated: %s (R11)',
    async (claims) => {
      const { login, card, license, clock, done } = await inMemory({
        settings: { claims },
        licenses: [aLicense({ serialNumber: 'F' })],
        cards: [aUserCard()],
      });
      await login('ada');
      clock.move(MINUTE);

      const denied = await login('ada', { session: 's2', claims: { level: 'no-access' } });

      expect(denied).toMatchObject({ outcome: 'denied', reason: 'no-access', steps: [] });
      const { sessions, level, lastReceipt } = (await card('ada'))!;
      expect(Object.keys(sessions)).toEqual(['s:s1']);
      expect(lastReceipt).toEqual(denied);
      expect(level).toBe(claims === 'each-login' ? 'no-access' : 'normal');
      expect(await license('F')).toMatchObject({ currentUser: 'ada' });
      done();
    },
  );

  it('keeps the user out until another claim lets them in, if claims count at each login', async () => {
    const { login, clock } = await inMemory({ ...EACH_LOGIN, licenses: [aLicense()], cards: [aUserCard()] });
    const outcomes = [];
    for (const claims of [{ level: 'no-access' }, {}, { level: 'normal' }] as const) {
      clock.move(MINUTE);
      const { reason, outcome } = await login('ada', { claims });
      outcomes.push(reason ?? outcome);
    }
    expect(outcomes).toEqual(['no-access', 'no-access', 'allocated']);
  });

  it('never overrides the level that an administrator has set, also on an older card, and after the provider said the same', async () => {
    const { login, card, clock } = await inMemory({
      ...EACH_LOGIN,
      licenses: [aLicense()],
      cards: [aUserCard({ level: 'no-access' })],
    });
    for (const level of ['normal', 'no-access', 'root'] as const) {
      clock.move(MINUTE);
      expect(await login('ada', { claims: { level } })).toMatchObject({ reason: 'no-access' });
    }
    expect(await card('ada')).toMatchObject({ level: 'no-access' });
    expect(await card('ada')).not.toHaveProperty('noAccessBy');
  });

  it('denies no activity of an open session, but one that would open a session', async () => {
    const { login, logout, clock } = await inMemory({ licenses: [aLicense()], cards: [aUserCard()] });
    await login('ada');
    clock.move(10 * MINUTE);
    const claims = { level: 'no-access' } as const;

    expect(await login('ada', { kind: 'activity', claims })).toMatchObject({ outcome: 'continued' });
    await logout('ada');
    clock.move(MINUTE);
    expect(await login('ada', { session: 's2', kind: 'activity', claims })).toMatchObject({ reason: 'no-access' });
  });

  it('is written when it changes the card, also where the session has been seen since', async () => {
    const { login, card, clock } = await inMemory({ ...EACH_LOGIN, licenses: [aLicense()], cards: [aUserCard()] });
    await login('ada', { at: NOW });
    clock.move(20 * MINUTE);
    await login('ada', { kind: 'activity' });

    await login('ada', { at: plus(NOW, MINUTE), claims: { name: 'Ada', folder: 'Sales' } });

    expect(await card('ada')).toMatchObject({ name: 'Ada', folderId: 'sales', loggedInAt: plus(NOW, MINUTE) });
  });

  it('that is repeated after a later one changes nothing', async () => {
    const { login, card, clock } = await inMemory({ ...EACH_LOGIN, licenses: [aLicense()], cards: [aUserCard()] });
    const first = { at: NOW, claims: { name: 'Ada Byron', folder: 'Finance' } };
    await login('ada', first);
    clock.move(MINUTE);
    await login('ada', { claims: { name: 'Ada Lovelace', folder: 'Sales' } });

    await login('ada', first);

    expect(await card('ada')).toMatchObject({ name: 'Ada Lovelace', folderId: 'sales', loggedInAt: clock.now() });
  });

  it.each(['at-creation', 'each-login'] as const)(
    'that a later one overtakes does not overwrite its values: %s',
    async (claims) => {
      const { memory, login, elsewhere, card, clock, done } = await inMemory({
        settings: { claims },
        licenses: [aLicense()],
        cards: [aUserCard()],
      });
      await login('ada', { session: 's0' });
      clock.move(10 * MINUTE);
      const later = { session: 's2', at: plus(NOW, 2), claims: { name: 'Ada Lovelace', folder: 'Sales' } };
      const table = interruptedTable(memory, 'write', () => login('ada', later));

      await elsewhere({ table }).login('ada', { session: 's1', at: plus(NOW, 1), claims: { name: 'Ada Byron' } });

      const { name, loggedInAt, sessions } = (await card('ada'))!;
      expect({ name, loggedInAt }).toEqual({ name: 'Ada Lovelace', loggedInAt: plus(NOW, 2) });
      expect(Object.keys(sessions).toSorted()).toEqual(['s:s0', 's:s1', 's:s2']);
      done();
    },
  );
});
