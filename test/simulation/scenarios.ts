import { importUpload } from '../../shared/imports/import-upload.ts';
import { ROOT } from '../../shared/licensing/folder-tree.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import { ALLOCATION_STEPS } from '../../shared/licensing/login/allocation-steps.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { endIdleSessions } from '../../shared/sign-in/sessions/end-idle-sessions.ts';
import { cachedTenants, type ReadTenant, readTenant } from '../../shared/store/read-tenant.ts';
import { administrator } from '../fakes/administrator.ts';
import { type Counts, countingTable } from '../fakes/counting-table.ts';
import { atOnce } from '../fakes/interleaving.ts';
import { violationsOf } from '../fakes/invariants.ts';
import { licenseXml } from '../fakes/license-file.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { type MemoryTable, memoryTable } from '../fakes/memory-table.ts';
import { aRenewalWorld } from '../fakes/renewal-world.ts';
import { aPool, overSubscribed, users } from '../fakes/storms.ts';
import { aUserCard, aWorld, keyedHash, type WorldFacts } from '../fakes/world.ts';
import { wrappedTable } from '../fakes/wrapped-table.ts';
import { CallFailed, noUnits } from './conflict-table.ts';
import type { Units } from './item-units.ts';
import { simulatedTestbed, type Testbed, type TestbedFacts } from './testbed.ts';
import type { VirtualTime } from './virtual-time.ts';

/*
 * The storms S1–S8, in the conflict simulator or on another testbed: what each login got and cost, and everything that
 * must never happen, as texts. Nothing here decides what is too much; tests and the bench do.
 */

type Done = {
  readonly receipt: Receipt;
  readonly from: number;
  readonly to: number;
  readonly counts: Counts;
  readonly units: Units;
};

export type Figures = {
  readonly done: readonly Done[];
  /** Logins that ended with `TryAgain` or a fault of the table. */
  readonly failed: number;
  readonly conflicts: { readonly transactions: number; readonly refused: number };
  /** Ms of the testbed's time. */
  readonly took: number;
  readonly violations: readonly string[];
};

export type RunFacts = TestbedFacts & {
  readonly width?: number;
  /** Whether the processes know where their users are; yes unless said. */
  readonly knowsFolders?: boolean;
  /** Where it runs; the simulator unless said. */
  readonly testbed?: (facts: TestbedFacts) => Promise<Testbed>;
};
type PreparedWorld = Pick<Awaited<ReturnType<typeof aWorld>>, 'elsewhere'> & { readonly table: MemoryTable };
type StormWorld = Awaited<ReturnType<typeof aStormWorld>>;

const PROCESSES = 8;
const MOST_NOTED = 20;

/** With settings that may not be stored, such as an idle time that a storm of a second can wait for. */
function asGiven(read: ReadTenant, settings: WorldFacts['settings'] = {}): ReadTenant {
  return async (tenant) => {
    const found = await read(tenant);
    return found && { ...found, settings: { ...found.settings, ...settings } };
  };
}

