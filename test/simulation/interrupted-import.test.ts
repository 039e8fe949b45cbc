import { describe, expect, it } from 'vitest';
import type { ReportSummary } from '../../shared/imports/report.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import type { Objects } from '../../shared/platform/ports/objects.ts';
import type { Item, Table, WriteAnswer } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { seededTurns } from '../fakes/interleaving.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { type FileFacts, licenseZip } from '../fakes/license-file.ts';
import { aLicense, fixedClock } from '../fakes/world.ts';
import { interleavedTable, interruptedTable, wrappedTable } from '../fakes/wrapped-table.ts';

/** 120 licenses, three pages: new ones, and among them one of every other kind. */
const NEW = Array.from({ length: 114 }, (_, index) => ({ serialNumber: `S${index}` }));
const KNOWN = [
  { serialNumber: 'SAME' },
  { serialNumber: 'CLASS' },
  { serialNumber: 'FREE', expiryDate: '2028-01-14' },
  { serialNumber: 'USED', type: 'Dedicated', expiryDate: '2028-01-14' },
  { serialNumber: 'STALE', expiryDate: '2028-01-14' },
  { serialNumber: 'GONE' },
];
const FILE = { issued: '2026-02-01', licenses: [...NEW.slice(0, 60), ...KNOWN, ...NEW.slice(60)] };

/** Nothing waits, so that the clock stands still and all runs can be compared to the millisecond. */
async function aStillWorld(file: FileFacts = FILE) {
  const world = await anImportWorld({
    licenses: [
      aLicense({ serialNumber: 'SAME' }),
      aLicense({ serialNumber: 'CLASS', modules: 'CMDB' }),
      aLicense({ serialNumber: 'FREE' }),
      aLicense({ serialNumber: 'USED', type: 'dedicated', folderId: 'finance' }),
      aLicense({ serialNumber: 'STALE', imported: { importId: 'i', outcome: 'added', issued: '2026-03-01' } }),
      aLicense({ serialNumber: 'GONE', deletedAt: '2026-02-20T00:00:00.000Z' }),
    ],
  });
  await world.login('ada', { claims: { folder: 'Finance' } });
  const uploaded = world.upload('licenses.zip', await licenseZip(file));
  const clock = { ...fixedClock(), pause: async () => undefined };
  return { ...world, uploaded, deps: { ...world.deps, clock, licensesPerSecond: Number.POSITIVE_INFINITY } };
}

class ProcessDied extends Error {}

/**
 * The process dies at its call number `at` (from 1) to table or bucket: before it takes effect, or before its answer.
 */
function dying({ table, objects }: { table: Table; objects: Objects }, at: number, moment: 'before' | 'after') {
  let calls = 0;
  const around = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    calls += 1;
    if (calls > at || (calls === at && moment === 'before')) throw new ProcessDied();
    const answer = await call();
    if (calls >= at) throw new ProcessDied();
    return answer;
  };
  return {
    table: wrappedTable(table, (_, call) => around(call)),
    objects: wrappedObjects(objects, around),
    calls: () => calls,
  };
}

function wrappedObjects(objects: Objects, around: <Answer>(call: () => Promise<Answer>) => Promise<Answer>): Objects {
  return {
    head: (at) => around(() => objects.head(at)),
    get: (found, atMost) => around(() => objects.get(found, atMost)),
    list: (range) => around(() => objects.list(range)),
    put: (...object) => around(() => objects.put(...object)),
  };
}

