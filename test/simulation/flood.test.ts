import { describe, expect, it } from 'vitest';
import { callRate } from '../../functions/admin-api/call-rate.ts';
import type { Caller } from '../../functions/admin-api/caller.ts';
import { answerUploads } from '../../functions/import-licenses/queued-uploads.ts';
import { answerCall } from '../../functions/session-hooks/answer-call.ts';
import { concurrencyOf, type FunctionSizes } from '../../infra/constructs/function-sizes.ts';
import { ROUTE_RATES } from '../../infra/constructs/route-rates.ts';
import type { GroupedMessage } from '../../shared/aws/message-queue.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { configuredHooks } from '../../shared/sign-in/hooks/configured-hooks.ts';
import { cachedKeySets } from '../../shared/sign-in/providers/key-sets.ts';
import { logIn } from '../../shared/sign-in/sessions/log-in.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { isReadLock } from '../fakes/command-entries.ts';
import { httpEvent } from '../fakes/hook-world.ts';
import { licenseZip } from '../fakes/license-file.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { CALLER as GLOBEX, makeCaller } from '../fakes/two-tenants.ts';
import { aLicense, aWorld, keyedHash } from '../fakes/world.ts';
import { wrappedTable } from '../fakes/wrapped-table.ts';
import { apiOn } from '../functions/admin-api/api.ts';
import { account, groupedQueue, routeOf } from './account.ts';
import { virtualTime } from './virtual-time.ts';

/** Of an account that nobody has asked AWS to enlarge. */
const QUOTA = 1_000;
/** How long a login may take. Beyond it the alarm `slow-logins` rings. */
const LOGIN_WITHIN = 2_000;
/** How long one call of the table, and one of the bucket, takes here. */
const TABLE_CALL = 10;
/** A large tenant's page of a list, and a file of many licenses. */
const LIST_CALL = 2_000;
const FILE_CALL = 5_000;
const SECONDS = 12;
/** A second, by acme. */
const POSTS = 30;

const BUCKET = 'licenses';

const viewer = (name: number): Caller => ({ role: 'viewer', tenant: 'acme', actor: `viewer ${name}` });

