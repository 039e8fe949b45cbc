import { describe, expect, it } from 'vitest';
import { targetOf, type Write } from '../../shared/platform/ports/table.ts';
import { importKey } from '../../shared/store/keys.ts';
import { asAdministrator, refusal } from '../fakes/command-world.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseZip } from '../fakes/license-file.ts';
import { aRenewalWorld, REQUEST } from '../fakes/renewal-world.ts';
import { aLicense } from '../fakes/world.ts';
import { interruptedTable } from '../fakes/wrapped-table.ts';

async function anImport(licenses = 2) {
  const world = await anImportWorld();
  const rows = Array.from({ length: licenses }, (_, index) => ({ serialNumber: `B${100_000 + index}` }));
  const upload = world.upload('new.zip', await licenseZip({ licenses: rows }));
  await world.importUpload(upload);
  return { ...asAdministrator(world.deps), key: upload.key, report: (await world.report(upload.key))! };
}

describe('get-import', () => {
  it('returns the same report by the key of the upload and by the id of the import', async () => {
    const { ask, key, report } = await anImport();

    const byKey = await ask('get-import', { key });
    const byId = await ask('get-import', { importId: report.importId });

    expect(byKey).toMatchObject({ status: 'accepted', key, counts: { added: 2 } });
    expect([byKey, byId]).toEqual([report, report]);
  });

  it('also returns the report as text for people (R8)', async () => {
    const { ask, key, report } = await anImport();

    const { text, ...rest } = (await ask('get-import', { key, format: 'text' })) as { text: string };

    expect(rest).toEqual({ importId: report.importId, status: 'accepted' });
    expect(text).toContain(`Import of ${key}: accepted`);
    expect(text).toContain('2 added');
  });

  it('lists the licenses of a large file in pages', async () => {
    const { ask, key } = await anImport(1_200);
    type Page = { licenses: { serialNumber: string }[]; cursor?: string };

    const first = (await ask('get-import', { key })) as Page;
    const second = (await ask('get-import', { key, cursor: first.cursor })) as Page;

    const serials = [first, second].flatMap(({ licenses }) => licenses.map(({ serialNumber }) => serialNumber));
    expect(new Set(serials).size).toBe(1_200);
    expect(second).not.toHaveProperty('cursor');
  });

  it.each([
    ['an upload that is not there', 'unknown-import', { key: 'tenants/acme/uploads/x.zip' }],
    ['an unknown import', 'unknown-import', { importId: 'x' }],
    ['a key for which no table has room', 'invalid-request', { key: '語'.repeat(1_000) }],
    ['neither key nor id', 'invalid-request', {}],
    ['both', 'invalid-request', { key: 'x', importId: 'x' }],
    ['a cursor that is none', 'invalid-request', { key: 'tenants/acme/uploads/new.zip', cursor: 'x' }],
  ])('given %s answers %s', async (_what, code, members) => {
    const { ask } = await anImport();

    const answer = await ask('get-import', members);

    expect(answer).toMatchObject(refusal(code));
  });
});

describe('a running import', () => {
  const ROWS = Array.from({ length: 1_000 }, (_, index) => ({ serialNumber: `B${100_000 + index}` }));
  const died = new Error('the process died');

  /** Dies when the page of the report with this number is to be written. */
  async function interrupted(page: number) {
    const world = await anImportWorld();
    const upload = world.upload('new.zip', await licenseZip({ licenses: ROWS }), { 'uploaded-by': 'olga' });
    const isPage = (writes: readonly Write[]) =>
      writes.some((write) => targetOf(write).sk === `PAGE#${String(page).padStart(6, '0')}`);
    const table = interruptedTable(world.table, isPage, () => Promise.reject(died));
    await expect(world.importUpload(upload, { table })).rejects.toThrow(died);
    const { ask } = asAdministrator(world.deps);
    const { imports } = (await ask('list-imports')) as { imports: { importId: string; counts: { added: number } }[] };
    return { ...world, ask, upload, running: imports[0]! };
  }

  it('shows in the list and by its id how many licenses are done, by outcome, of how many', async () => {
    const { ask, running } = await interrupted(15);

    expect(running).toMatchObject({ status: 'running', uploadedBy: 'olga', licenses: 1_000, counts: { conflict: 0 } });
    // Noted after ten pages of 49 licenses.
    expect(running.counts.added).toBe(490);
    expect(await ask('get-import', { importId: running.importId })).toEqual(running);
    expect(await ask('get-import', { importId: running.importId, format: 'text' })).toMatchObject({
      status: 'running',
      text: expect.stringContaining('licenses so far of 1000: 490 added'),
    });
  });

  it('has no progress before ten pages are written, and a whole report after a retry', async () => {
    const { ask, running, importUpload, upload } = await interrupted(5);
    expect(running.counts.added).toBe(0);

    await importUpload(upload);

    const report = await ask('get-import', { importId: running.importId });
    expect(report).toMatchObject({ status: 'accepted', counts: { added: 1_000 }, uploadedBy: 'olga' });
    expect(report).not.toHaveProperty('progress');
  });

  it('is not noted again once another attempt has finished', async () => {
    const world = await anImportWorld();
    const upload = world.upload('new.zip', await licenseZip({ licenses: ROWS }));
    const isNote = (writes: readonly Write[]) => JSON.stringify(writes).includes('"progress"');
    const slow = interruptedTable(world.table, isNote, () => world.importUpload(upload));

    const { importId } = await world.importUpload(upload, { table: slow });

    expect(world.table.peek(importKey('acme', importId))).toMatchObject({ status: 'accepted' });
    expect(world.table.peek(importKey('acme', importId))).not.toHaveProperty('progress');
  });

  it('keeps the farther progress when another attempt at it is behind', async () => {
    const { table, ask, running, importUpload, upload } = await interrupted(15);
    const key = importKey('acme', running.importId);
    const progress = { done: 999, counts: { ...running.counts, added: 999 } };
    await table.write([{ update: key, set: [['progress', progress]], onlyIf: [] }]);
    const dies = interruptedTable(
      table,
      (writes) => writes.some((write) => 'put' in write && write.put['status'] === 'accepted'),
      () => Promise.reject(died),
    );

    await expect(importUpload(upload, { table: dies })).rejects.toThrow(died);

    expect(await ask('get-import', { importId: running.importId })).toMatchObject({ counts: { added: 999 } });
  });
});

describe('get-renewal', () => {
  const old = aLicense({ serialNumber: 'OLD', type: 'dedicated', folderId: 'finance', expiresOn: '2026-03-15' });

  it('returns the outcome of each license', async () => {
    const world = await aRenewalWorld({ licenses: [old], file: [{ serialNumber: 'NEW', type: 'Dedicated' }] });
    await world.switchAll();

    const renewal = await asAdministrator(world.deps).ask('get-renewal', { renewalId: REQUEST.renewalId });

    expect(renewal).toEqual(await world.view());
    expect(renewal).toMatchObject({ renewalId: 'r1', rows: [{ old: 'OLD', new: 'NEW', folder: 'Finance' }] });
  });

  it.each([
    ['an unknown renewal', 'unknown-renewal', { renewalId: 'x' }],
    ['a cursor that is none', 'invalid-request', { renewalId: 'r1', cursor: 'x' }],
  ])('given %s answers %s', async (_what, code, members) => {
    const world = await aRenewalWorld({ licenses: [old], file: [{ serialNumber: 'NEW', type: 'Dedicated' }] });
    await world.switchAll();

    const answer = await asAdministrator(world.deps).ask('get-renewal', members);

    expect(answer).toMatchObject(refusal(code));
  });
});