/** A world on its testbed: logins are spread over processes that know the tenant and where its users are. */
export async function aStormWorld(
  facts: Omit<WorldFacts, 'table'> & { readonly prepared?: PreparedWorld },
  { testbed: testbedFor = simulatedTestbed, knowsFolders = true, ...given }: RunFacts,
) {
  const { seed } = given;
  const testbed = await testbedFor(given);
  const { time } = testbed;
  const table = memoryTable();
  const world = facts.prepared ?? { ...(await aWorld({ ...facts, table, seed })), table };
  await testbed.fill(world.table.items());
  const random = seededRandom(seed + 1_000);
  const today = '2026-03-02';

  const { cards = [] } = facts;
  const folders = (knowsFolders ? cards : []).map(
    ({ user, folderId, access }) => [`acme ${user}`, { folderId, access }] as const,
  );
  const processes = Array.from({ length: PROCESSES }, (_, index) => ({
    clock: time.clock,
    random: seededRandom(seed * 100 + index),
    readTenant: cachedTenants(asGiven(readTenant(testbed.table), facts.settings), time.clock),
    cardHints: new Map(folders),
    vacancyHints: new Map(),
  }));
  for (const { readTenant: read } of processes) await read('acme');
  testbed.begin();

  const done: Done[] = [];
  const violations: string[] = [];
  let failed = 0;

  const note = (found: readonly string[]): void => {
    if (violations.length < MOST_NOTED) violations.push(...found);
  };
  const look = (moment: string, items = testbed.glance?.() ?? []): void =>
    note(violationsOf(items, today).map((text) => `${moment}: ${text}`));

  type LoginOptions = Parameters<ReturnType<typeof world.elsewhere>['login']>[1];
  /** On any table in place of the process's own: a dying one. */
  const login = async (
    user: string,
    options: LoginOptions = {},
    wrap = (table: Table) => table,
  ): Promise<Receipt | undefined> => {
    const units = noUnits();
    const counting = countingTable(testbed.tableFor(units));
    const process = processes[random(PROCESSES)]!;
    const from = testbed.moment();
    try {
      const receipt = await world.elsewhere({ ...process, table: wrap(counting.table) }).login(user, options);
      done.push({ receipt, from, to: testbed.moment(), counts: counting.counts, units });
      return receipt;
    } catch (error) {
      if (!(error instanceof TryAgain || error instanceof CallFailed)) throw error;
      failed += 1;
      return undefined;
    }
  };
  const logout = (user: string, session?: string) =>
    world.elsewhere({ ...processes[0]!, table: testbed.table }).logout(user, session);

  const figures = async (): Promise<Figures> => {
    look('at the end', await testbed.stored());
    for (const one of done) note(passedOver(one, testbed.certainlyFree));
    return { done, failed, conflicts: testbed.conflicts, took: time.now(), violations };
  };
  return { ...testbed, world, random, login, logout, look, figures, process: processes[0]! };
}

/** A license of an earlier step, or of any step for a denial, that was certainly free as long as the login took. */
function passedOver({ receipt, from, to }: Done, certainlyFree: Testbed['certainlyFree']): readonly string[] {
  const isJudged = receipt.outcome === 'allocated' || receipt.reason === 'no-free-license';
  if (!isJudged) return [];
  for (const step of ALLOCATION_STEPS) {
    if (step.name === receipt.step) return [];
    const folderId = step.where === 'root' ? ROOT : 'finance';
    const free = certainlyFree(`V#acme#${folderId} w${step.type === 'floating' ? 1 : 2}`, from, to);
    if (free.length > 0) {
      return [`${receipt.user} got ${receipt.step ?? receipt.reason} while ${free[0]} was free in ${step.name}`];
    }
  }
  return [];
}

const cards = (count: number) => users(count).map((user) => aUserCard({ user }));

/** S1, and S4 with a width of 500: as many licenses in the users' folder as users, or more. */
export async function s1({ pool = 500, ...facts }: RunFacts & { readonly pool?: number }): Promise<Figures> {
  const storm = await aStormWorld({ licenses: aPool(pool, { folderId: 'finance' }, 'F'), cards: cards(500) }, facts);
  await atOnce(users(500), facts.width ?? 8, (user) => storm.login(user));
  return storm.figures();
}

export async function s2(facts: RunFacts): Promise<Figures> {
  const storm = await aStormWorld(overSubscribed(), facts);
  await atOnce(users(500), facts.width ?? 64, (user) => storm.login(user));
  return storm.figures();
}

export async function s3(facts: RunFacts): Promise<Figures> {
  const licenses = aPool(100, { folderId: 'finance' }, 'F');
  const storm = await aStormWorld({ licenses, cards: cards(25) }, facts);
  const logins = users(25).flatMap((user) => Array.from({ length: 20 }, (_, at) => ({ user, session: `s${at}` })));
  await atOnce(logins, facts.width ?? 64, ({ user, session }) => storm.login(user, { session }));
  return storm.figures();
}

