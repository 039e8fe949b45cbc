import { type AttributeValue, BatchWriteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { readShard, shardsOf } from '../../infra/local/stream-reader.ts';
import { restoreTenant } from '../../infra/tools/restore-tenant.ts';
import type { Item } from '../../shared/platform/ports/table.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { aLicense, aUserCard, aWorld, keyedHash } from '../fakes/world.ts';
import { type Engine, type EngineTable, startEngine } from './real-table.ts';

const HOUR = 3_600_000;
/** What happened stays known, also what happened after the restored moment. */
const EVIDENCE = /^(E|COMMAND|ACTOR|NAME|X)#/;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());

/** Copies a table as it is now: what a restore to a point in time makes of it. */
async function copyOf(table: EngineTable): Promise<EngineTable> {
  const copy = await engine.newTable();
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan({ client: engine.client }, { TableName: table.name })) {
    items.push(...Items);
  }
  for (let start = 0; start < items.length; start += 25) {
    const puts = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await engine.client.send(new BatchWriteItemCommand({ RequestItems: { [copy.name]: puts } }));
  }
  return copy;
}

const sorted = (items: readonly Item[]) =>
  items.toSorted((one, other) => (`${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1));
const itemsOf = async (table: EngineTable, tenant: string) =>
  sorted(await table.items()).filter((item) => item.pk.split('#')[1] === tenant || item['tenant'] === tenant);

/** A morning of two tenants, a copy of it, and an afternoon that nobody wants to keep. */
async function anUnwantedAfternoon() {
  const live = await engine.newTable({ hasStream: true });
  const world = await aWorld({
    table: live.table,
    licenses: [aLicense({ serialNumber: 'F1' }), aLicense({ serialNumber: 'F2' })],
    cards: ['ada', 'bob', 'cyd'].map((user) => aUserCard({ user })),
  });
  const { clock, login, logout } = world;
  const { ask } = asAdministrator(world.deps);
  const done = async (command: string, members: object = {}, tenant = 'acme') => {
    clock.move(HOUR / 60);
    expect(await ask(command, members, tenant), command).not.toHaveProperty('error');
  };
  let after: string | undefined;
  /** Does what the reader of the stream does with every change so far. */
  const readStream = async (): Promise<void> => {
    const [shard] = await shardsOf(engine.url, live.name);
    for (;;) {
      const records = await readShard(engine.url, shard!, { after, limit: 100 });
      if (records.length === 0) return;
      after = records.at(-1)?.dynamodb.SequenceNumber;
      const { batchItemFailures } = await recordHistory({ ...world.deps, keyedHash, log: () => {} }, records);
      expect(batchItemFailures).toEqual([]);
    }
  };

  await done('create-tenant', { settings: { customers: ['globex'], timeZone: 'Europe/Helsinki' } }, 'globex');
  await done('put-user-card', { user: 'gus', card: { folder: '' } }, 'globex');
  await login('ada');
  await readStream();
  const restored = await copyOf(live);

  clock.move(HOUR);
  await login('bob');
  await logout('ada');
  await done('put-user-card', { user: 'dan', card: { folder: '' } });
  await done('remove-user-card', { user: 'cyd' });
  await done('erase-user', { user: 'cyd' });
  await done('put-webhook', { settings: { url: 'https://hooks.acme.example/', secret: 'ssm:one' } });
  await done('update-tenant', { settings: { idleTimeout: 'PT1H' } });
  await done('put-user-card', { user: 'gina', card: { folder: '' } }, 'globex');
  await readStream();

  const restore = (write: boolean) =>
    restoreTenant(
      { client: engine.client, clock },
      { from: restored.name, to: live.name, tenantId: 'acme' },
      { write },
    );
  return { ...world, live, restored, ask, readStream, restore };
}

test('one tenant is copied back from a restored table, and nothing of another tenant changes', async () => {
  const { live, restored, ask, restore, readStream, login, card } = await anUnwantedAfternoon();
  const before = { acme: await itemsOf(live, 'acme'), globex: await itemsOf(live, 'globex') };

  const shown = await restore(false);
  expect(await itemsOf(live, 'acme')).toEqual(before.acme);
  const written = await restore(true);

  expect(written).toEqual(shown);
  expect(shown.deleted).toMatchObject({ WEBHOOK: 1 });
  const kept = before.acme.filter(({ pk }) => EVIDENCE.test(pk));
  expect(kept.length).toBeGreaterThan(0);
  expect(await itemsOf(live, 'acme')).toEqual(
    sorted([...(await itemsOf(restored, 'acme')).filter(({ pk }) => !EVIDENCE.test(pk)), ...kept]),
  );
  expect(await itemsOf(live, 'globex')).toEqual(before.globex);

  // The reader of the stream sees every restored item. It must not change what was restored.
  await readStream();
  expect(await restore(true)).toEqual({ put: {}, deleted: {} });

  expect(await ask('audit')).toMatchObject({ violations: [] });
  expect((await card('ada'))?.current).toBeDefined();
  expect(await card('cyd')).toBeDefined();
  expect(await card('dan')).toBeUndefined();
  expect(await login('bob')).toMatchObject({ outcome: 'allocated' });
  await readStream();
  const taken = (await card('bob'))?.current?.serialNumber;
  expect(await ask('list-license-history', { serialNumber: taken })).toMatchObject({
    entries: expect.arrayContaining([expect.objectContaining({ kind: 'license', version: 2 })]),
  });
});

test('a tenant that the restored table does not have is refused, and an interrupted copy is finished by the next', async () => {
  const { live, restored, restore, clock } = await anUnwantedAfternoon();
  const deps = { client: engine.client, clock };
  const unknown = { from: restored.name, to: live.name, tenantId: 'initech' };
  await expect(restoreTenant(deps, unknown, { write: true })).rejects.toThrow('has no tenant initech');

  let writes = 0;
  const send = engine.client.send.bind(engine.client);
  const dying = Object.assign(Object.create(engine.client), {
    send: (command: never) => {
      if ((command as object) instanceof BatchWriteItemCommand && ++writes > 1) throw new Error('killed');
      return send(command);
    },
  });
  const acme = { ...unknown, tenantId: 'acme' };
  await restoreTenant({ ...deps, client: dying }, acme, { write: true }).catch(() => {});
  await restore(true);

  expect(await restore(false)).toEqual({ put: {}, deleted: {} });
});

test('the service goes on with the restored table itself', async () => {
  const { deps, restored, elsewhere } = await anUnwantedAfternoon();
  const { table } = restored;
  const adopted = elsewhere({ table });

  expect(await asAdministrator({ ...deps, table }).ask('audit')).toMatchObject({ violations: [] });
  expect(await adopted.login('bob')).toMatchObject({ outcome: 'allocated' });
  expect(await asAdministrator({ ...deps, table }).ask('audit')).toMatchObject({ violations: [] });
});
