import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../shared/licensing/time.ts';
import { cognitoUserWrite, endUnowned, forgottenOwner, ownSession } from '../../shared/sessions/session-owner.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { NOW } from '../fakes/world.ts';

const IDLE = 8 * 60 * MINUTE;
const OPEN = { started: NOW, lastSeen: NOW };
const of = (at = NOW) => ({ tenant: 'acme', session: 's1', at });

describe('the owner of a session', () => {
  it('is nobody’s to end who has not seen a later end: the later of two stays', async () => {
    const table = memoryTable();
    const early = endUnowned(of(), {}, IDLE);
    await table.write([endUnowned(of(plus(NOW, MINUTE)), {}, IDLE)]);

    expect(await table.write([early])).toMatchObject({ done: false });
    expect(table.items()).toMatchObject([{ endedAt: plus(NOW, MINUTE) }]);
  });

  it('is told of no end that was nobody’s, once the session is somebody’s', async () => {
    const table = memoryTable();
    await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)]);

    expect(await table.write([endUnowned(of(plus(NOW, MINUTE)), {}, IDLE)])).toMatchObject({ done: false });
    expect(table.items()).not.toMatchObject([{ endedAt: plus(NOW, MINUTE) }]);
  });

  it('is forgotten with its user alone', async () => {
    const table = memoryTable();
    await table.write([ownSession(of(), 'bob', OPEN, {}, IDLE)]);
    for (const write of forgottenOwner('acme', 'ada', ['s1'])) await table.write([write]);
    expect(table.items()).toMatchObject([{ user: 'bob' }]);

    for (const write of forgottenOwner('acme', 'bob', ['s1'])) await table.write([write]);
    expect(table.items()).toEqual([]);
  });

  it('leaves who has the same name at another tenant to that one', async () => {
    const table = memoryTable();
    await table.write([cognitoUserWrite('globex', 'ada', NOW, IDLE)]);

    for (const write of forgottenOwner('acme', 'ada', [])) await table.write([write]);

    expect(table.items()).toMatchObject([{ tenant: 'globex' }]);
  });
});
