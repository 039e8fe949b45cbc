import { describe, expect, it } from 'vitest';
import { defined } from '../../../shared/licensing/defined.ts';
import { plus } from '../../../shared/licensing/time.ts';
import { TryAgain } from '../../../shared/platform/errors.ts';
import { endIdleSessions } from '../../../shared/sign-in/sessions/end-idle-sessions.ts';
import { userCardKey } from '../../../shared/store/keys.ts';
import { cachedTenants, type ReadTenant } from '../../../shared/store/read-tenant.ts';
import { administrator } from '../../fakes/administrator.ts';
import { expectInvariants } from '../../fakes/invariants.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { aLicense, aUserCard, aWorld, NOW, type WorldFacts } from '../../fakes/world.ts';
import { interruptedTable, wrappedTable } from '../../fakes/wrapped-table.ts';

const HOUR = 3_600_000;
const UNTIL_MIDNIGHT = Date.parse('2026-03-02T22:00:00.000Z') - Date.parse(NOW);
const EXPIRED = { expiresOn: '2026-03-01' };

/** A world in memory; `done` checks the invariants. */
async function inMemory(facts: WorldFacts = {}) {
  const table = memoryTable();
  const world = await aWorld({ ...facts, table });
  return { ...world, memory: table, admin: administrator(table), done: () => expectInvariants(table.items()) };
}

/** A card that has the licenses assigned, and the licenses. */
function assignedTo(user: string, licenses: readonly ReturnType<typeof aLicense>[]) {
  const own = licenses.map((license) => ({ ...license, assignedTo: user }));
  const assigned = Object.fromEntries(
    own.map(({ serialNumber, type, access, modules, validFrom, expiresOn, folderId }) => [
      serialNumber,
      defined({ type, access, modules, validFrom, expiresOn, folderId }),
    ]),
  );
  return { licenses: own, cards: [aUserCard({ user, assigned })] };
}

const dedicated = (serialNumber: string, facts: Partial<ReturnType<typeof aLicense>> = {}) =>
  aLicense({ serialNumber, type: 'dedicated', ...facts });