/** Churn: 80 users on 70 licenses, sessions of 70 ms, for some seconds. */
export async function s5({ seconds = 60, ...facts }: RunFacts & { readonly seconds?: number }): Promise<Figures> {
  const storm = await aStormWorld({ licenses: aPool(70, { folderId: 'finance' }, 'F'), cards: cards(80) }, facts);
  const { time } = storm;
  await Promise.all(
    users(80).map(async (user, index) => {
      await time.sleep(index);
      for (let turn = 0; time.now() < seconds * 1_000; turn += 1) {
        const session = `s${turn}`;
        const receipt = await storm.login(user, { session });
        await time.sleep(70);
        if (receipt?.outcome !== 'denied') await logoutUntilDone(storm, user, session);
      }
    }),
  );
  return storm.figures();
}

/** S2 while an administrator releases, assigns, moves and deletes. */
export async function s6(facts: RunFacts): Promise<Figures> {
  const { licenses, cards: known } = overSubscribed();
  const storm = await aStormWorld({ licenses, cards: known }, facts);
  const { random, time } = storm;
  const admin = administrator(storm.table, () => time.sleep(random(20)));
  const pick = (of: readonly License[]): string => of[random(of.length)]!.serialNumber;
  const dedicated = licenses.filter(({ type }) => type === 'dedicated');
  const office = async (): Promise<void> => {
    for (let act = 0; act < 60; act += 1) {
      const acts = [
        () => admin.release(pick(dedicated)),
        () => admin.assign(pick(dedicated), `user-${random(500)}`),
        () => admin.move(pick(licenses), ['finance', 'root', 'sales', 'zOld'][random(4)]!),
        () => admin.change(pick(licenses), { event: 'delete', today: '2026-03-02', at: time.clock.now() }),
        () => admin.moveCard(`user-${random(500)}`, 'finance'),
      ];
      await acts[random(acts.length)]!().catch(ignoreFailedCalls);
      if (act % 10 === 0) storm.look(`after act ${act}`);
    }
  };
  await Promise.all([...[1, 2, 3].map(office), atOnce(users(500), facts.width ?? 64, (user) => storm.login(user))]);
  return storm.figures();
}

/** S2 with logouts, late logins and the idle sweep racing. */
export async function s7(facts: RunFacts): Promise<Figures> {
  const { licenses } = overSubscribed();
  const storm = await aStormWorld({ licenses, cards: cards(500), settings: { idleTimeout: 400 } }, facts);
  const { random, time } = storm;
  const start = time.clock.now();
  const sweep = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn += 1) {
      await time.sleep(100);
      await endIdleSessions({ ...storm.process, table: storm.table }).catch(ignoreFailedCalls);
      storm.look(`after sweep ${turn}`);
    }
  };
  await Promise.all([
    sweep(),
    sweep(),
    atOnce(users(500), facts.width ?? 64, async (user) => {
      const logout = () => logoutUntilDone(storm, user, 's1');
      switch (random(4)) {
        case 0:
          return storm.login(user);
        case 1:
          await storm.login(user);
          return logout();
        case 2:
          return Promise.all([storm.login(user, { at: start }), logout()]);
        default:
          await Promise.all([storm.login(user), storm.login(user, { session: 's2' })]);
          return Promise.all([logout(), storm.login(user, { session: 's2', kind: 'activity' })]);
      }
    }),
  ]);
  return storm.figures();
}

