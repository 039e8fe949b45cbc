import { describe, expect, it } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import {
  endKnownSession,
  endOpenSession,
  forgottenEnd,
  readSessionEnd,
} from '../../../shared/sign-in/sessions/session-end-item.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { NOW } from '../../fakes/world.ts';

const ADA = { tenant: 'acme', user: 'ada', session: 's1' };
const LATER = plus(NOW, 1);

describe('when a session was ended (R24)', () => {
  it('is kept for 31 days, under the user and the session', async () => {
    const table = memoryTable();
    await table.write([endOpenSession(ADA, NOW)]);

    expect(await readSessionEnd(table, ADA)).toBe(NOW);
    expect(await readSessionEnd(table, { ...ADA, user: 'bob' })).toBeUndefined();
    expect(await readSessionEnd(table, { ...ADA, session: 's2' })).toBeUndefined();
    expect(await readSessionEnd(table, { tenant: 'acme', user: 'ada' })).toBeUndefined();
    expect(table.items()).toMatchObject([{ ttl: Math.floor(Date.parse(NOW) / 1_000) + 31 * 86_400 }]);
  });

  it('is not made earlier by a late logout, and only changed as it was read', async () => {
    const table = memoryTable();
    await table.write([endOpenSession(ADA, LATER)]);

    expect(endKnownSession(ADA, NOW, LATER)).toEqual([]);
    expect(endKnownSession(ADA, LATER, LATER)).toEqual([]);
    expect(await table.write(endKnownSession(ADA, NOW, undefined))).toMatchObject({ done: false });
    expect(await table.write(endKnownSession(ADA, plus(NOW, 2), LATER))).toEqual({ done: true });
    expect(await readSessionEnd(table, ADA)).toBe(plus(NOW, 2));
  });

  it('is deleted if the session was opened after it, and only as it was read', async () => {
    const table = memoryTable();
    const open = (started: string) => ({ started, lastSeen: started });
    await table.write([endOpenSession(ADA, NOW)]);

    expect(forgottenEnd(ADA, open(NOW), NOW)).toEqual([]);
    expect(forgottenEnd(ADA, open(LATER), undefined)).toEqual([]);
    const forgotten = forgottenEnd(ADA, open(LATER), NOW);
    await table.write([endOpenSession(ADA, LATER)]);
    expect(await table.write(forgotten)).toMatchObject({ done: false });
    await table.write(forgottenEnd(ADA, open(plus(NOW, 2)), LATER));
    expect(await readSessionEnd(table, ADA)).toBeUndefined();
  });
});
