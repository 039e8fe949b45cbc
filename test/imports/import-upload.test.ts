import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../shared/imports/read-report.ts';
import { readUpload } from '../../shared/imports/read-upload.ts';
import { reportText } from '../../shared/imports/report-text.ts';
import { formatSignature, signedBytes } from '../../shared/license-file/signature.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { licenseXml, licenseZip } from '../fakes/license-file.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const LONGER = { expiryDate: '2028-01-14' };

describe('import of an upload', () => {
  it('adds the licenses of the file to the root and reports on each of them (R2, R8)', async () => {
    const { upload, importUpload, license, report, table, objects } = await anImportWorld();
    const rows = [{ serialNumber: '00042' }, { serialNumber: '1e5', type: 'Dedicated', expiryDate: 'never' }];
    const uploaded = upload('licenses.zip', await licenseZip({ licenses: rows }));

    const answer = await importUpload(uploaded);

    expect(answer).toMatchObject({ status: 'accepted', issued: '2026-01-15', counts: { added: 2, unchanged: 0 } });
    expect(await license('00042')).toMatchObject({ type: 'floating', folderId: 'root', expiresOn: '2027-01-14' });
    expect(await license('1e5')).not.toHaveProperty('expiresOn');
    expectInvariants(table.items());
    expect(await report(uploaded.key)).toEqual(objects.json(`${uploaded.key}.report.json`));
    expect(objects.json(`${uploaded.key}.report.json`)).toEqual({
      ...answer,
      licenses: [
        { serialNumber: '00042', outcome: 'added' },
        { serialNumber: '1e5', outcome: 'added' },
      ],
    });
  });

  it('reads a bare .xml as well, and lists the elements that it does not know (R1, R6)', async () => {
    const { upload, importUpload } = await anImportWorld();
    const xml = licenseXml().replace('<license>', '<license><color>red</color>');

    const answer = await importUpload(upload('licenses.XML', Buffer.from(xml)));

    expect(answer).toMatchObject({ status: 'accepted', counts: { added: 1 }, ignored: ['licenses/license/color'] });
  });

  it('rejects a file that was issued in the future, since every later one would be stale', async () => {
    const { upload, importUpload } = await anImportWorld();
    const importIssued = async (issued: string) => importUpload(upload(`${issued}.zip`, await licenseZip({ issued })));

    expect(await importIssued('2026-03-03')).toMatchObject({ status: 'accepted' });
    expect(await importIssued('2026-03-04')).toMatchObject({
      status: 'rejected',
      faults: [{ code: 'issued-in-future', text: expect.stringContaining('2026-03-04') }],
    });
  });

  it('rejects a file whose issue date has a slip in the year', async () => {
    const { upload, importUpload } = await anImportWorld();
    const file = new URL('../fixtures/uploads/issued-in-far-future.xml', import.meta.url);

    expect(await importUpload(upload('license.xml', readFileSync(fileURLToPath(file))))).toMatchObject({
      status: 'rejected',
      faults: [{ code: 'issued-in-future', text: expect.stringContaining('9999-12-31') }],
    });
  });

  it('names the customer as the file spells it, and the customers whose files are accepted', async () => {
    const { upload, importUpload } = await anImportWorld();

    expect(await importUpload(upload('a.zip', await licenseZip({ customer: 'acme\u00a0Oy' })))).toMatchObject({
      faults: [{ code: 'other-customer', text: expect.stringMatching(/"acme\[U\+00A0\]Oy".*for "acme"/) }],
    });
  });

  it('imports licenses with which users can log in at once (R7)', async () => {
    const { upload, importUpload, login } = await anImportWorld();

    await importUpload(upload('licenses.zip', await licenseZip()));

    expect(await login('ada')).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'A1000001' } });
  });

  it('gives nobody a license that it holds back for a renewal (R36)', async () => {
    const { upload, importUpload, login, license, table } = await anImportWorld();
    const uploaded = upload('licenses.zip', await licenseZip());

    await importUpload(uploaded, { heldBackFor: 'renewal-1' });

    expect(await license('A1000001')).toMatchObject({ heldBackFor: 'renewal-1' });
    expect(await login('ada')).toMatchObject({ outcome: 'denied' });
    expectInvariants(table.items());
  });

  it('puts new licenses into the folder that the metadata name, and leaves known ones where they are (R2, R4)', async () => {
    const { upload, importUpload, license } = await anImportWorld({
      licenses: [aLicense({ serialNumber: 'KNOWN', folderId: 'sales' })],
    });
    const licenses = [{ serialNumber: 'NEW' }, { serialNumber: 'KNOWN', ...LONGER }];
    const zip = await licenseZip({ issued: '2026-02-01', licenses });

    const answer = await importUpload(upload('licenses.zip', zip, { folder: 'Finance/Helsinki' }));

    expect(answer.counts).toMatchObject({ added: 1, termChanged: 1 });
    expect(await license('NEW')).toMatchObject({ folderId: 'helsinki' });
    expect(await license('KNOWN')).toMatchObject({ folderId: 'sales', expiresOn: '2028-01-14' });
  });

  it.each([
    ['Finance', 'accepted'],
    ['', 'accepted'],
    ['=?UTF-8?B?RmluYW5jZQ==?=', 'accepted'],
    ['=?UTF-8?Q?Fin=61nce?=', 'accepted'],
    ['finance', 'rejected'],
    ['Finance/', 'rejected'],
    ['Nowhere', 'rejected'],
    ['zOld', 'rejected'],
  ])(
    'takes an existing folder other than zOld, and rejects the file for any other: "%s" (R2)',
    async (folder, status) => {
      const { upload, importUpload } = await anImportWorld();

      const answer = await importUpload(upload('licenses.zip', await licenseZip(), { folder }));

      expect(answer.status).toBe(status);
      expect(answer.faults.map(({ code }) => code)).toEqual(status === 'accepted' ? [] : ['unknown-folder']);
    },
  );

  it('shows what cannot be seen in the name of a folder, and names the folder that it looks like (R2)', async () => {
    const { upload, importUpload } = await anImportWorld();

    const answer = await importUpload(upload('licenses.zip', await licenseZip(), { folder: 'Fin\u00adance\u00a0' }));

    expect(answer.faults).toMatchObject([
      {
        text: expect.stringContaining('"Fin[U+00AD]ance[U+00A0]" does not exist. It looks like the folder "Finance".'),
      },
    ]);
  });

  it('updates the term on the cards of the user who has a license and of the user who uses it (R4)', async () => {
    const { upload, importUpload, card, login, table } = await anImportWorld({
      licenses: [aLicense({ type: 'dedicated', serialNumber: 'D' }), aLicense({ serialNumber: 'F' })],
    });
    await login('ada');
    await login('bob');
    const licenses = [
      { serialNumber: 'D', type: 'Dedicated', ...LONGER },
      { serialNumber: 'F', ...LONGER },
    ];

    const answer = await importUpload(upload('licenses.zip', await licenseZip({ issued: '2026-02-01', licenses })));

    expect(answer.counts).toMatchObject({ termChanged: 2 });
    expect((await card('ada'))?.current).toMatchObject({ serialNumber: 'F', expiresOn: '2028-01-14' });
    expect((await card('bob'))?.assigned).toMatchObject({ D: { expiresOn: '2028-01-14' } });
    expectInvariants(table.items());
    expect(await login('bob', { session: 's2' })).toMatchObject({ outcome: 'continued' });
  });

  it('removes the vacancy of a license whose term is over, and restores it with a longer term', async () => {
    const { upload, importUpload, login, logout, table } = await anImportWorld({ licenses: [aLicense()] });
    const over = { licenses: [{ expiryDate: '2026-03-01' }], issued: '2026-02-01' };
    const again = { licenses: [LONGER], issued: '2026-02-02' };

    await importUpload(upload('over.zip', await licenseZip(over)));
    expectInvariants(table.items());
    expect(await login('ada')).toMatchObject({ outcome: 'denied' });

    await importUpload(upload('again.zip', await licenseZip(again)));
    expectInvariants(table.items());
    expect(await login('ada', { session: 's2' })).toMatchObject({ outcome: 'allocated' });
    await logout('ada');
    expectInvariants(table.items());
  });

  it('reports every known license by its own outcome, and imports the rest of the file (R4, R5, F05, F06)', async () => {
    const { upload, importUpload, report, license } = await anImportWorld({
      licenses: [
        aLicense({ serialNumber: 'SAME' }),
        aLicense({ serialNumber: 'CLASS', modules: 'CMDB' }),
        aLicense({ serialNumber: 'STALE', imported: { importId: 'i', outcome: 'added', issued: '2026-03-01' } }),
        aLicense({ serialNumber: 'EQUAL', imported: { importId: 'i', outcome: 'added', issued: '2026-02-01' } }),
        aLicense({ serialNumber: 'GONE', deletedAt: '2026-02-20T00:00:00.000Z' }),
      ],
    });
    const licenses = [
      { serialNumber: 'SAME' },
      { serialNumber: 'CLASS' },
      { serialNumber: 'STALE', ...LONGER },
      { serialNumber: 'EQUAL', ...LONGER },
      { serialNumber: 'GONE', ...LONGER },
      { serialNumber: 'NEW' },
    ];
    const { key, ...uploaded } = upload('licenses.zip', await licenseZip({ issued: '2026-02-01', licenses }));

    const answer = await importUpload({ key, ...uploaded });

    const outcomes = (await report(key))?.licenses.map(({ serialNumber, outcome }) => [serialNumber, outcome]);
    expect(outcomes).toEqual([
      ['SAME', 'unchanged'],
      ['CLASS', 'conflict'],
      ['STALE', 'stale'],
      ['EQUAL', 'conflict'],
      ['GONE', 'deleted-before'],
      ['NEW', 'added'],
    ]);
    expect(answer.counts).toEqual({
      added: 1,
      termChanged: 0,
      unchanged: 1,
      stale: 1,
      conflict: 2,
      deletedBefore: 1,
    });
    expect(await license('CLASS')).toMatchObject({ modules: 'CMDB', version: 1 });
    expect(await license('GONE')).toMatchObject({ expiresOn: '2027-01-14', version: 1 });
    expect(reportText((await report(key))!)).toContain(
      'CLASS: conflict (it is floating write, module CMDB, in the file floating write, all modules)',
    );
  });

  it('changes no fact of a license that a later file confirms, and calls a file issued in between stale (R3, R4)', async () => {
    const { upload, importUpload, license } = await anImportWorld({ licenses: [aLicense()] });
    const before = await license('A1000001');

    await importUpload(upload('later.zip', await licenseZip({ issued: '2026-03-01' })));
    const { imported: _, ...after } = await license('A1000001');
    const between = await importUpload(
      upload('between.zip', await licenseZip({ issued: '2026-02-01', licenses: [LONGER] })),
    );

    expect(before).toMatchObject(after);
    expect(between.counts).toMatchObject({ stale: 1 });
  });

  it('returns the same report for the same upload, ten times at once, and writes nothing again (R3, F01)', async () => {
    const { upload, importUpload, table, objects } = await anImportWorld();
    const uploaded = upload('licenses.zip', await licenseZip());
    const first = await importUpload(uploaded);
    const before = structuredClone(table.items());
    const keys = objects.keys();

    const again = await Promise.all(Array.from({ length: 10 }, () => importUpload(uploaded)));

    for (const answer of again) expect(answer).toEqual(first);
    expect(table.items()).toEqual(before);
    expect(objects.keys()).toEqual(keys);
  });

  it('imports an upload once when its event arrives ten times at once (F01)', async () => {
    const { upload, importUpload, table } = await anImportWorld();
    const licenses = Array.from({ length: 120 }, (_, index) => ({ serialNumber: `S${index}` }));
    const uploaded = upload('licenses.zip', await licenseZip({ licenses }));

    const answers = await Promise.all(Array.from({ length: 10 }, () => importUpload(uploaded)));

    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.counts.added).toBe(120);
    expect(table.items().filter(({ sk }) => sk === 'LICENSE')).toHaveLength(120);
    expect(table.items().every((item) => item.sk !== 'LICENSE' || item['version'] === 1)).toBe(true);
    expectInvariants(table.items());
  });

  it('names the first import when the same bytes come in another upload, where all is unchanged (R3, F04)', async () => {
    const { upload, importUpload } = await anImportWorld();
    const zip = await licenseZip();

    const first = await importUpload(upload('licenses.zip', zip));
    const second = await importUpload(upload('copy.zip', zip));
    const third = await importUpload(upload('licenses.zip', zip));

    expect(first).not.toHaveProperty('sameAs');
    expect(second).toMatchObject({ sameAs: first.importId, counts: { added: 0, unchanged: 1 } });
    expect(third).toMatchObject({ sameAs: first.importId, counts: { added: 0, unchanged: 1 } });
  });

  it('treats the same bytes under the same key as another upload if the bucket keeps no versions (R3)', async () => {
    const { upload, importUpload } = await anImportWorld({ versioned: false });
    const zip = await licenseZip();

    const rejected = await importUpload(upload('licenses.zip', zip, { folder: 'Nowhere' }));
    const uploaded = upload('licenses.zip', zip);
    const accepted = await importUpload(uploaded);

    expect([rejected.status, accepted.status]).toEqual(['rejected', 'accepted']);
    expect(await importUpload(uploaded)).toEqual(accepted);
  });

  it('reports the latest upload of a key, in whatever order the events arrive (F02)', async () => {
    const { upload, importUpload, report, license, objects } = await anImportWorld();
    const old = upload('licenses.zip', await licenseZip());
    const recent = upload('licenses.zip', await licenseZip({ issued: '2026-02-01', licenses: [LONGER] }));

    const ofRecent = await importUpload(recent);
    const ofOld = await importUpload(old);

    expect(ofOld.counts).toMatchObject({ stale: 1 });
    expect(await license('A1000001')).toMatchObject({ expiresOn: '2028-01-14' });
    expect(await report(old.key)).toMatchObject({ importId: ofRecent.importId });
    expect(objects.json(`${old.key}.report.json`)).toMatchObject({ importId: ofRecent.importId });
  });

  it('reports an upload that was deleted before it was read, and does not throw (F03)', async () => {
    const { upload, importUpload, objects, report } = await anImportWorld({ versioned: false });
    const uploaded = upload('licenses.zip', await licenseZip());
    objects.remove(uploaded.key);

    const answer = await importUpload(uploaded);

    expect(answer).toMatchObject({ status: 'rejected', faults: [{ code: 'upload-gone' }] });
    expect(await importUpload(uploaded)).toEqual(answer);
    expect(await report(uploaded.key)).toMatchObject({ importId: answer.importId });
  });

  it('reports an upload that was overwritten before it was read as gone, and imports the other (F03)', async () => {
    const { upload, importUpload, report } = await anImportWorld({ versioned: false });
    const old = upload('licenses.zip', await licenseZip());
    const recent = upload('licenses.zip', await licenseZip({ licenses: [LONGER] }));

    const ofRecent = await importUpload(recent);
    const ofOld = await importUpload(old);

    expect(ofOld.faults).toMatchObject([{ code: 'upload-gone' }]);
    expect(ofRecent.counts).toMatchObject({ added: 1 });
    expect(await report(old.key)).toMatchObject({ importId: ofRecent.importId });
  });

  it('reads the version that was uploaded, although it was deleted since', async () => {
    const { upload, importUpload, objects } = await anImportWorld();
    const uploaded = upload('licenses.zip', await licenseZip());
    objects.remove(uploaded.key);

    expect(await importUpload(uploaded)).toMatchObject({ status: 'accepted', versionId: uploaded.versionId });
  });

  it.each([
    [
      'licenses.zip',
      'one bad license of five',
      () => licenseZip({ licenses: fiveWith({ type: 'Lent' }) }),
      'type-unknown',
    ],
    ['licenses.zip', 'a cut file', async () => (await licenseZip()).slice(0, 200), undefined],
    ['licenses.zip', 'a serial number twice', () => licenseZip({ licenses: [{}, {}] }), 'serial-number-twice'],
    ['product_license.xml', 'a product license (R9)', () => Buffer.from('<product_license/>'), 'product-license'],
    ['empty.zip', 'an empty file (F56)', () => Buffer.alloc(0), 'empty-file'],
    ['page.zip', 'an HTML page', () => Buffer.from('<!doctype html><html></html>'), 'html-page'],
  ])('rejects %s as a whole and writes no license: %s (R6, F08)', async (name, _, make, code) => {
    const { upload, importUpload, table, objects } = await anImportWorld();
    const uploaded = upload(name, await make());

    const answer = await importUpload(uploaded);

    expect(answer).toMatchObject({ status: 'rejected', counts: { added: 0 } });
    expect(answer.faults[0]?.code).toBe(code ?? answer.faults[0]?.code);
    expect(table.items().filter(({ sk }) => sk === 'LICENSE')).toEqual([]);
    expect(objects.json(`${uploaded.key}.report.json`)).toEqual({ ...answer, licenses: [] });
    expect(await importUpload(uploaded)).toEqual(answer);
  });

  it('rejects an upload that is too big before it reads it (F56)', async () => {
    const { upload, importUpload, deps } = await anImportWorld();
    const uploaded = upload('licenses.zip', Buffer.alloc(21 * 1024 * 1024 + 1));
    const objects = { ...deps.objects, get: () => Promise.reject(new Error('it was read')) };

    const answer = await importUpload(uploaded, { objects });

    expect(answer).toMatchObject({ status: 'rejected', faults: [{ code: 'file-too-big' }] });
  });

  it('refuses the file of another customer, and touches nothing of theirs (R10, F16)', async () => {
    const { upload, importUpload, logged, table } = await anImportWorld();
    const before = structuredClone(table.items());

    const answer = await importUpload(upload('licenses.zip', await licenseZip({ customer: 'globex' })));

    expect(answer).toMatchObject({ status: 'rejected', issued: '2026-01-15', faults: [{ code: 'other-customer' }] });
    expect(logged).toContainEqual(expect.objectContaining({ code: 'import-rejected', because: 'other-customer' }));
    expect(table.items().filter(({ pk }) => !/^[IK]#acme#/.test(pk))).toEqual(before);
  });

  it('writes nothing to the table for an unknown tenant, and says so beside the upload', async () => {
    const { importUpload, objects, table } = await anImportWorld();
    const uploaded = objects.upload('tenants/nobody/uploads/licenses.zip', await licenseZip());
    const before = structuredClone(table.items());

    const answer = await importUpload(uploaded, { tenant: 'nobody' });

    expect(answer).toMatchObject({ status: 'rejected', faults: [{ code: 'unknown-tenant' }] });
    expect(objects.json(`${uploaded.key}.report.json`)).toEqual({ ...answer, licenses: [] });
    expect(table.items()).toEqual(before);
  });

  it('accepts only files that are signed for the tenant, in the zip or in the metadata, if it has keys', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { upload, importUpload } = await anImportWorld({ settings: { publicKeys: { k1: pem } } });
    const signatureFor = (tenant: string) =>
      formatSignature('k1', sign(null, signedBytes(tenant, Buffer.from(licenseXml())), privateKey));

    const unsigned = await importUpload(upload('unsigned.zip', await licenseZip()));
    const ofOther = await importUpload(
      upload('other.zip', await licenseZip({}, { 'license.xml.sig': signatureFor('globex') })),
    );
    const inZip = await importUpload(
      upload('in-zip.zip', await licenseZip({}, { 'license.xml.sig': signatureFor('acme') })),
    );
    const inMetadata = await importUpload(
      upload('licenses.xml', Buffer.from(licenseXml()), { signature: signatureFor('acme').trim() }),
    );

    expect(unsigned.faults[0]?.code).toBe('signature-unsigned');
    expect(ofOther.faults[0]?.code).toBe('signature-wrong');
    expect([inZip.status, inMetadata.status]).toEqual(['accepted', 'accepted']);
  });

  it('imports 1,500 licenses, every one exactly once, and reports them page by page (F20)', async () => {
    const { upload, importUpload, report, deps, table, objects } = await anImportWorld();
    const licenses = Array.from({ length: 1_500 }, (_, index) => ({ serialNumber: `S-${index}` }));
    const { key, ...uploaded } = upload('licenses.zip', await licenseZip({ licenses }));

    const answer = await importUpload({ key, ...uploaded });

    expect(answer.counts).toMatchObject({ added: 1_500 });
    const stored = table.items().filter(({ sk }) => sk === 'LICENSE');
    expect(new Set(stored.map((item) => item['serialNumber']))).toEqual(
      new Set(licenses.map(({ serialNumber }) => serialNumber)),
    );
    expect(stored.every((item) => item['version'] === 1)).toBe(true);
    const told = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await readReport(deps.table, 'acme', { key }, cursor);
      expect(page?.licenses.length).toBeLessThanOrEqual(1_000);
      told.push(...(page?.licenses ?? []));
      cursor = page?.cursor;
    }
    expect(told.map(({ serialNumber }) => serialNumber)).toEqual(licenses.map(({ serialNumber }) => serialNumber));
    expect(objects.json(`${key}.report.json`)).toMatchObject({ licenses: told });
    expect(await report('tenants/acme/uploads/unknown.zip')).toBeUndefined();
    expect(await readReport(deps.table, 'acme', { key }, 'no cursor')).toBeUndefined();
  });
});