describe('which license a login gets', () => {
  it.each([
    ['read users take no write license', { access: 'read' as const }, [aLicense()], 'no-free-license'],
    ['write users take no read license', {}, [aLicense({ access: 'read' })], 'no-free-license'],
    ['readonly users need read', { level: 'readonly' as const }, [aLicense()], 'no-free-license'],
    [
      'read users take no dedicated license',
      { access: 'read' as const },
      [dedicated('D', { access: 'read' })],
      'no-free-license',
    ],
    [
      'module-specific ones never (R18, F37)',
      {},
      [aLicense({ modules: 'CMDB' }), dedicated('D', { modules: 'CMDB' })],
      'no-free-license',
    ],
    [
      'those in zOld never (R18, F42)',
      {},
      [aLicense({ folderId: 'zOld', setAsideOn: '2026-03-01' })],
      'no-free-license',
    ],
    ['held-back ones never (R18)', {}, [aLicense({ heldBackFor: 'renewal-1' })], 'no-free-license'],
    ['expired ones never (R18)', {}, [aLicense(EXPIRED)], 'no-free-license'],
    ['those whose term is to come never (R18)', {}, [aLicense({ validFrom: '2026-03-03' })], 'no-free-license'],
    [
      'parents and children of the folder do not count (R14)',
      { folderId: 'helsinki' },
      [aLicense({ folderId: 'finance' })],
      'no-free-license',
    ],
    [
      'nor do sisters',
      {},
      [aLicense({ folderId: 'sales' }), aLicense({ serialNumber: 'A2', folderId: 'helsinki' })],
      'no-free-license',
    ],
    [
      'no access is denied before anything is looked at (R11)',
      { level: 'no-access' as const },
      [aLicense()],
      'no-access',
    ],
  ])('%s', async (_title, cardFacts, licenses, reason) => {
    const { login, done } = await inMemory({ licenses, cards: [aUserCard(cardFacts)] });

    expect(await login('ada')).toMatchObject({ outcome: 'denied', reason });
    done();
  });

  it('readonly users take a floating read license, and never a write one (R16)', async () => {
    const licenses = [aLicense({ serialNumber: 'W' }), aLicense({ serialNumber: 'R', access: 'read' })];
    const { login, done } = await inMemory({ licenses, cards: [aUserCard({ level: 'readonly' })] });

    const receipt = await login('ada');

    expect(receipt).toMatchObject({ license: { serialNumber: 'R' }, step: 'floating-in-root' });
    expect((await login('bob', { claims: { access: 'read' } })).steps).toEqual([
      { step: 'floating-in-root', seen: 0, more: false, taken: false, why: 'none free' },
      { step: 'dedicated-in-root', seen: 0, more: false, taken: false, why: 'wrong access' },
    ]);
    done();
  });

  it('steps 3 and 4 are off on premises (R19)', async () => {
    const { login, done } = await inMemory({
      settings: { environment: 'on-premises' },
      licenses: [dedicated('D')],
      cards: [aUserCard()],
    });

    const receipt = await login('ada');

    expect(receipt).toMatchObject({ reason: 'no-free-license' });
    expect(receipt.steps.map(({ why }) => why)).toEqual([
      'none free',
      'none free',
      'off on premises',
      'off on premises',
    ]);
    done();
  });

  it('a valid assigned one goes before every step; of several the one that expires last (R13)', async () => {
    const own = assignedTo('ada', [
      dedicated('D1', { expiresOn: '2026-12-31' }),
      dedicated('D2', { expiresOn: '2027-12-31' }),
      dedicated('D3', EXPIRED),
    ]);
    const { login, done } = await inMemory({ ...own, licenses: [...own.licenses, aLicense({ serialNumber: 'F' })] });

    expect(await login('ada')).toMatchObject({ outcome: 'assigned', license: { serialNumber: 'D2' }, steps: [] });
    done();
  });

  it('an expired assigned one blocks, until it is released (R14, R20, F37)', async () => {
    const own = assignedTo('ada', [dedicated('D', EXPIRED)]);
    const { login, admin, card, done } = await inMemory({
      ...own,
      licenses: [...own.licenses, aLicense({ serialNumber: 'F' })],
    });

    const blockedBy = { serialNumber: 'D', expiresOn: EXPIRED.expiresOn };
    const denied = { outcome: 'denied', reason: 'assigned-license-expired', blockedBy, steps: [] };
    expect(await login('ada')).toMatchObject(denied);
    expect((await card('ada'))?.lastReceipt).toMatchObject(denied);

    await admin.release('D');
    expect(await login('ada')).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'F' } });
    done();
  });

  it('an assigned license whose term begins later changes nothing until its first day, and is used from then on (R13, R14, R28)', async () => {
    const own = assignedTo('ada', [dedicated('D', { validFrom: '2026-03-03' })]);
    const { login, logout, clock, done } = await inMemory({
      ...own,
      licenses: [...own.licenses, aLicense({ serialNumber: 'F' })],
    });

    expect(await login('ada')).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'F' } });
    await logout('ada');
    clock.move(24 * HOUR);
    expect(await login('ada', { session: 's2' })).toMatchObject({
      outcome: 'assigned',
      license: { serialNumber: 'D' },
    });
    done();
  });

  it('the user’s own module-specific license is used when nothing else is granted (R20)', async () => {
    const own = assignedTo('ada', [dedicated('M', { modules: 'CMDB' })]);
    const { login, done } = await inMemory(own);

    expect(await login('ada')).toMatchObject({
      outcome: 'assigned',
      license: { serialNumber: 'M', modules: 'CMDB' },
      steps: [{ why: 'none free' }, { why: 'none free' }, { why: 'none free' }, { why: 'none free' }],
    });
    done();
  });

  it('looks at the root only for a card in the root, and says what it saw (R14, R22)', async () => {
    const licenses = Array.from({ length: 30 }, (_, index) => aLicense({ serialNumber: `F${index}` }));
    const { login } = await inMemory({ licenses, cards: [aUserCard({ folderId: 'root' })] });

    expect((await login('ada')).steps).toEqual([{ step: 'floating-in-root', seen: 24, more: true, taken: true }]);
  });

  it('reads on behind a window full of expired licenses (R18, F35)', async () => {
    const stale = Array.from({ length: 60 }, (_, index) =>
      aLicense({ serialNumber: `X${index}`, expiresOn: '2026-03-02' }),
    );
    const { login, clock } = await inMemory({ licenses: [...stale, dedicated('D'), aLicense({ serialNumber: 'F' })] });
    clock.move(24 * HOUR);

    expect(await login('ada')).toMatchObject({ step: 'floating-in-root', license: { serialNumber: 'F' } });
    expect(await login('bob')).toMatchObject({ step: 'dedicated-in-root', license: { serialNumber: 'D' } });
    expect(await login('cyd')).toMatchObject({ reason: 'no-free-license' });
  });
});

