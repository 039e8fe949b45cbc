import { describe, expect, it } from 'vitest';
import type { ExportPage } from '../../shared/administration/exports.ts';
import { noteOf } from '../../shared/licensing/login/card-notes.ts';
import { PAGE } from '../../shared/renewals/renewal.ts';
import { asAdministrator, refusal } from '../fakes/command-world.ts';
import { meteredTable } from '../fakes/metered-table.ts';
import { aRenewalWorld, expectDone, REQUEST } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const OLD = { type: 'dedicated', expiresOn: '2026-03-31' } as const;

type Rows = { readonly rows: readonly { readonly old?: string }[]; readonly cursor?: string };
type Ask = (command: string, members?: object) => Promise<unknown>;

const olds = async (ask: Ask, filter: object) =>
  ((await ask('list-renewal-rows', { renewalId: 'r1', ...filter })) as Rows).rows.map(({ old }) => old);

/** Ada works on D1 and owns it, bob owns D2 in Sales, and nobody has D3. There is one replacement. */
async function aShortRenewal() {
  const world = await aRenewalWorld({
    licenses: [
      aLicense({ ...OLD, serialNumber: 'D1', folderId: 'finance' }),
      aLicense({ ...OLD, serialNumber: 'D2', folderId: 'sales' }),
      aLicense({ ...OLD, serialNumber: 'D3', folderId: 'finance' }),
    ],
    cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob', name: 'Bob', folderId: 'sales' })],
    file: [{ serialNumber: 'N1', type: 'Dedicated', validFrom: '2026-04-03' }],
  });
  await world.ask('assign-license', { serialNumber: 'D1', user: 'ada' });
  await world.ask('assign-license', { serialNumber: 'D2', user: 'bob' });
  await world.login('ada');
  await expectDone(world.ask('plan-renewal', REQUEST));
  return world;
}

describe('list-renewal-rows', () => {
  it('lists the rows of an outcome, of a user, or of a folder', async () => {
    const { ask } = await aShortRenewal();

    expect(await olds(ask, {})).toEqual(['D1', 'D2', 'D3']);
    expect(await olds(ask, { outcome: 'replaced' })).toEqual(['D1']);
    expect(await olds(ask, { outcome: 'shortfall' })).toEqual(['D2', 'D3']);
    expect(await olds(ask, { user: 'bob' })).toEqual(['D2']);
    expect(await olds(ask, { user: 'nobody' })).toEqual([]);
    expect(await olds(ask, { folder: 'Finance' })).toEqual(['D1', 'D3']);
    expect(await olds(ask, { folder: 'Finance', outcome: 'shortfall' })).toEqual(['D3']);
  });

  it('finds a folder by the path that it has now, and by the path that it had in the plan', async () => {
    const { ask } = await aShortRenewal();
    await ask('rename-folder', { folder: 'Sales', newPath: 'Market' });

    expect(await olds(ask, { folder: 'Sales' })).toEqual(['D2']);
    expect(await olds(ask, { folder: 'Market' })).toEqual(['D2']);
    const filter = { renewalId: 'r1', folder: 'Nowhere' };
    expect(await ask('list-renewal-rows', filter)).toEqual(refusal('unknown-folder'));
  });

  it('shows what the snapshot has, and the number of the row in the plan', async () => {
    const { ask } = await aShortRenewal();

    const { rows } = (await ask('list-renewal-rows', { renewalId: 'r1', user: 'bob' })) as Rows;

    expect(rows).toMatchObject([
      { row: 2, old: 'D2', validFrom: '2026-01-15', expiresOn: '2026-03-31', state: 'assigned', assignedTo: 'bob' },
    ]);
  });

  it('refuses an unknown renewal, and a cursor of another list', async () => {
    const { ask } = await aShortRenewal();
    const invalid = refusal('invalid-request', { faults: expect.anything() });

    expect(await ask('list-renewal-rows', { renewalId: 'r2' })).toEqual(refusal('unknown-renewal'));
    for (const cursor of ['nothing', Buffer.from('row 99').toString('base64url')]) {
      expect(await ask('list-renewal-rows', { renewalId: 'r1', cursor })).toEqual(invalid);
      expect(await ask('list-renewal-endings', { renewalId: 'r1', cursor })).toEqual(invalid);
    }
  });

  it('gives every row once over any number of pages, and a page never reads more than 1,000 rows', async () => {
    const size = 2_000;
    const world = await aRenewalWorld({
      licenses: Array.from({ length: size }, (_, index) =>
        aLicense({ serialNumber: `F${100_000 + index}`, expiresOn: '2026-03-31', folderId: 'finance' }),
      ),
    });
    await world.ask('plan-renewal', { renewalId: 'r1', expiringOnOrBefore: '2026-03-31' });
    const { table, meter } = meteredTable(world.table);
    const { ask } = asAdministrator({ ...world.deps, table, clock: world.clock });

    const found: (string | undefined)[] = [];
    for (let cursor = {}; ; ) {
      const page = (await ask('list-renewal-rows', { renewalId: 'r1', limit: 700, ...cursor })) as Rows;
      found.push(...page.rows.map(({ old }) => old));
      if (page.cursor === undefined) break;
      cursor = { cursor: page.cursor };
    }
    const page = (await ask('list-renewal-rows', { renewalId: 'r1', user: 'nobody' })) as Rows;

    expect([found.length, new Set(found).size]).toEqual([size, size]);
    expect(page).toMatchObject({ rows: [], cursor: expect.any(String) });
    expect(meter.held).toBeLessThanOrEqual(1_000 / PAGE);
  });
});