/** S2 while a large import and a renewal run. */
export async function s8({ imported = 20_000, ...facts }: RunFacts & { readonly imported?: number }): Promise<Figures> {
  const { licenses, cards: known } = overSubscribed();
  const march = licenses.map((one) => (one.type === 'dedicated' ? { ...one, expiresOn: '2026-03-31' } : one));
  const file = march
    .filter(({ type }) => type === 'dedicated')
    .map(({ serialNumber }) => ({ serialNumber: `NEW-${serialNumber}`, type: 'Dedicated' }));
  const renewal = await aRenewalWorld({ licenses: march, cards: known, file });
  await renewal.approve();
  const storm = await aStormWorld({ cards: known, prepared: renewal }, facts);
  const working = realWork(storm.time, storm.table);

  const runRenewal = async (): Promise<void> => {
    const steps = renewal.stepsOn(working.table);
    const again = <Answer>(step: () => Promise<Answer>) => untilDone(working.clock, step);
    await again(steps.begin);
    await again(steps.importHeldBack);
    for (;;) {
      const step = await again(steps.findNext);
      if (step.next !== 'switch') return;
      for (const range of step.batches) await again(() => steps.switchBatch(range));
    }
  };
  const runImport = async (): Promise<void> => {
    const objects = memoryObjects();
    const kinds = [{ access: 'read' }, { modules: 'CMDB', type: 'Dedicated' }, { access: 'read', type: 'Dedicated' }];
    const rows = Array.from({ length: imported }, (_, index) => ({ serialNumber: `I${index}`, ...kinds[index % 3] }));
    const bytes = new TextEncoder().encode(licenseXml({ issued: '2026-02-01', licenses: rows }));
    const uploaded = objects.upload('tenants/acme/uploads/large.xml', bytes);
    const deps = { ...storm.process, table: working.table, clock: working.clock, objects, keyedHash, log: () => {} };
    const upload = { ...uploaded, tenant: 'acme' };
    await untilDone(working.clock, () =>
      importUpload({ ...deps, licensesPerSecond: Number.POSITIVE_INFINITY }, upload),
    );
  };
  await Promise.all([
    working.run(runRenewal),
    working.run(runImport),
    atOnce(users(500), facts.width ?? 8, async (user) => {
      await storm.time.sleep(storm.random(40));
      return storm.login(user);
    }),
  ]);
  return storm.figures();
}

/**
 * Whoever reads files works in real time between its calls: virtual time waits for it, so that the seed alone decides.
 */
function realWork(time: VirtualTime, table: Table) {
  let waiting = 0;
  let release: (() => void) | undefined;
  const workers = { running: 0 };
  const settle = (): void => {
    const isBusy = workers.running > 0 && waiting < workers.running;
    if (isBusy && release === undefined) release = time.hold();
    if (!isBusy) {
      release?.();
      release = undefined;
    }
  };
  const around = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    waiting += 1;
    settle();
    try {
      return await call();
    } finally {
      waiting -= 1;
      settle();
    }
  };
  return {
    table: wrappedTable(table, (_, call) => around(call)),
    clock: { now: time.clock.now, pause: (ms: number) => around(() => time.sleep(ms)) },
    run: async (work: () => Promise<void>): Promise<void> => {
      workers.running += 1;
      settle();
      try {
        await work();
      } finally {
        workers.running -= 1;
        settle();
      }
    },
  };
}

/** An identity provider reports a logout until the service has accepted it. */
function logoutUntilDone({ logout, time }: Pick<StormWorld, 'logout' | 'time'>, user: string, session: string) {
  return untilDone(time.clock, () => logout(user, session));
}

/** A call that failed because of the table is made again, by the workflow, the queue or the provider. */
async function untilDone<Answer>(clock: Clock, work: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      ignoreFailedCalls(error);
      await clock.pause(50);
    }
  }
}

function ignoreFailedCalls(error: unknown): void {
  const causes = error instanceof AggregateError ? error.errors : [error];
  if (!causes.every((one) => one instanceof TryAgain || one instanceof CallFailed)) throw error;
}

export function spreadOf(values: readonly number[]): { readonly mean: number; readonly p99: number } {
  const sorted = values.toSorted((one, other) => one - other);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0 };
}
