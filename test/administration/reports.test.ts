import { describe, expect, it } from 'vitest';
import { asAdministrator, refusal } from '../fakes/command-world.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseZip } from '../fakes/license-file.ts';
import { aRenewalWorld, REQUEST } from '../fakes/renewal-world.ts';
import { aLicense } from '../fakes/world.ts';

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
