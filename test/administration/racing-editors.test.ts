import { describe, expect, it } from 'vitest';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { interruptedTable } from '../fakes/wrapped-table.ts';

type Ask = (command: string, members?: object) => Promise<unknown>;

/** Two editors. `change` runs right before the write of the late one. */
async function twoEditors(change: (ask: Ask) => Promise<unknown>) {
  const table = memoryTable();
  const { ask, deps } = await aCommandWorld({ table });
  const late = asAdministrator({ ...deps, table: interruptedTable(table, 'write', () => change(ask)) });
  return { ask, late: late.ask };
}

const EDITED = [
  [
    'webhook',
    {},
    { url: 'https://hooks.acme.example/one', secret: 'ssm:one' },
    { url: 'https://hooks.acme.example/two', secret: 'ssm:two' },
  ],
  [
    'hook',
    { provider: 'okta' },
    { tenants: ['okta:one.okta.com'], authorization: 'ssm:one' },
    { tenants: ['okta:two.okta.com'], authorization: 'ssm:two' },
  ],
] as const;

describe.each(EDITED)('a %s with two concurrent editors', (name, which, one, other) => {
  it('is created by one and replaced by the other, with a version each', async () => {
    const { ask, late } = await twoEditors((first) => first(`put-${name}`, { ...which, settings: other }));

    expect(await late(`put-${name}`, { ...which, settings: one })).toMatchObject({ version: 2 });
    expect(await ask(`get-${name}`, which)).toMatchObject({ version: 2 });
  });

  it('is replaced by one after the other', async () => {
    const { ask, late } = await twoEditors((first) => first(`put-${name}`, { ...which, settings: other }));
    await ask(`put-${name}`, { ...which, settings: one });
    const settings = name === 'hook' ? { ...one, authorization: 'ssm:three' } : { ...one, secret: 'ssm:three' };

    expect(await late(`put-${name}`, { ...which, settings })).toMatchObject({ version: 3 });
    expect(await ask(`get-${name}`, which)).toMatchObject({ version: 3 });
  });

  it('is not deleted by an editor with a stale version', async () => {
    const { ask, late } = await twoEditors((first) => first(`put-${name}`, { ...which, settings: other }));
    await ask(`put-${name}`, { ...which, settings: one });

    expect(await late(`delete-${name}`, { ...which, expectedVersion: 1 })).toEqual(
      refusal('stale-version', { version: 2 }),
    );
    expect(await ask(`get-${name}`, which)).toMatchObject({ version: 2 });
  });
});
