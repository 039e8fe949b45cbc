import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renewalLockKey } from '../../shared/store/keys.ts';
import { aCommandWorld, asAdministrator, type CommandWorldFacts, refusal } from '../fakes/command-world.ts';
import { fastCheckTurns, turnTakingClock } from '../fakes/interleaving.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { interleavedTable, interruptedTable } from '../fakes/wrapped-table.ts';

const RUNS = 60;

type World = Awaited<ReturnType<typeof aCommandWorld>> & { readonly table: ReturnType<typeof memoryTable> };
type Command = readonly [command: string, members?: object];
type Answer = { readonly error?: { readonly code: string } } & Readonly<Record<string, unknown>>;

/** Prepares in peace, then gives all commands at once, in every order of their calls that fast-check thinks of. */
async function race(
  facts: CommandWorldFacts,
  prepare: readonly Command[],
  atOnce: readonly Command[],
  then: (world: World, answers: readonly Answer[]) => unknown,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const table = memoryTable();
      const world = await aCommandWorld({ ...facts, table });
      for (const [command, members] of prepare) await world.ask(command, members);
      const nextTurn = fastCheckTurns(scheduler);
      const clock = turnTakingClock(world.clock, nextTurn);
      const { ask } = asAdministrator({ ...world.deps, table: interleavedTable(table, nextTurn), clock });

      const answers = await scheduler.waitFor(Promise.all(atOnce.map(([command, members]) => ask(command, members))));

      await then({ ...world, table }, answers as Answer[]);
      await world.expectSound();
    }),
    { numRuns: RUNS },
  );
}

const assigned = (serialNumber: string): Command => [
  'change-licenses',
  { change: { action: 'assign', user: 'ada' }, licenses: [{ serialNumber }] },
];

describe('limits hold when commands come at once', () => {
  it('gives a user one license of a class', async () => {
    const licenses = ['D1', 'D2', 'D3'].map((serialNumber) => aLicense({ serialNumber, type: 'dedicated' }));

    await race(
      { licenses, cards: [aUserCard({ user: 'ada' })] },
      [],
      ['D1', 'D2', 'D3'].map(assigned),
      async ({ card }, answers) => {
        const results = answers.flatMap((answer) => answer['results'] as { done: boolean; error?: { code: string } }[]);
        expect(results.filter(({ done }) => done)).toHaveLength(1);
        expect(results.flatMap(({ error }) => error?.code ?? [])).toEqual(['has-license', 'has-license']);
        expect(Object.keys((await card('ada'))?.assigned ?? {})).toHaveLength(1);
      },
    );
  });

  it('links ten ids to a card', async () => {
    const link = (number: number): Command => ['link-id', { user: 'ada', linkedId: `ada-${number}` }];
    const nine = Array.from({ length: 9 }, (_, number) => link(number));

    await race({ cards: [aUserCard({ user: 'ada' })] }, nine, [link(9), link(10)], async ({ card }, answers) => {
      expect(answers.flatMap(({ error }) => error?.code ?? [])).toEqual(['invalid-request']);
      expect((await card('ada'))?.linkedIds).toHaveLength(10);
    });
  });

  it('links no id to an id that is linked itself', async () => {
    const cards = ['ada', 'bob', 'cyd'].map((user) => aUserCard({ user }));

    await race(
      { cards },
      [],
      [
        ['link-id', { user: 'ada', linkedId: 'bob' }],
        ['link-id', { user: 'bob', linkedId: 'cyd' }],
      ],
      (_world, answers) => {
        expect(answers.flatMap(({ error }) => error?.code ?? [])).toEqual(['conflict']);
      },
    );
  });
});

describe('what a command relies on still holds when it writes', () => {
  it('tests no webhook that was deleted', async () => {
    const settings = { url: 'https://hooks.acme.example/one', secret: 'ssm:one' };

    await race(
      {},
      [['put-webhook', { settings }]],
      [['test-webhook'], ['delete-webhook']],
      ({ table }, [test, deleted]) => {
        expect(test?.error?.code ?? 'unknown-webhook').toBe('unknown-webhook');
        expect(deleted).toEqual({ deleted: true });
        expect(table.items().filter(({ pk }) => pk.startsWith('WEBHOOK#'))).toEqual([]);
      },
    );
  });

  it('erases no user who gets a card meanwhile', async () => {
    const table = memoryTable();
    const { ask, deps } = await aCommandWorld({ table });
    const create = () => ask('put-user-card', { user: 'ada', card: { folder: 'Finance' } });
    const late = asAdministrator({ ...deps, table: interruptedTable(table, 'write', create) });

    expect(await late.ask('erase-user', { user: 'ada' })).toEqual(refusal('in-use'));
  });

  it.each([
    ['delete-folder', { folder: 'Sales' }],
    ['merge-folder', { folder: 'Sales', into: 'Finance' }],
  ])('takes no folder away from a renewal that starts meanwhile: %s', async (command, members) => {
    const table = memoryTable();
    const { ask, deps } = await aCommandWorld({ table });
    const start = () => table.write([{ put: { ...renewalLockKey('acme'), renewalId: 'r1' } }]);
    const late = asAdministrator({ ...deps, table: interruptedTable(table, 'write', start) });

    expect(await late.ask(command, members)).toMatchObject({ error: { code: 'renewal-running' } });
    expect(await ask('list-folders')).toMatchObject({
      folders: expect.arrayContaining([expect.objectContaining({ folder: 'Sales' })]),
    });
  });
});