describe('a report of many pages', () => {
  it('is complete, although the table returns fewer pages at a time than were requested', async () => {
    const { upload, importUpload, table } = await anImportWorld();
    const licenses = Array.from({ length: 500 }, (_, index) => ({ serialNumber: `S-${index}` }));
    const { key, ...uploaded } = upload('licenses.zip', await licenseZip({ licenses }));
    await importUpload({ key, ...uploaded });
    const slow: Table = { ...table, query: (range) => table.query({ ...range, limit: 3 }) };

    const told: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await readReport(slow, 'acme', { key }, cursor);
      told.push(...(page?.licenses ?? []).map(({ serialNumber }) => serialNumber));
      cursor = page?.cursor;
    } while (cursor !== undefined);

    expect(told).toEqual(licenses.map(({ serialNumber }) => serialNumber));
  });
});

describe('reading of an upload', () => {
  it('says what an import would take, and changes nothing (R34)', async () => {
    const { upload, deps, tenant, table } = await anImportWorld({ cards: [aUserCard()] });
    const { key, versionId, etag } = upload('licenses.zip', await licenseZip());
    const before = structuredClone(table.items());

    const reading = await readUpload(deps, tenant, key);

    expect(reading).toMatchObject({
      kind: 'accepted',
      upload: { customer: 'acme', issued: '2026-01-15', folderId: 'root', versionId, etag, licenses: [{}] },
    });
    expect(await readUpload(deps, tenant, `${key}.other`)).toEqual({ kind: 'gone' });
    expect(table.items()).toEqual(before);
  });
});

function fiveWith(bad: { readonly type: string }) {
  return ['A', 'B', 'C', 'D', 'E'].map((serialNumber) => ({ serialNumber, ...(serialNumber === 'D' ? bad : {}) }));
}
