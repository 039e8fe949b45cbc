import { describe, expect, it } from 'vitest';
import { importUploads } from '../../functions/import-licenses/import-uploads.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseZip } from '../fakes/license-file.ts';

const BUCKET = 'licenses';

type Uploaded = { readonly key: string; readonly versionId?: string; readonly etag?: string };

function aRecord({ key, versionId, etag }: Uploaded, facts: { readonly bucket?: string; readonly name?: string } = {}) {
  const { bucket = BUCKET, name = 'ObjectCreated:Put' } = facts;
  return { eventName: name, s3: { bucket: { name: bucket }, object: { key, versionId, eTag: etag, size: 1 } } };
}

describe('event of uploads', () => {
  it('imports what lies under the decoded key (F17)', async () => {
    const { upload, deps, license } = await anImportWorld();
    const { key, ...uploaded } = upload('my licenses (1)+2.zip', await licenseZip());
    const encoded = encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');

    const { uploads } = await importUploads(deps, BUCKET, { Records: [aRecord({ key: encoded, ...uploaded })] });

    expect(uploads).toMatchObject([{ status: 'accepted' }]);
    expect(await license('A1000001')).toMatchObject({ folderId: 'root' });
  });

  it.each([
    ['a test event of S3', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET }],
    ['no object', 'text'],
    ['nothing', undefined],
  ])('ignores an event without records: %s (F57)', async (_, event) => {
    const { deps, logged, table } = await anImportWorld();
    const before = structuredClone(table.items());

    expect(await importUploads(deps, BUCKET, event)).toEqual({ uploads: [{ ignored: 'no-records' }] });
    expect(logged).toEqual([{ code: 'upload-ignored', because: 'no-records', tenant: undefined }]);
    expect(table.items()).toEqual(before);
  });

  it.each([
    ['another bucket', aRecord({ key: 'tenants/acme/uploads/a.zip' }, { bucket: 'other' }), 'other-bucket'],
    ['a deletion', aRecord({ key: 'tenants/acme/uploads/a.zip' }, { name: 'ObjectRemoved:Delete' }), 'no-creation'],
    ['a folder marker', aRecord({ key: 'tenants/acme/uploads/' }), 'folder-marker'],
    ['a report', aRecord({ key: 'tenants/acme/uploads/a.zip.report.json' }), 'report'],
    ['a key that cannot be decoded', aRecord({ key: 'tenants/acme/uploads/%zz' }), 'unreadable-key'],
    ['a key of no tenant', aRecord({ key: 'a.zip' }), 'no-upload'],
    ['a file that waits for a renewal', aRecord({ key: 'tenants/acme/renewals/a.zip' }), 'waits-for-renewal'],
    ['no record', { hello: 'world' }, 'unreadable-record'],
    ['null', null, 'unreadable-record'],
  ])('ignores %s, with a log that holds no name of a file (F56, F57)', async (_, record, ignored) => {
    const { deps, logged, objects } = await anImportWorld();

    expect(await importUploads(deps, BUCKET, { Records: [record] })).toEqual({ uploads: [{ ignored }] });
    expect(logged).toMatchObject([{ code: 'upload-ignored', because: ignored }]);
    expect(JSON.stringify(logged)).not.toContain('a.zip');
    expect(objects.keys()).toEqual([]);
  });

  it('judges each record alone: a bad one does not keep the good ones from being imported (F59)', async () => {
    const { upload, deps } = await anImportWorld();
    const good = upload('good.zip', await licenseZip());
    const bad = upload('bad.zip', Buffer.from('no zip'));

    const { uploads } = await importUploads(deps, BUCKET, {
      Records: [aRecord({ key: '%' }), aRecord(bad), aRecord(good)],
    });

    expect(uploads).toMatchObject([{ ignored: 'unreadable-key' }, { status: 'rejected' }, { status: 'accepted' }]);
  });

  it('tries all records before it throws a fault of the moment, and the next delivery does only the rest (F59)', async () => {
    const { upload, deps, license, table } = await anImportWorld();
    const records = [
      aRecord(upload('slow.zip', await licenseZip({ licenses: [{ serialNumber: 'SLOW' }] }))),
      aRecord(upload('good.zip', await licenseZip({ licenses: [{ serialNumber: 'GOOD' }] }))),
    ];
    const slow: typeof deps.objects.head = (at) =>
      at.key.endsWith('slow.zip') ? Promise.reject(new TryAgain('slow down')) : deps.objects.head(at);
    const failing = { ...deps, objects: { ...deps.objects, head: slow } };

    await expect(importUploads(failing, BUCKET, { Records: records })).rejects.toThrow(TryAgain);
    const good = await license('GOOD');
    const before = table.items().filter(({ sk }) => sk === 'LICENSE');
    const { uploads } = await importUploads(deps, BUCKET, { Records: records });

    expect(before).toHaveLength(1);
    expect(uploads).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }]);
    expect(await license('GOOD')).toEqual(good);
    expect(await license('SLOW')).toMatchObject({ version: 1 });
  });
});