function stateOf(items: readonly Item[]): readonly Item[] {
  return items.toSorted((one, other) => (`${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1));
}

describe('interrupted import', () => {
  it.each(['before', 'after'] as const)(
    'has the same state and the same report after a crash at any call, %s it takes effect (R7, F09, F10)',
    async (moment) => {
      const whole = await aStillWorld();
      const report = await whole.importUpload(whole.uploaded, whole.deps);
      const state = stateOf(whole.table.items());
      const object = whole.objects.json(`${whole.uploaded.key}.report.json`);
      expect(report.counts).toEqual({
        added: 114,
        termChanged: 2,
        unchanged: 1,
        stale: 1,
        conflict: 1,
        deletedBefore: 1,
      });

      let calls = 0;
      for (let at = 1; calls === at - 1; at += 1) {
        const world = await aStillWorld();
        const dead = dying(world, at, moment);
        const dies = world.importUpload(world.uploaded, { ...world.deps, table: dead.table, objects: dead.objects });
        const result = await dies.catch((error: unknown) => error);
        calls = Math.min(dead.calls(), at);
        if (result instanceof ProcessDied) expectInvariants(world.table.items());
        else expect(dead.calls()).toBeLessThan(at);

        const again = await world.importUpload(world.uploaded, world.deps);

        expect(again).toEqual(report);
        expect(stateOf(world.table.items())).toEqual(state);
        expect(world.objects.json(`${world.uploaded.key}.report.json`)).toEqual(object);
      }
      expect(calls).toBeGreaterThan(15);
    },
    60_000,
  );

  it('recognizes its own write whose answer was lost and that was sent again (F14)', async () => {
    const whole = await aStillWorld();
    const report = await whole.importUpload(whole.uploaded, whole.deps);
    const world = await aStillWorld();
    const twice: Table = {
      ...world.table,
      write: async (writes): Promise<WriteAnswer> => {
        await world.table.write(writes);
        return world.table.write(writes);
      },
    };

    const answer = await world.importUpload(world.uploaded, { ...world.deps, table: twice });

    expect(answer).toEqual(report);
    expect(stateOf(world.table.items())).toEqual(stateOf(whole.table.items()));
  });

  it.each([
    ['accepted', 'a new file', FILE],
    ['accepted', 'a copy', FILE],
    ['rejected', 'a wrong file', { ...FILE, customer: 'globex' }],
  ])(
    'is finished by a second delivery that overlaps it, whenever that begins: %s, %s (F11)',
    async (status, kind, file) => {
      for (let at = 1; at <= 30; at += 1) {
        const world = await aStillWorld(file);
        if (kind === 'a copy') await world.importUpload(world.upload('first.zip', await licenseZip(file)), world.deps);
        const later = { ...world.deps.clock, now: () => '2026-03-02T08:20:00.000Z' };
        let second: ReportSummary | undefined;
        const interrupted = interruptedTable(world.table, at, async () => {
          second = await world.importUpload(world.uploaded, { ...world.deps, clock: later });
        });

        const first = await world.importUpload(world.uploaded, { ...world.deps, table: interrupted });

        expect(first.status).toBe(status);
        expect(second ?? first).toEqual(first);
        expect(await world.importUpload(world.uploaded)).toEqual(first);
        expectInvariants(world.table.items());
      }
    },
    60_000,
  );

  it('closes the report of an upload that was removed for good before the retry, with what came in (F03, R7)', async () => {
    const world = await aStillWorld();
    const dead = dying(world, 11, 'after');
    const dies = world.importUpload(world.uploaded, { ...world.deps, table: dead.table, objects: dead.objects });
    await expect(dies).rejects.toThrow(ProcessDied);
    world.objects.purge(world.uploaded.key);
    const licenses = world.table.items().filter(({ sk }) => sk === 'LICENSE').length - 6;

    const answer = await world.importUpload(world.uploaded);

    expect(licenses).toBeGreaterThan(0);
    expect(answer).toMatchObject({
      status: 'accepted',
      counts: { added: licenses },
      faults: [{ code: 'upload-gone' }],
    });
    const report = await world.report(world.uploaded.key);
    expect(report).toMatchObject({ importId: answer.importId });
    expect(answer.faults[0]?.text).toContain(
      `only the licenses listed here were processed (${report?.licenses.length})`,
    );
  });

  it('does not say that nothing came in of an upload without versions that was deleted while it was imported', async () => {
    const world = await anImportWorld({ versioned: false });
    const uploaded = world.upload('licenses.zip', await licenseZip(FILE));
    const dead = dying(world, 11, 'after');
    const dies = world.importUpload(uploaded, { table: dead.table, objects: dead.objects });
    await expect(dies).rejects.toThrow(ProcessDied);
    world.objects.remove(uploaded.key);

    const answer = await world.importUpload(uploaded);

    expect(world.table.items().some(({ sk }) => sk === 'LICENSE')).toBe(true);
    expect(answer).toMatchObject({ status: 'rejected', faults: [{ code: 'upload-gone' }] });
    expect(answer.faults[0]?.text).toContain('only some of its licenses were imported');
  });

  it('waits while others write or the table is throttled, and goes on (F12, F13)', async () => {
    const { deps, importUpload, upload, table } = await anImportWorld();
    const uploaded = upload('licenses.zip', await licenseZip(FILE));
    let refusals = 200;
    const throttled: Table = {
      ...table,
      write: async (writes) => {
        if (refusals === 0) return table.write(writes);
        refusals -= 1;
        return { done: false, refusals: writes.map(() => ({ because: 'conflict' })) };
      },
    };

    const answer = await importUpload(uploaded, { ...deps, table: throttled });

    expect(answer.counts.added).toBe(120);
    expectInvariants(table.items());
  });

  it('is not reported as done while it is throttled: after a minute it requests a retry, and then continues (F12)', async () => {
    const { deps, importUpload, upload, table } = await anImportWorld();
    const uploaded = upload('licenses.zip', await licenseZip(FILE));
    let pages = 0;
    const throttled: Table = {
      ...table,
      write: async (writes) => {
        if (writes.length > 2) pages += 1;
        const isRefused = writes.length > 2 && pages > 1;
        return isRefused ? { done: false, refusals: writes.map(() => ({ because: 'conflict' })) } : table.write(writes);
      },
    };

    await expect(importUpload(uploaded, { ...deps, table: throttled })).rejects.toThrow(TryAgain);
    expect(table.items().filter(({ sk }) => sk === 'LICENSE')).toHaveLength(49);

    expect((await importUpload(uploaded)).counts.added).toBe(120);
    expectInvariants(table.items());
  });
});

describe('two imports of one tenant at once', () => {
  const A = { issued: '2026-02-01', licenses: [{ serialNumber: 'X' }, { serialNumber: 'ONLY-A' }] };
  const LATER = {
    issued: '2026-02-02',
    licenses: [{ serialNumber: 'ONLY-B' }, { serialNumber: 'X', expiryDate: '2028-01-14' }],
  };
  const CLASS = { issued: '2026-02-01', licenses: [{ serialNumber: 'X', modules: 'CMDB' }, { serialNumber: 'Y' }] };
  const KNOWN_X = [aLicense({ serialNumber: 'X', expiresOn: '2028-01-14' })];

  async function aWorldWith(other: typeof LATER | typeof CLASS, licenses: readonly License[]) {
    const world = await anImportWorld({ licenses });
    const one = world.upload('a.zip', await licenseZip(A));
    const two = world.upload('b.zip', await licenseZip(other));
    const outcome = async () => ({
      licenses: stateOf(world.table.items().filter(({ pk }) => /^[LV]#/.test(pk))).map(
        ({ serialNumber, modules, expiresOn }) => ({ serialNumber, modules, expiresOn }),
      ),
      reports: [(await world.report(one.key))?.licenses, (await world.report(two.key))?.licenses].map((rows) =>
        rows?.map(({ serialNumber, outcome }) => `${serialNumber} ${outcome}`),
      ),
    });
    return { ...world, one, two, outcome };
  }

  it.each([
    ['a later term', LATER, []],
    ['another class', CLASS, []],
    ['a later file that confirms what was known', LATER, KNOWN_X],
  ] as const)(
    'have the result of one of the two orders, wherever the second one begins: %s (F06, F07)',
    async (_, other, known) => {
      const orders: unknown[] = [];
      for (const [first, second] of [
        ['one', 'two'],
        ['two', 'one'],
      ] as const) {
        const world = await aWorldWith(other, known);
        await world.importUpload(world[first]);
        await world.importUpload(world[second]);
        orders.push(await world.outcome());
      }

      for (let at = 1; at <= 20; at += 1) {
        const world = await aWorldWith(other, known);
        const interrupted = interruptedTable(world.table, at, () => world.importUpload(world.two));
        await world.importUpload(world.one, { table: interrupted });
        await world.importUpload(world.two);
        expect(orders).toContainEqual(await world.outcome());
        expectInvariants(world.table.items());
      }
      for (let seed = 1; seed <= 100; seed += 1) {
        const world = await aWorldWith(other, known);
        const table = interleavedTable(world.table, seededTurns(seededRandom(seed)));
        await Promise.all([world.importUpload(world.one, { table }), world.importUpload(world.two, { table })]);
        expect(orders).toContainEqual(await world.outcome());
        expectInvariants(world.table.items());
      }
    },
    60_000,
  );

  it('of the same bytes name one of them as the first, wherever the second one begins (F04)', async () => {
    for (let at = 1; at <= 12; at += 1) {
      const world = await anImportWorld();
      const [one, two] = [world.upload('a.zip', await licenseZip(A)), world.upload('b.zip', await licenseZip(A))];
      const table = interruptedTable(world.table, at, () => world.importUpload(two));

      const first = await world.importUpload(one, { table });
      const second = await world.importUpload(two);

      expect([first.sameAs, second.sameAs]).toContainEqual(undefined);
      expect([first.sameAs, second.sameAs]).toContainEqual(
        first.sameAs === undefined ? first.importId : second.importId,
      );
    }
  });

  it('of one key leave the report of the latest upload, wherever the other one begins (F02)', async () => {
    const aWorldWithBoth = async () => {
      const world = await anImportWorld();
      const old = world.upload('a.zip', await licenseZip(A));
      const recent = world.upload('a.zip', await licenseZip(LATER));
      const expectLatest = async (importId: string | undefined) => {
        expect(await world.report(recent.key)).toMatchObject({ importId });
        expect(world.objects.json(`${recent.key}.report.json`)).toMatchObject({ importId });
      };
      return { ...world, old, recent, expectLatest };
    };

    for (let at = 1; at <= 14; at += 1) {
      const world = await aWorldWithBoth();
      let ofRecent: ReportSummary | undefined;
      const table = interruptedTable(world.table, at, async () => {
        ofRecent = await world.importUpload(world.recent);
      });
      await world.importUpload(world.old, { table });
      ofRecent ??= await world.importUpload(world.recent);
      await world.expectLatest(ofRecent.importId);
    }
    for (let seed = 1; seed <= 100; seed += 1) {
      const world = await aWorldWithBoth();
      const nextTurn = seededTurns(seededRandom(seed));
      const table = interleavedTable(world.table, nextTurn);
      const objects = wrappedObjects(world.objects, async (call) => {
        await nextTurn('object');
        return call();
      });

      const [, ofRecent] = await Promise.all([
        world.importUpload(world.old, { table, objects }),
        world.importUpload(world.recent, { table, objects }),
      ]);
      await world.expectLatest(ofRecent.importId);
    }
  });
});

describe('import beside logins', () => {
  const licenses = [
    aLicense({ serialNumber: 'F1' }),
    aLicense({ serialNumber: 'F2' }),
    aLicense({ serialNumber: 'D', type: 'dedicated' }),
  ];
  const rows = licenses.map(({ serialNumber, type }) => ({
    serialNumber,
    type: type === 'floating' ? 'Floating' : 'Dedicated',
    expiryDate: '2028-01-14',
  }));
  const FILE_OF_ALL = { issued: '2026-02-01', licenses: rows };

  async function aWorldInUse() {
    const world = await anImportWorld({ licenses });
    const uploaded = world.upload('licenses.zip', await licenseZip(FILE_OF_ALL));
    const expectNewTerms = async () => {
      for (const { serialNumber } of licenses) {
        expect(await world.license(serialNumber)).toMatchObject({ expiresOn: '2028-01-14' });
      }
      expectInvariants(world.table.items());
    };
    return { ...world, uploaded, expectNewTerms };
  }

  it.each([
    ['comes', ['ada'], 'bob'],
    ['comes back', ['ada', 'bob', 'cyd'], 'cyd'],
  ])('changes the term of licenses although a user %s in between (I3)', async (_, before, user) => {
    for (let at = 1; at <= 16; at += 1) {
      const world = await aWorldInUse();
      for (const one of before) await world.login(one);
      if (before.includes(user)) await world.logout(user);
      const table = interruptedTable(world.table, at, () => world.login(user, { session: 's2' }));

      await world.importUpload(world.uploaded, { table });

      await world.expectNewTerms();
    }
  });

  it('changes the term of licenses while users log in and out, and cards always agree (I3)', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const world = await aWorldInUse();
      const table = interleavedTable(world.table, seededTurns(seededRandom(seed)));
      const { login, logout } = world.elsewhere({ table });

      await Promise.all([
        world.importUpload(world.uploaded, { table }),
        login('ada').then(() => logout('ada')),
        login('bob'),
        login('cyd').then(() => login('cyd', { session: 's2' })),
      ]);

      await world.expectNewTerms();
    }
  }, 60_000);
});