describe('list-renewal-endings', () => {
  it('says what ends when, and who is without a license from which day', async () => {
    const { ask } = await aShortRenewal();

    expect(await ask('list-renewal-endings', { renewalId: 'r1' })).toMatchObject({
      status: 'planned',
      days: [{ day: '2026-03-31', ends: 3, replaced: 1, extended: 0, withoutReplacement: 2 }],
      people: [
        { user: 'ada', serialNumber: 'D1', folder: 'Finance', from: '2026-04-01', until: '2026-04-03', keeps: [] },
        { user: 'bob', name: 'Bob', serialNumber: 'D2', folder: 'Sales', from: '2026-04-01', keeps: [] },
      ],
    });
  });

  it('gives the people in the order of the days, a page at a time', async () => {
    const { ask } = await aShortRenewal();
    const first = (await ask('list-renewal-endings', { renewalId: 'r1', limit: 1 })) as Rows;
    const members = { renewalId: 'r1', limit: 1, cursor: first.cursor };

    expect(first).toMatchObject({ people: [{ user: 'ada' }] });
    expect(await ask('list-renewal-endings', members)).toMatchObject({ people: [{ user: 'bob' }] });
    expect(await ask('list-renewal-endings', members)).not.toHaveProperty('cursor');
  });

  it('names the other licenses that the user keeps: one that goes on, and one that the plan gives', async () => {
    const on = aLicense({ serialNumber: 'ON', type: 'dedicated', assignedTo: 'ada' });
    const past = aLicense({ ...OLD, serialNumber: 'PAST', expiresOn: '2026-02-01', assignedTo: 'ada' });
    const ending = ['D1', 'D2'].map((serialNumber) => aLicense({ ...OLD, serialNumber, assignedTo: 'ada' }));
    const licenses = [on, past, ...ending];
    const assigned = Object.fromEntries(licenses.map((license) => [license.serialNumber, noteOf(license)]));
    const world = await aRenewalWorld({
      licenses,
      cards: [aUserCard({ assigned })],
      file: [{ serialNumber: 'N1', type: 'Dedicated' }],
    });
    const request = { renewalId: 'r1', upload: REQUEST.upload, serialNumbers: ['D1', 'D2'] };
    await world.ask('plan-renewal', request);
    const planned = (await world.ask('list-renewal-endings', { renewalId: 'r1' })) as { people: object[] };
    await world.ask('plan-renewal', { ...request, mode: 'auto-allocate' });

    expect(planned.people).toMatchObject([{ user: 'ada', from: '2026-04-01', keeps: ['N1', 'ON'] }]);
    const given = await world.ask('list-renewal-endings', { renewalId: 'r1' });
    expect(given).toMatchObject({ people: [{ user: 'ada', keeps: ['ON'] }] });
  });

  it('lists nobody whose license is extended, replaced in time, or nobody’s', async () => {
    const world = await aRenewalWorld({
      licenses: ['D1', 'D2', 'D3'].map((serialNumber) => aLicense({ ...OLD, serialNumber })),
      cards: [aUserCard()],
      file: [
        { serialNumber: 'N1', type: 'Dedicated' },
        { serialNumber: 'D2', type: 'Dedicated', validFrom: '2026-01-15' },
      ],
    });
    await world.ask('assign-license', { serialNumber: 'D1', user: 'ada' });
    await world.ask('assign-license', { serialNumber: 'D2', user: 'ada', several: true });
    await expectDone(world.ask('plan-renewal', REQUEST));

    const days = [{ day: '2026-03-31', ends: 3, replaced: 1, extended: 1, withoutReplacement: 1 }];
    expect(await world.ask('list-renewal-endings', { renewalId: 'r1' })).toMatchObject({ days, people: [] });
  });
});