describe('what happens between a read and the write', () => {
  it('grants no license whose last day ends in between (F29)', async () => {
    const last = { expiresOn: '2026-03-02' };
    const { elsewhere, deps, clock, card, memory } = await inMemory({ licenses: [aLicense(last)] });
    clock.move(UNTIL_MIDNIGHT - 100);
    const readTenant = afterFirst(deps.readTenant, () => clock.move(100));

    expect(await elsewhere({ readTenant }).login('ada')).toMatchObject({
      reason: 'no-free-license',
    });
    expect((await card('ada'))?.current).toBeUndefined();
    expectInvariants(memory.items(), '2026-03-03');
  });

  it('grants no assigned license whose last day ends in between (F29)', async () => {
    const own = assignedTo('ada', [dedicated('D', { expiresOn: '2026-03-02' })]);
    const { elsewhere, deps, clock, card } = await inMemory(own);
    clock.move(UNTIL_MIDNIGHT - 100);
    const readTenant = afterFirst(deps.readTenant, () => clock.move(100));

    expect(await elsewhere({ readTenant }).login('ada')).toMatchObject({
      reason: 'assigned-license-expired',
    });
    expect((await card('ada'))?.current).toBeUndefined();
  });

  it('judges again when the card is moved (F32)', async () => {
    const { memory, elsewhere, admin, done } = await inMemory({
      licenses: [
        aLicense({ serialNumber: 'A', folderId: 'finance' }),
        aLicense({ serialNumber: 'B', folderId: 'sales' }),
      ],
      cards: [aUserCard()],
    });
    const table = interruptedTable(memory, 'write', () => admin.moveCard('ada', 'sales'));

    expect(await elsewhere({ table }).login('ada')).toMatchObject({ license: { serialNumber: 'B' }, attempts: 2 });
    done();
  });

  it('judges again when the license is moved away (R30)', async () => {
    const { memory, elsewhere, admin, done } = await inMemory({ licenses: [aLicense({ serialNumber: 'F' })] });
    const table = interruptedTable(memory, 'write', () => admin.move('F', 'sales'));

    expect(await elsewhere({ table }).login('ada')).toMatchObject({ outcome: 'denied' });
    done();
  });

  it('misses no license that is moved between the two folders of the login during the reads (R38, I8)', async () => {
    const licenses = [aLicense({ serialNumber: 'F' })];
    const { memory, elsewhere, admin, done } = await inMemory({ licenses, cards: [aUserCard()] });
    let reads = 0;
    const table = wrappedTable(memory, async (name, call) => {
      if (name === 'query') reads += 1;
      // The folder is read, then the license comes into it from the root, then the root is read.
      if (name === 'query' && reads === 1) await admin.move('F', 'finance');
      return call();
    });
    const cardHints = new Map([['acme ada', { folderId: 'finance', access: 'write' as const }]]);

    expect(await elsewhere({ table, cardHints }).login('ada')).toMatchObject({ license: { serialNumber: 'F' } });
    done();
  });

  it('throws TryAgain, and never denies, when it loses every race for two seconds (F36)', async () => {
    const { memory, elsewhere, card, clock, done } = await inMemory({ licenses: [aLicense()] });
    const refusing = { ...memory, write: async () => CONFLICT };

    await expect(elsewhere({ table: refusing }).login('ada')).rejects.toThrow(TryAgain);
    const waited = Date.parse(clock.now()) - Date.parse(NOW);
    expect([waited >= 2_000, waited <= 2_200]).toEqual([true, true]);
    await expect(elsewhere({ table: refusing }).logout('ada')).rejects.toThrow(TryAgain);
    expect(await card('ada')).toBeUndefined();
    done();
  });

  it('starts again from the first step when its license was taken (R14)', async () => {
    const { memory, elsewhere, login, logout, done } = await inMemory({
      licenses: [aLicense({ serialNumber: 'FIRST', folderId: 'finance' }), aLicense({ serialNumber: 'LAST' })],
      cards: ['ada', 'bob', 'cyd'].map((user) => aUserCard({ user })),
    });
    await login('bob');
    const table = interruptedTable(memory, 'write', async () => {
      await login('cyd');
      await logout('bob', 's1', plus(NOW, 1));
    });

    expect(await elsewhere({ table }).login('ada')).toMatchObject({
      step: 'floating-in-folder',
      license: { serialNumber: 'FIRST' },
      attempts: 2,
    });
    done();
  });
});

