import { describe, expect, it } from 'vitest';
import type { Table } from '../../shared/platform/ports/table.ts';
import { readLockKey } from '../../shared/store/keys.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense } from '../fakes/world.ts';

const WHOLE_TENANT: readonly (readonly [command: string, members: object])[] = [
  ['audit', {}],
  ['audit', { repair: true }],
  ['check-layout', {}],
  ['list-draining', {}],
  ['list-inactive', { days: 90 }],
  ['get-usage', {}],
];

/** A world whose first list of an index waits until it may go on. */
async function aSlowRead() {
  const table = memoryTable();
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isFirst = true;
  const list: Table['list'] = async (index, range) => {
    const mustWait = isFirst;
    isFirst = false;
    if (mustWait) await held;
    return table.list(index, range);
  };
  const world = await aCommandWorld({ table: { ...table, list }, licenses: [aLicense()] });
  const slow = world.ask('check-layout');
  await new Promise((resolve) => setImmediate(resolve));
  return { ...world, slow, goOn, lock: () => table.peek(readLockKey('acme')) };
}

describe('commands that read a whole tenant', () => {
  it.each(WHOLE_TENANT)('%s %j waits for its turn, and runs after the one before', async (command, members) => {
    const { ask, slow, goOn, lock } = await aSlowRead();

    const meanwhile = await ask(command, members);
    goOn();
    await slow;
    const afterwards = await ask(command, members);

    expect(meanwhile).toEqual(refusal('busy', { retryAfter: 1 }));
    expect(afterwards).not.toHaveProperty('error');
    expect(lock()).toBeUndefined();
  });

  it.each([
    ['list-licenses', {}],
    ['list-user-cards', {}],
    ['get-tenant', {}],
    ['get-license', { serialNumber: 'A1000001' }],
  ])('%s reads a part, and does not wait', async (command, members) => {
    const { ask, slow, goOn } = await aSlowRead();

    expect(await ask(command, members)).not.toHaveProperty('error');
    goOn();
    await slow;
  });

  it('a process that died locks its tenant only as long as a call can last', async () => {
    const { ask, clock } = await aSlowRead();

    clock.move(29_999);
    const before = await ask('audit');
    clock.move(1);
    const after = await ask('audit');

    expect([before, after]).toEqual([refusal('busy', { retryAfter: 1 }), expect.not.objectContaining({ error: {} })]);
    expect(after).toMatchObject({ violations: [] });
  });

  it('one that lasted too long does not release the lock of another', async () => {
    const { table, clock, slow, goOn, lock } = await aSlowRead();
    clock.move(30_000);
    const until = '2999-01-01T00:00:00.000Z';
    await table.write([{ put: { ...readLockKey('acme'), holder: 'another', until } }]);

    goOn();
    await slow;

    expect(lock()).toMatchObject({ holder: 'another' });
  });

  it('releases the lock when it fails', async () => {
    const table = memoryTable();
    const list: Table['list'] = async () => {
      throw new Error('the table does not answer');
    };
    const { ask } = await aCommandWorld({ table: { ...table, list } });

    await expect(ask('check-layout')).rejects.toThrow('the table does not answer');

    expect(table.peek(readLockKey('acme'))).toBeUndefined();
  });
});