describe('get-renewal-differences', () => {
  it('shows on demand what approve-renewal would refuse because of, and changes nothing', async () => {
    const { ask, table } = await aShortRenewal();
    const same = await ask('get-renewal-differences', { renewalId: 'r1' });
    await ask('move-license', { serialNumber: 'D3', folder: 'Sales' });
    const before = table.items();

    const changed = await ask('get-renewal-differences', { renewalId: 'r1' });

    const difference = { what: 'folder', serialNumber: 'D3', planned: 'finance', now: 'sales' };
    expect(same).toMatchObject({ status: 'planned', count: 0, differences: [] });
    expect(changed).toMatchObject({ count: 1, differences: [difference] });
    expect(table.items()).toEqual(before);
    const refused = await ask('approve-renewal', { renewalId: 'r1', acceptedShortfall: ['D2', 'D3'] });
    expect(refused).toMatchObject({ error: { code: 'conflict', differences: [difference] } });
  });

  it('refuses a renewal that has been started, and an unknown one', async () => {
    const world = await aShortRenewal();
    await world.approve();
    await world.steps.begin();

    const started = await world.ask('get-renewal-differences', { renewalId: 'r1' });

    expect(started).toEqual(refusal('conflict', { renewalId: 'r1', status: 'running' }));
    expect(await world.ask('get-renewal-differences', { renewalId: 'r2' })).toEqual(refusal('unknown-renewal'));
  });
});

/** All pages of the export, joined. */
async function fileOf(ask: Ask, members: object): Promise<string> {
  let file = '';
  for (let cursor = {}; ; ) {
    const page = (await ask('export-renewal', { renewalId: 'r1', ...members, ...cursor })) as ExportPage;
    file += page.text;
    if (page.cursor === undefined) return file;
    cursor = { cursor: page.cursor };
  }
}

describe('export-renewal', () => {
  it('has the snapshot and the plan of every row (R33), the same bytes whatever the page size', async () => {
    const { ask } = await aShortRenewal();

    const whole = await fileOf(ask, {});

    const [head, first, second] = whole.split('\r\n');
    expect(head).toBe(
      '\ufeffrow,outcome,old,new,class.type,class.access,class.modules,folder,user,validFrom,expiresOn,state,assignedTo,currentUser,since,setAsideOn,newValidFrom,newExpiresOn,daysWithoutLicense,doubt,oldLicense,newLicense,why,switchedAt,deletedAt,undoneAt',
    );
    expect(first).toBe(
      '1,replaced,D1,N1,dedicated,write,all,Finance,ada,2026-01-15,2026-03-31,in-use,ada,ada,2026-03-02T08:15:32.159Z,,2026-04-03,2027-03-31,2,,,,,,,',
    );
    expect(second).toContain('2,shortfall,D2,,dedicated,write,all,Sales,bob,');
    for (const limit of [1, 2, 3]) expect(await fileOf(ask, { limit })).toBe(whole);
  });

  it('has no cell that a spreadsheet takes for a formula', async () => {
    const serialNumber = '=HYPERLINK("http://x")';
    const world = await aRenewalWorld({ licenses: [aLicense({ ...OLD, serialNumber })] });
    await world.ask('plan-renewal', { renewalId: 'r1', expiringOnOrBefore: '2026-03-31' });

    expect(await fileOf(world.ask, {})).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it('shows what became of the rows, and is a list of objects as JSON lines', async () => {
    const world = await aShortRenewal();
    await world.switchAll();

    const lines = (await fileOf(world.ask, { format: 'json-lines', limit: 2 })).trim().split('\n');

    const { rows } = (await world.ask('list-renewal-rows', { renewalId: 'r1' })) as Rows;
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
    expect(rows[0]).toMatchObject({ old: 'D1', oldLicense: 'set-aside' });
    expect(await world.ask('export-renewal', { renewalId: 'r2' })).toEqual(refusal('unknown-renewal'));
  });
});