/** The receipt's folder is read last before the write: then the day ends. */
function afterFirst(readTenant: ReadTenant, interrupt: () => void): ReadTenant {
  let reads = 0;
  return async (tenant, folderId) => {
    reads += 1;
    if (reads === 2) interrupt();
    return readTenant(tenant, folderId);
  };
}

const CONFLICT = { done: false, refusals: [{ because: 'conflict' }] } as const;

describe('a user with open sessions', () => {
  it('moves all sessions on when the license has expired (R12, F30)', async () => {
    const { login, clock, card, license } = await inMemory({
      licenses: [
        aLicense({ serialNumber: 'OLD', expiresOn: '2026-03-02', folderId: 'finance' }),
        aLicense({ serialNumber: 'NEW' }),
      ],
      cards: [aUserCard()],
    });
    await login('ada');
    clock.move(16 * HOUR);
    await login('ada', { kind: 'activity' });
    expect(await card('ada')).toMatchObject({ current: { serialNumber: 'OLD' } });

    const receipt = await login('ada', { session: 's2' });

    expect(receipt).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'NEW' } });
    expect(Object.keys((await card('ada'))!.sessions)).toEqual(['s:s1', 's:s2']);
    expect(await license('OLD')).not.toHaveProperty('currentUser');
  });

  it('keeps an expired license when nothing else is granted, until the sessions end (R12)', async () => {
    const { login, logout, clock, memory } = await inMemory({
      licenses: [aLicense({ serialNumber: 'F', expiresOn: '2026-03-02' })],
    });
    await login('ada');
    clock.move(16 * HOUR);
    // An activity before keeps the first session from being taken back as idle.
    await login('ada', { kind: 'activity' });

    expect(await login('ada', { session: 's2' })).toMatchObject({
      outcome: 'continued',
      license: { serialNumber: 'F' },
    });
    expect(await logout('ada')).toEqual({ ended: 2, license: 'F', nowFree: false });
    expectInvariants(memory.items(), '2026-03-03');
  });

  it('moves from a releasing dedicated license to another of the user (R12, R13)', async () => {
    const own = assignedTo('ada', [dedicated('D1', { expiresOn: '2027-12-31' }), dedicated('D2')]);
    const { login, admin, license, done } = await inMemory(own);
    expect((await login('ada')).license?.serialNumber).toBe('D1');
    await admin.release('D1');

    expect(await login('ada', { session: 's2' })).toMatchObject({
      outcome: 'assigned',
      license: { serialNumber: 'D2' },
    });
    expect(await license('D1')).not.toHaveProperty('releasing');
    done();
  });

  it('keeps a floating license although a dedicated one was assigned during the session, and uses that one after a logout (R12, R28)', async () => {
    const { login, logout, admin, done } = await inMemory({
      licenses: [aLicense({ serialNumber: 'F' }), dedicated('D', { folderId: 'sales' })],
      cards: [aUserCard()],
    });
    await login('ada');
    await admin.assign('D', 'ada');

    expect(await login('ada', { session: 's2' })).toMatchObject({
      outcome: 'continued',
      license: { serialNumber: 'F' },
    });
    await logout('ada');
    expect(await login('ada', { session: 's3', at: plus(NOW, 1) })).toMatchObject({
      outcome: 'assigned',
      license: { serialNumber: 'D' },
    });
    done();
  });

  it('keeps the license when it is released and then assigned to the current user (R27)', async () => {
    const { login, admin, card, license, done } = await inMemory(assignedTo('ada', [dedicated('D')]));
    await login('ada');
    await admin.release('D');
    expect(await card('ada')).toEqual(
      expect.objectContaining({ current: expect.objectContaining({ releasing: true }), assigned: {} }),
    );
    done();

    expect(await admin.assign('D', 'bob')).toBe('in-use');
    expect(await admin.assign('D', 'ada')).toBeUndefined();
    expect(await license('D')).toMatchObject({ assignedTo: 'ada', currentUser: 'ada' });
    expect((await card('ada'))?.current).not.toHaveProperty('releasing');
    done();
  });

  it('a license that is set aside while in use stays in zOld at the end (R25, F28)', async () => {
    const { login, logout, admin, license, done } = await inMemory({ licenses: [aLicense({ serialNumber: 'F' })] });
    await login('ada');
    await admin.move('F', 'zOld');

    expect(await logout('ada')).toEqual({ ended: 1, license: 'F', nowFree: false });
    expect(await license('F')).toMatchObject({ folderId: 'zOld', setAsideOn: '2026-03-02' });
    done();
  });
});

