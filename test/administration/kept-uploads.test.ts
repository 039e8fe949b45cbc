import { describe, expect, it } from 'vitest';
import { ObjectUnreadable } from '../../shared/platform/ports/objects.ts';
import { asAdministrator, refusal } from '../fakes/command-world.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseZip } from '../fakes/license-file.ts';

const WAITING = 'tenants/acme/renewals/';

async function aWorldWithUploads({ versioned = true } = {}) {
  const world = await anImportWorld({ versioned });
  const { ask } = asAdministrator({ ...world.deps, ...world });
  return { ...world, ask };
}

describe('list-waiting-uploads', () => {
  it('lists what was uploaded for renewals, by name, without reports and folders', async () => {
    const { ask, objects, upload } = await aWorldWithUploads();
    const zip = await licenseZip();
    for (const name of ['b.zip', 'a.zip', 'a.zip.report.json', 'sub/c.zip', 'empty/']) {
      objects.upload(`${WAITING}${name}`, zip);
    }
    upload('other.zip', zip);
    objects.upload('tenants/acme-2/renewals/theirs.zip', zip);

    expect(await ask('list-waiting-uploads')).toEqual({
      uploads: ['a.zip', 'b.zip'].map((name) => ({
        key: `${WAITING}${name}`,
        name,
        size: zip.length,
        uploadedAt: expect.any(String),
      })),
    });
  });

  it('names the import by which a renewal has taken a file, until the file is uploaded again', async () => {
    const { ask, objects, importUpload } = await aWorldWithUploads();
    const taken = objects.upload(`${WAITING}2027.zip`, await licenseZip());
    const { importId } = await importUpload(taken, { heldBackFor: 'r1' });

    expect(await ask('list-waiting-uploads')).toMatchObject({ uploads: [{ name: '2027.zip', importId }] });
    objects.upload(`${WAITING}2027.zip`, await licenseZip({ issued: '2026-02-01' }));

    const { uploads } = (await ask('list-waiting-uploads')) as { uploads: object[] };
    expect(uploads).toEqual([expect.not.objectContaining({ importId })]);
  });

  it('gives a page at a time, each object once', async () => {
    const { ask, objects } = await aWorldWithUploads();
    const names = Array.from({ length: 7 }, (_, index) => `${index}.zip`);
    for (const name of names) objects.upload(`${WAITING}${name}`, Buffer.from(name));
    objects.upload(`${WAITING}3.zip.report.json`, Buffer.from('{}'));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = (await ask('list-waiting-uploads', { limit: 2, ...(cursor && { cursor }) })) as {
        uploads: { name: string }[];
        cursor?: string;
      };
      found.push(...page.uploads.map(({ name }) => name));
      cursor = page.cursor;
    } while (cursor !== undefined);

    expect(found).toEqual(names);
    expect(await ask('list-waiting-uploads', { cursor: 'x' })).toMatchObject(refusal('invalid-request'));
  });
});

describe('create-download', () => {
  it('signs an address of an upload for five minutes', async () => {
    const { ask, objects } = await aWorldWithUploads();
    const key = `${WAITING}Uudet 2027.zip`;
    const { versionId } = objects.upload(key, Buffer.from('zip'));

    expect(await ask('create-download', { key })).toEqual({
      key,
      name: 'Uudet 2027.zip',
      size: 3,
      uploadedAt: expect.any(String),
      url: `https://bucket.example.com/${key}?${JSON.stringify({ versionId, name: 'Uudet 2027.zip', validFor: 300 })}`,
      validUntil: '2026-03-02T08:20:32.159Z',
    });
  });

  it('signs that of exactly the file that was imported, although another one has its name by now', async () => {
    const { ask, upload, importUpload } = await aWorldWithUploads();
    const first = upload('a.zip', await licenseZip());
    const { importId } = await importUpload(first);
    upload('a.zip', Buffer.from('another'));

    expect(await ask('create-download', { importId })).toMatchObject({
      url: expect.stringContaining(`"versionId":"${first.versionId}"`),
    });
  });

  it('does not mistake another file for the imported one where the bucket has no versions', async () => {
    const { ask, upload, importUpload } = await aWorldWithUploads({ versioned: false });
    const { importId } = await importUpload(upload('a.zip', await licenseZip()));

    expect(await ask('create-download', { importId })).toMatchObject({ name: 'a.zip' });
    upload('a.zip', Buffer.from('another'));

    expect(await ask('create-download', { importId })).toEqual(refusal('unknown-upload'));
  });

  it.each([
    ['a file that is not there', { key: 'tenants/acme/uploads/none.zip' }, 'unknown-upload'],
    ['a file of another tenant', { key: 'tenants/globex/uploads/a.zip' }, 'unknown-upload'],
    ['a path out of the tenant’s area', { key: 'previews/acme/../globex/a.zip' }, 'unknown-upload'],
    ['a report', { key: 'tenants/acme/uploads/a.zip.report.json' }, 'unknown-upload'],
    ['an unknown import', { importId: 'none' }, 'unknown-upload'],
    ['nothing', {}, 'invalid-request'],
    ['both', { key: 'tenants/acme/uploads/a.zip', importId: 'none' }, 'invalid-request'],
  ])('signs nothing for %s', async (_, members, code) => {
    const { ask, objects } = await aWorldWithUploads();
    objects.upload('tenants/globex/uploads/a.zip', Buffer.from('theirs'));
    objects.upload('tenants/acme/uploads/a.zip.report.json', Buffer.from('{}'));

    expect(await ask('create-download', members)).toMatchObject(refusal(code));
  });

  it('signs nothing for a file that the store does not give out', async () => {
    const world = await aWorldWithUploads();
    const head = () => Promise.reject(new ObjectUnreadable('archived'));
    const { ask } = asAdministrator({ ...world.deps, objects: { ...world.objects, head } });

    expect(await ask('create-download', { key: `${WAITING}a.zip` })).toEqual(refusal('unknown-upload'));
  });
});
