import { expect, it } from 'vitest';
import { commandEndWrite, commandWrites } from '../../shared/store/command-items.ts';
import { nameWrite, pseudonymWrite, readNames } from '../../shared/store/named-people.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { NOW } from '../fakes/world.ts';

it('an entry of a command is completed once, and never changed after that', async () => {
  const table = memoryTable();
  const about = { serialNumber: 'A1' };
  const entry = { tenant: 'acme', command: 'move-license', at: NOW, actor: 'hash', about, people: {} };
  const place = `${NOW}#one`;
  await table.write(commandWrites(place, { ...entry, role: 'operator', outcome: 'begun' }, 'olga'));
  const end = (outcome: string) => table.write([commandEndWrite('acme', place, { about, outcome, finishedAt: NOW })]);

  const first = await end('done');
  const second = await end('conflict');

  expect([first.done, second.done]).toEqual([true, false]);
  expect(table.items()[0]).toMatchObject({ outcome: 'done' });
});

it('a name is stored once, a pseudonym overwrites it, and no name overwrites a pseudonym', async () => {
  const table = memoryTable();
  const name = async () => (await readNames(table, 'acme', ['h', 'h'])).get('h');

  await table.write([nameWrite('acme', 'h', 'ada')]);
  expect(await name()).toBe('ada');
  await table.write([pseudonymWrite('acme', 'h', 'erased-1')]);
  const late = await table.write([nameWrite('acme', 'h', 'ada')]);

  expect(late.done).toBe(false);
  expect(await name()).toBe('erased-1');
});
