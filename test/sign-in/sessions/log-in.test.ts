import { describe, expect, it } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import { endSession } from '../../../shared/sign-in/sessions/end-session.ts';
import { aLicense, aUserCard, aWorld } from '../../fakes/world.ts';

const FOUR = [
  aLicense({ serialNumber: 'F-FOLDER', folderId: 'finance' }),
  aLicense({ serialNumber: 'F-ROOT' }),
  aLicense({ serialNumber: 'D-FOLDER', folderId: 'finance', type: 'dedicated' }),
  aLicense({ serialNumber: 'D-ROOT', type: 'dedicated' }),
];

describe('login', () => {
  it('takes the four steps in order, the folder before the root and floating before dedicated (R14)', async () => {
    const users = ['ada', 'bob', 'cyd', 'dan', 'eve'];
    const { login } = await aWorld({ licenses: FOUR, cards: users.map((user) => aUserCard({ user })) });

    const receipts = [];
    for (const user of users) receipts.push(await login(user));

    expect(receipts.map(({ outcome, step, license }) => [outcome, step, license?.serialNumber])).toEqual([
      ['allocated', 'floating-in-folder', 'F-FOLDER'],
      ['allocated', 'floating-in-root', 'F-ROOT'],
      ['allocated', 'dedicated-in-folder', 'D-FOLDER'],
      ['allocated', 'dedicated-in-root', 'D-ROOT'],
      ['denied', undefined, undefined],
    ]);
    expect(receipts[4]).toMatchObject({ reason: 'no-free-license', attempts: 1 });
    expect(receipts[4]?.steps.map(({ why }) => why)).toEqual(['none free', 'none free', 'none free', 'none free']);
  });

  it('gives a floating license back at logout, and keeps a dedicated one assigned (R17, R25)', async () => {
    const { login, logout, license, card } = await aWorld({
      licenses: [aLicense({ serialNumber: 'F' }), aLicense({ serialNumber: 'D', type: 'dedicated' })],
    });

    await login('ada');
    await login('bob');
    expect(await logout('ada', 's1')).toEqual({ ended: 1, license: 'F', nowFree: true });
    expect(await logout('bob', 's1')).toEqual({ ended: 1, license: 'D', nowFree: false });

    expect(await license('F')).not.toHaveProperty('currentUser');
    expect(await license('D')).toMatchObject({ assignedTo: 'bob' });
    expect(await card('ada')).toMatchObject({ sessions: {}, folderId: 'root' });
    expect((await login('cyd')).license?.serialNumber).toBe('F');
    expect(await login('bob', { session: 's2' })).toMatchObject({
      outcome: 'assigned',
      license: { serialNumber: 'D' },
    });
  });

  it('is ended by a logout without a time, also where it began ahead of our clock (F31)', async () => {
    const { deps, tenant, login, card, clock } = await aWorld({ licenses: [aLicense()] });
    await login('ada', { at: plus(clock.now(), 60_000) });

    const ended = await endSession(deps, tenant.settings, {
      tenant: 'acme',
      user: 'ada',
      actor: 'test',
      cause: 'logout',
    });

    expect(ended).toMatchObject({ ended: 1, nowFree: true });
    expect(await card('ada')).toMatchObject({ sessions: {} });
  });
});