/** A service on one account with these reserved executions. Acme floods it for some seconds, and globex works. */
async function flood(sizes: FunctionSizes, { isGrouped = true, hasLock = true } = {}) {
  const time = virtualTime();
  const { clock } = time;
  const memory = memoryTable();
  const pool = (tenant: string, name: string, length: number) =>
    Array.from({ length }, (_, index) => aLicense({ tenant, serialNumber: `${name}${index}` }));
  await aWorld({ table: memory, licenses: [...pool('acme', 'A', 5), ...pool(GLOBEX, 'G', 10 * SECONDS)] });
  await makeCaller(memory);
  const table = wrappedTable(memory, async (name, call) => {
    await time.sleep(name === 'list' ? LIST_CALL : TABLE_CALL);
    return call();
  });
  const objects = memoryObjects();
  const slowObjects: typeof objects = {
    ...objects,
    get: async (...which) => {
      await time.sleep(FILE_CALL);
      return objects.get(...which);
    },
  };
  const deps = {
    table,
    clock,
    random: seededRandom(7),
    readTenant: cachedTenants(readTenant(table), clock),
    cardHints: new Map(),
    vacancyHints: new Map(),
    keyedHash,
    log: () => {},
  };
  const invoke = account(time, QUOTA, sizes);
  const spread = async (perSecond: number, call: (index: number) => Promise<unknown>): Promise<void> => {
    const calls: Promise<unknown>[] = [];
    for (let index = 0; index < perSecond * SECONDS; index += 1) {
      calls.push(call(index));
      await time.sleep(1_000 / perSecond);
    }
    await Promise.all(calls);
  };

  // Reads: twenty viewers of acme, each as fast as they can.
  const { call } = apiOn(hasLock ? deps : { ...deps, table: withoutLock(table) }, callRate(clock));
  const administrators = routeOf(time, ROUTE_RATES.administrators);
  const reads = spread(300, async (index) => {
    const read = { method: 'GET', path: `/tenants/acme/${index % 2 === 0 ? 'audit' : 'layout-check'}` };
    return administrators() && invoke('admin-api', () => call(read, viewer(index % 20)));
  });

  // Anonymous calls of a hook that acme does not have.
  const hooks = {
    ...deps,
    hooks: configuredHooks(table, async () => undefined, clock),
    keySets: cachedKeySets(() => Promise.reject(new Error('nothing is fetched here'))),
    within: async <Answer>(_: number, work: Promise<Answer>) => ({ kind: 'done', answer: await work }) as const,
    measure: () => {},
    noteCall: async () => {},
  };
  const hookRoute = routeOf(time, ROUTE_RATES.hooks);
  const event = httpEvent('/hooks/acme/okta', 'okta', { body: '{}' });
  const anonymous = spread(1_500, async () => hookRoute() && invoke('session-hooks', () => answerCall(hooks, event)));

  // Uploads: acme posts one form again and again, and globex uploads one file.
  const reported = new Map<string, number>();
  const bytes = await licenseZip({ licenses: [{ serialNumber: 'B1' }] });
  const importOne = async (message: GroupedMessage, tenant: string) => {
    const record = { eventSource: 'aws:sqs', receiptHandle: 'r', body: message.body };
    const Records = [{ ...record, attributes: { ApproximateReceiveCount: '1' } }];
    await invoke('import-licenses', () => answerUploads(importing, BUCKET, { Records }));
    reported.set(tenant, (reported.get(tenant) ?? 0) + 1);
    if (tenant === GLOBEX) finished.push(time.now());
  };
  const finished: number[] = [];
  let count = 0;
  const queue = groupedQueue<GroupedMessage & { readonly tenant: string }>(16, (message) =>
    importOne(message, message.tenant),
  );
  const importing = {
    ...deps,
    objects: slowObjects,
    hideFor: async () => {},
    queueUpload: async (message: GroupedMessage) => {
      count += 1;
      queue.send({ ...message, tenant: message.group, group: isGrouped ? message.group : `${count}` });
    },
  };
  const post = async (tenant: string) => {
    const { key, versionId, etag } = objects.upload(`tenants/${tenant}/uploads/form.zip`, bytes);
    const s3 = { bucket: { name: BUCKET }, object: { key, versionId, eTag: etag } };
    const Records = [{ eventName: 'ObjectCreated:Post', s3 }];
    return invoke('import-licenses', () => answerUploads(importing, BUCKET, { Records }));
  };
  const uploads = spread(POSTS, () => post('acme'));

  // Globex: one login every 100 ms, and one upload in the middle of the flood.
  const logins: Awaited<ReturnType<typeof login>>[] = [];
  const login = (index: number) =>
    invoke('login', () =>
      logIn(deps, {
        tenant: GLOBEX,
        user: `user-${index}`,
        session: `s${index}`,
        kind: 'login',
        at: clock.now(),
        claims: {},
        actor: 'test',
      }),
    );
  const working = spread(10, async (index) => void logins.push(await login(index)));
  await time.sleep(3_000);
  const uploadedAt = time.now();
  await post(GLOBEX);
  await Promise.all([reads, anonymous, uploads, working]);
  await queue.settle();
  return { logins, reported, importedAfter: (finished[0] ?? Number.POSITIVE_INFINITY) - uploadedAt };
}

function withoutLock(table: Table): Table {
  return { ...table, write: async (writes) => (isReadLock(writes) ? { done: true } : table.write(writes)) };
}

const throttled = (logins: Awaited<ReturnType<typeof flood>>['logins']) =>
  logins.filter(({ kind }) => kind === 'throttled').length;

describe('a flood of reads, uploads and hook calls by one tenant', () => {
  it('leaves the logins and the import of another tenant within their time, and loses no upload', async () => {
    const { logins, reported, importedAfter } = await flood(concurrencyOf('production', undefined));

    expect(logins).toHaveLength(10 * SECONDS);
    expect(throttled(logins)).toBe(0);
    expect(Math.max(...logins.map(({ milliseconds }) => milliseconds))).toBeLessThan(LOGIN_WITHIN);
    expect(logins.map(({ answer }) => answer?.outcome)).not.toContain('denied');
    expect(importedAfter).toBeLessThan(3 * FILE_CALL);
    expect(reported).toEqual(
      new Map([
        ['acme', POSTS * SECONDS],
        [GLOBEX, 1],
      ]),
    );
  });

  it('stops these logins when no executions are reserved, and each read of a tenant runs', async () => {
    const { logins } = await flood({}, { hasLock: false });

    expect(throttled(logins)).toBeGreaterThan(0);
  });

  it('holds up the import of another tenant when its uploads have no group', async () => {
    const { importedAfter } = await flood(concurrencyOf('production', undefined), { isGrouped: false });

    expect(importedAfter).toBeGreaterThan(3 * FILE_CALL);
  });
});
