import { describe, expect, it } from 'vitest';
import { importUploads } from '../../functions/import-licenses/import-uploads.ts';
import { MINUTE, plus } from '../../shared/licensing/time.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { type Objects, ObjectUnreadable } from '../../shared/platform/ports/objects.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseZip } from '../fakes/license-file.ts';

const BUCKET = 'licenses';

type Uploaded = { readonly key: string; readonly versionId?: string; readonly etag?: string };

function aRecord({ key, versionId, etag }: Uploaded, facts: { readonly bucket?: string; readonly name?: string } = {}) {
  const { bucket = BUCKET, name = 'ObjectCreated:Put' } = facts;
  return { eventName: name, s3: { bucket: { name: bucket }, object: { key, versionId, eTag: etag, size: 1 } } };
}

describe('event of uploads', () => {
  it('imports the object under the decoded key (F17)', async () => {
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

  it.each([
    ['in a subfolder', '2026/Uudet/license.zip', 'upload-in-subfolder', 'directly under uploads/'],
    ['with a long name', 'a'.repeat(201), 'upload-name-too-long', '1 to 200 characters'],
  ])('reports on an upload %s beside it, and imports nothing', async (_what, name, code, text) => {
    const { upload, deps, objects, report } = await anImportWorld();
    const uploaded = upload(name, await licenseZip());

    const { uploads } = await importUploads(deps, BUCKET, { Records: [aRecord(uploaded)] });

    expect(uploads).toMatchObject([{ status: 'rejected' }]);
    expect(objects.json(`${uploaded.key}.report.json`)).toMatchObject({
      status: 'rejected',
      faults: [{ code, place: 'key', text: expect.stringContaining(text) }],
      licenses: [],
    });
    expect(await report(uploaded.key)).toMatchObject({ status: 'rejected', counts: { added: 0 } });
  });

  describe('of an object that the store does not give out', () => {
    const unreadable = async (at: 'head' | 'get', reason: 'customer-key' | 'archived' | 'denied') => {
      const world = await anImportWorld();
      const uploaded = world.upload('licenses.zip', await licenseZip());
      const isReport = (key: string) => key.endsWith('.report.json');
      const refuse = () => Promise.reject(new ObjectUnreadable(reason));
      const objects: Objects = {
        ...world.objects,
        head: (object) => (at === 'head' && !isReport(object.key) ? refuse() : world.objects.head(object)),
        get: at === 'get' ? refuse : world.objects.get,
      };
      const event = (eventTime?: string) => ({ Records: [{ ...aRecord(uploaded), eventTime }] });
      const reported = () => world.objects.json(`${uploaded.key}.report.json`);
      return { ...world, deps: { ...world.deps, objects }, event, reported };
    };

    it.each([
      ['head', 'customer-key', 'SSE-C'],
      ['get', 'archived', 'STANDARD'],
      ['head', 'denied', 'KMS'],
      ['get', 'denied', 'KMS'],
    ] as const)('leaves a rejected report with the reason: %s, %s', async (at, reason, text) => {
      const { deps, event, reported } = await unreadable(at, reason);

      expect(await importUploads(deps, BUCKET, event())).toMatchObject({ uploads: [{ status: 'rejected' }] });
      expect(reported()).toMatchObject({
        status: 'rejected',
        faults: [{ code: `upload-${reason}`, text: expect.stringContaining(text) }],
      });
    });

    it('is retried while a permission may still be granted, and the last try leaves a report', async () => {
      const { deps, event, reported, objects } = await unreadable('get', 'denied');
      const now = deps.clock.now();

      await expect(importUploads(deps, BUCKET, event(plus(now, -MINUTE)))).rejects.toThrow('denied');
      expect(objects.keys().filter((key) => key.endsWith('.report.json'))).toEqual([]);
      expect(await importUploads(deps, BUCKET, event(plus(now, -3 * MINUTE)))).toMatchObject({
        uploads: [{ status: 'rejected' }],
      });
      expect(reported()).toMatchObject({ faults: [{ code: 'upload-denied' }] });
    });

    it('is reported at once where waiting does not help', async () => {
      const { deps, event } = await unreadable('head', 'customer-key');

      expect(await importUploads(deps, BUCKET, event(deps.clock.now()))).toMatchObject({
        uploads: [{ status: 'rejected' }],
      });
    });
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

  it('tries all records before it throws a temporary error, and the next delivery imports only the rest (F59)', async () => {
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
