import { describe, expect, it } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const HOUR = 3_600_000;

const LICENSES = [
  aLicense({ serialNumber: 'F', folderId: 'finance' }),
  aLicense({ serialNumber: 'D', type: 'dedicated' }),
];

describe('explain-login', () => {
  it('returns the receipt that a login would get, and changes nothing', async () => {
    const table = memoryTable();
    const { ask, login } = await aCommandWorld({ table, licenses: LICENSES, cards: [aUserCard()] });
    const before = table.items();

    const explained = await ask('explain-login', { user: 'ada' });

    expect(table.items()).toEqual(before);
    expect(explained).toEqual(await login('ada', { session: null }));
  });

  it('judges an unknown user by the card that a login would create (R11)', async () => {
    const { ask } = await aCommandWorld({ licenses: LICENSES });

    const explained = await ask('explain-login', { user: 'eve' });

    expect(explained).toMatchObject({
      outcome: 'allocated',
      step: 'dedicated-in-root',
      license: { serialNumber: 'D' },
      hasUserCard: false,
    });
    expect(await ask('get-user-card', { user: 'eve' })).toEqual(refusal('unknown-user'));
  });

  it('shows that a user in a session continues', async () => {
    const { ask, login } = await aCommandWorld({ licenses: LICENSES, cards: [aUserCard()] });
    await login('ada');

    const explained = await ask('explain-login', { user: 'ada' });

    expect(explained).toMatchObject({ outcome: 'continued', license: { serialNumber: 'F', folder: 'Finance' } });
  });

  it('gives the reason for a denial', async () => {
    const { ask } = await aCommandWorld({
      cards: [aUserCard(), aUserCard({ user: 'bob', access: 'read' }), aUserCard({ user: 'cyd', level: 'no-access' })],
    });

    const explained = await Promise.all(['ada', 'bob', 'cyd'].map((user) => ask('explain-login', { user })));

    expect(explained).toMatchObject([
      { outcome: 'denied', reason: 'no-free-license', steps: Array(4).fill({ seen: 0, why: 'none free' }) },
      { outcome: 'denied', steps: ['none free', 'none free', 'wrong access', 'wrong access'].map((why) => ({ why })) },
      { outcome: 'denied', reason: 'no-access', steps: [] },
    ]);
  });

  it('names the expired license that blocks, and its last day (R14)', async () => {
    const term = { validFrom: '2025-03-02', expiresOn: '2026-03-01' };
    const note = { type: 'dedicated', access: 'write', modules: 'all', folderId: 'root', ...term } as const;
    const expired = aLicense({ serialNumber: 'E1', type: 'dedicated', assignedTo: 'ada', ...term });
    const { ask } = await aCommandWorld({
      licenses: [expired, aLicense({ serialNumber: 'F', folderId: 'finance' })],
      cards: [aUserCard({ assigned: { E1: note } })],
    });

    expect(await ask('explain-login', { user: 'ada' })).toMatchObject({
      outcome: 'denied',
      reason: 'assigned-license-expired',
      blockedBy: { serialNumber: 'E1', expiresOn: '2026-03-01' },
      steps: [],
    });
  });

  it('takes into account that a login takes back idle licenses, but takes back none itself (R26)', async () => {
    const table = memoryTable();
    const { ask, login, clock } = await aCommandWorld({
      table,
      licenses: [aLicense({ serialNumber: 'F', folderId: 'finance' })],
      cards: [aUserCard(), aUserCard({ user: 'bob' })],
      settings: { idleTimeout: HOUR },
    });
    await login('bob');
    const busy = await ask('explain-login', { user: 'ada' });
    clock.move(2 * HOUR);
    const before = table.items();

    const explained = await ask('explain-login', { user: 'ada' });

    expect(busy).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
    expect(table.items()).toEqual(before);
    expect(explained).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'F' } });
    expect(explained).toEqual(await login('ada', { session: null }));
  });

  it('does not count on the license of an idle session that stays assigned to its user (R25)', async () => {
    const { ask, login, clock } = await aCommandWorld({
      licenses: [aLicense({ serialNumber: 'D', type: 'dedicated' })],
      cards: [aUserCard(), aUserCard({ user: 'bob' })],
      settings: { idleTimeout: HOUR },
    });
    await login('bob');
    clock.move(2 * HOUR);

    expect(await ask('explain-login', { user: 'ada' })).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
  });

  it('refuses an unknown tenant', async () => {
    const { ask } = await aCommandWorld();

    const answer = await ask('explain-login', { user: 'ada' }, 'nobody');

    expect(answer).toEqual(refusal('unknown-tenant'));
  });
});
