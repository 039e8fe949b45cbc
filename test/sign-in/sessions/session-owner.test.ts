import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../../shared/licensing/time.ts';
import { endOpenSession, readSessionEnd } from '../../../shared/sign-in/sessions/session-end-item.ts';
import {
  cognitoUserWrite,
  endUnowned,
  forgottenOwner,
  ownSession,
  readSessionOwner,
} from '../../../shared/sign-in/sessions/session-owner.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { NOW } from '../../fakes/world.ts';

const IDLE = 8 * 60 * MINUTE;
const OPEN = { started: NOW, lastSeen: NOW };
const of = (at = NOW) => ({ tenant: 'acme', session: 's1', at });

describe('the owner of a session', () => {
  it('is not changed by an end that has not read a later one', async () => {
    const table = memoryTable();
    const early = endUnowned(of(), {}, IDLE);
    await table.write([endUnowned(of(plus(NOW, MINUTE)), {}, IDLE)]);

    expect(await table.write([early])).toMatchObject({ done: false });
    expect(table.items()).toMatchObject([{ endedAt: plus(NOW, MINUTE) }]);
  });

  it('does not get an earlier end of an unknown session once the session has a user', async () => {
    const table = memoryTable();
    await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)]);

    expect(await table.write([endUnowned(of(plus(NOW, MINUTE)), {}, IDLE)])).toMatchObject({ done: false });
    expect(table.items()).not.toMatchObject([{ endedAt: plus(NOW, MINUTE) }]);
  });

  it('is deleted only with its user', async () => {
    const table = memoryTable();
    await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)]);
    for (const write of forgottenOwner('acme', 'ada', ['s1'])) await table.write([write]);
    expect(table.items()).toMatchObject([{ user: 'bob' }]);

    for (const write of forgottenOwner('acme', 'bob', ['s1'])) await table.write([write]);
    expect(table.items()).toEqual([]);
  });

  it('is deleted together with the session’s end, for that user only', async () => {
    const table = memoryTable();
    const ends = ['ada', 'bob'].map((user) => endOpenSession({ tenant: 'acme', user, session: 's1' }, NOW));
    await table.write(ends);

    for (const write of forgottenOwner('acme', 'bob', ['s1'])) await table.write([write]);

    expect(await readSessionEnd(table, { tenant: 'acme', user: 'ada', session: 's1' })).toBe(NOW);
    expect(await readSessionEnd(table, { tenant: 'acme', user: 'bob', session: 's1' })).toBeUndefined();
  });

  it('is replaced by another user only as it was read', async () => {
    const table = memoryTable();
    await table.write([ownSession(of(), 'ada', OPEN, {}, IDLE)]);
    const found = await readSessionOwner(table, 'acme', 's1');
    expect(await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)])).toMatchObject({ done: false });
    const again = { started: plus(NOW, MINUTE), lastSeen: plus(NOW, MINUTE) };
    await table.write([ownSession(of(), 'ada', again, found, IDLE)]);

    expect(await table.write([ownSession(of(), 'bob', OPEN, found, IDLE)])).toMatchObject({ done: false });
    const now = await readSessionOwner(table, 'acme', 's1');
    expect(await table.write([ownSession(of(), 'bob', OPEN, now, IDLE)])).toEqual({ done: true });
    expect(table.items()).toMatchObject([{ user: 'bob' }]);
    expect(await table.write([ownSession(of(), 'cyd', OPEN, { ...OPEN, user: 'ada' }, IDLE)])).toMatchObject({
      done: false,
    });
  });

  it('does not overwrite an end that was stored since the read', async () => {
    const table = memoryTable();
    await table.write([endUnowned(of(), {}, IDLE)]);

    expect(await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)])).toMatchObject({ done: false });
    const found = await readSessionOwner(table, 'acme', 's1');
    expect(await table.write([ownSession(of(), 'bob', OPEN, found, IDLE)])).toEqual({ done: true });
    expect(await readSessionOwner(table, 'acme', 's1')).toEqual({ user: 'bob', started: NOW });
  });

  it('is kept as long as the session may be open', async () => {
    const table = memoryTable();
    await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)]);

    expect(table.items()).toMatchObject([{ ttl: Math.floor((Date.parse(NOW) + IDLE) / 1_000) + 8 * 86_400 }]);
  });

  it('does not affect a user of the same name at another tenant', async () => {
    const table = memoryTable();
    await table.write([cognitoUserWrite('globex', 'ada', NOW, IDLE)]);

    for (const write of forgottenOwner('acme', 'ada', [])) await table.write([write]);

    expect(table.items()).toMatchObject([{ tenant: 'globex' }]);
  });
});