describe('sessions', () => {
  it('a repeated login is one session with one answer (F33, F34)', async () => {
    const { login, card, done } = await inMemory({ licenses: [aLicense()] });

    const first = await login('ada', { at: NOW });
    const second = await login('ada', { at: NOW });

    expect(second).toMatchObject({ outcome: 'continued', license: first.license });
    expect((await card('ada'))?.lastReceipt).toEqual(first);
    done();
  });

  it('takes nothing for logins at or before the logout, also of the user as a whole (R24)', async () => {
    const { login, logout, done } = await inMemory({ licenses: [aLicense()] });
    await login('ada', { session: 's1' });
    await logout('ada', undefined, plus(NOW, 5));

    for (const session of ['s1', 's2', null]) {
      expect(await login('ada', { session, at: plus(NOW, 5) })).toMatchObject({ reason: 'session-ended' });
    }
    expect(await login('ada', { session: 's1', at: plus(NOW, 6) })).toMatchObject({ outcome: 'allocated' });
    done();
  });

  it('takes nothing for a login older than the idle time (R24)', async () => {
    const { login, card, clock, done } = await inMemory({ licenses: [aLicense()] });
    clock.move(24 * HOUR);

    expect(await login('ada', { at: plus(clock.now(), -8 * HOUR - 1) })).toMatchObject({ reason: 'too-old' });
    expect(await card('ada')).toBeUndefined();
    expect(await login('ada', { at: plus(clock.now(), -8 * HOUR) })).toMatchObject({ outcome: 'allocated' });
    done();
  });

  it('the user as a whole ends with the last named session, or by itself (R24)', async () => {
    const { login, logout, license, done } = await inMemory({ licenses: [aLicense({ serialNumber: 'F' })] });
    await login('ada', { session: null });
    await login('ada', { session: 's1' });
    await login('ada', { session: 's2' });

    expect(await logout('ada', 's1')).toMatchObject({ ended: 1, nowFree: false });
    expect(await logout('ada', 's2')).toMatchObject({ ended: 2, nowFree: true });
    expect(await license('F')).not.toHaveProperty('currentUser');
    done();
  });

  it('a second login whose claim moves the card says who moved it and when; an activity moves none (I12)', async () => {
    const { login, card, clock, done } = await inMemory({
      licenses: [aLicense()],
      cards: [aUserCard()],
      settings: { claims: 'each-login' },
    });
    await login('ada');
    clock.move(HOUR);

    await login('ada', { kind: 'activity', claims: { folder: 'Sales' } });
    expect(await card('ada')).toMatchObject({ folderId: 'finance' });

    await login('ada', { session: 's2', claims: { folder: 'Sales' } });
    expect(await card('ada')).toMatchObject({ folderId: 'sales', change: { cause: 'login', at: clock.now() } });
    done();
  });

  it('a card that was removed and created again is another card: nothing that was read of the first one counts', async () => {
    const { login, card, clock, done } = await inMemory({ licenses: [] });
    await login('ada');
    const first = await card('ada');
    clock.move(1);
    await login('bob');

    expect((await card('bob'))?.revision).not.toBe(first?.revision);
    done();
  });

  it('another user’s unreadable card prevents no login (R26)', async () => {
    const { login, table, clock, card, done } = await inMemory({ licenses: [aLicense()] });
    await login('ada');
    await table.write([{ update: userCardKey('acme', 'ada'), set: [['level', 'unheard-of']], onlyIf: [] }]);
    clock.move(9 * HOUR);

    expect(await login('bob')).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
    await expect(card('ada')).rejects.toThrow();
    await table.write([{ update: userCardKey('acme', 'ada'), set: [['level', 'normal']], onlyIf: [] }]);
    expect(await login('bob')).toMatchObject({ outcome: 'allocated' });
    done();
  });

  it('a logout ends no session that started later (R24)', async () => {
    const { login, logout, done } = await inMemory({ licenses: [aLicense()] });
    await login('ada', { session: 's1' });

    expect(await logout('ada', 's1', plus(NOW, -1))).toEqual({ ended: 0, nowFree: false });
    expect(await logout('ada', undefined, plus(NOW, -1))).toEqual({ ended: 0, nowFree: false });
    expect(await logout('ada', 's1')).toMatchObject({ ended: 1 });
    expect(await logout('ada', 's1')).toEqual({ ended: 0, nowFree: false });
    done();
  });

  it('an activity of an unknown session is a login; of an open one it only renews (contracts)', async () => {
    const { login, card, clock, done } = await inMemory({ licenses: [aLicense()] });

    expect(await login('ada', { kind: 'activity' })).toMatchObject({ outcome: 'allocated' });
    clock.move(HOUR);
    expect(await login('ada', { kind: 'activity' })).toMatchObject({ outcome: 'continued' });
    expect(await card('ada')).toMatchObject({ sessions: { 's:s1': { started: NOW, lastSeen: plus(NOW, HOUR) } } });
    done();
  });

  it('keeps no mark in the future of a logout with a wrong time: the user can log in again (R24)', async () => {
    const { login, logout, clock, done } = await inMemory({ licenses: [aLicense()] });
    await login('ada');

    expect(await logout('ada', undefined, plus(NOW, 9_999 * HOUR))).toMatchObject({ ended: 1 });
    await logout('bob', 's1', plus(NOW, 9_999 * HOUR));

    clock.move(5 * 60_000 + 1);
    for (const user of ['ada', 'bob']) {
      expect(await login(user)).toMatchObject({ outcome: 'allocated' });
      await logout(user);
    }
    done();
  });

  it('keeps no more marks of a user without a card than of one with a card', async () => {
    const { logout, clock, memory } = await inMemory();
    for (let session = 0; session < 120; session += 1) {
      clock.move(1);
      await logout('ada', `s${session}`);
    }

    const marks = memory.items().find(({ pk }) => pk === 'U#acme#ada');
    expect(Object.keys(marks?.['ended'] as object).length).toBeLessThanOrEqual(101);
  });

  it('deletes marks after a day, and keeps at most a hundred (R24)', async () => {
    const { login, logout, card, clock } = await inMemory({ licenses: [aLicense()], cards: [aUserCard()] });
    await login('ada', { session: 'first' });
    await logout('ada', 'first');
    for (let session = 0; session < 120; session += 1) {
      clock.move(1);
      await logout('ada', `s${session}`);
    }
    expect(Object.keys((await card('ada'))!.ended).length).toBeLessThanOrEqual(102);

    clock.move(25 * HOUR);
    await logout('ada', 'late');
    expect(Object.keys((await card('ada'))!.ended)).toEqual(['whole user', 's:late']);
  });

  it('the sweep continues after an unreadable card, and logs it (R26, F52)', async () => {
    const { login, clock, card, memory, deps } = await inMemory({
      licenses: ['F1', 'F2'].map((serialNumber) => aLicense({ serialNumber })),
    });
    await login('ada');
    clock.move(1);
    await login('bob');
    await memory.write([{ update: { pk: 'U#acme#ada', sk: 'CARD' }, set: [['access', 'nonsense']], onlyIf: [] }]);
    clock.move(8 * HOUR + 1);

    await expect(endIdleSessions(deps)).rejects.toThrow();
    expect((await card('bob'))?.sessions).toEqual({});
  });
});

describe('tenants', () => {
  it('refuses an unknown tenant, and writes nothing (R11)', async () => {
    const { elsewhere, memory } = await inMemory({ licenses: [aLicense()] });
    const before = memory.items();

    expect(await elsewhere({ readTenant: async () => undefined }).login('ada')).toMatchObject({
      outcome: 'denied',
      reason: 'unknown-tenant',
      steps: [],
    });
    expect(memory.items()).toEqual(before);
  });

  it('are cached for a minute, except when a folder is unknown', async () => {
    let reads = 0;
    const { deps, clock } = await inMemory();
    const tenants = cachedTenants((tenant) => {
      reads += 1;
      return deps.readTenant(tenant);
    }, clock);

    await tenants('acme');
    await tenants('acme', 'finance');
    expect(reads).toBe(1);
    await tenants('acme', 'new-folder');
    expect(reads).toBe(2);
    clock.move(60_000);
    await tenants('acme');
    expect(reads).toBe(3);
    expect(await tenants('globex')).toBeUndefined();
    expect(await tenants('globex')).toBeUndefined();
    expect(reads).toBe(5);
  });
});
