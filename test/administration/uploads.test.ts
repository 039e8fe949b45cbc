import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatSignature, signedBytes } from '../../shared/license-file/signature.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseZip } from '../fakes/license-file.ts';
import { memoryObjects } from '../fakes/memory-objects.ts';
import { aWorld } from '../fakes/world.ts';

describe('create-upload', () => {
  it('permits one file of limited size in the tenant’s uploads for ten minutes', async () => {
    const { ask } = await aCommandWorld();

    expect(await ask('create-upload', { name: 'Licenses 2026.zip', folder: 'Finance' })).toEqual({
      key: 'tenants/acme/uploads/Licenses 2026.zip',
      url: 'https://bucket.example.com/tenants/acme/uploads/Licenses 2026.zip',
      fields: {
        permitted: JSON.stringify({
          contentType: 'application/zip',
          metadata: { folder: 'Finance', 'uploaded-by': 'olga' },
          mostBytes: 21 * 1024 * 1024,
          validFor: 600,
        }),
      },
      mostBytes: 21 * 1024 * 1024,
      validUntil: '2026-03-02T08:25:32.159Z',
    });
  });

  it('permits one file in the renewals, where it waits for a renewal (R36)', async () => {
    const { ask } = await aCommandWorld();
    const { key } = (await ask('create-upload', { name: '2027.xml', area: 'renewals' })) as { key: string };
    expect(key).toBe('tenants/acme/renewals/2027.xml');
  });

  it.each([
    ['a path', 'a/b.zip'],
    ['the folder itself', '.'],
    ['the folder above', '..'],
    ['a report’s name', 'a.zip.report.json'],
    ['S3’s placeholder for the sender’s own name', '$\u007bfilename}'],
    ['a control character', 'a\u0000.zip'],
    ['nothing', ''],
    ['more than 200 characters', `${'a'.repeat(198)}.zip`],
  ])('refuses %s as the name', async (_, name) => {
    const { ask } = await aCommandWorld();
    expect(await ask('create-upload', { name })).toMatchObject(refusal('invalid-request'));
  });

  it.each(['...', '.zip', '..zip', 'a.'])('permits the name %s', async (name) => {
    const { ask } = await aCommandWorld();
    expect(await ask('create-upload', { name })).toMatchObject({ key: `tenants/acme/uploads/${name}` });
  });

  it('refuses a folder into which licenses cannot be imported (R2)', async () => {
    const { ask } = await aCommandWorld();
    expect(await ask('create-upload', { name: 'a.zip', folder: 'Nowhere' })).toEqual(refusal('unknown-folder'));
    expect(await ask('create-upload', { name: 'a.zip', folder: 'zOld' })).toEqual(refusal('set-aside'));
  });
});

describe('paste-licenses', () => {
  it('stores the text like an upload, and the same text under the same key', async () => {
    const objects = memoryObjects();
    const world = await aWorld();
    const { ask } = asAdministrator({ ...world.deps, objects });
    const xml = '<licenses/>';

    const first = (await ask('paste-licenses', { xml, folder: 'Finance' })) as { key: string };
    const second = await ask('paste-licenses', { xml, folder: 'Finance' });

    expect(first.key).toMatch(/^tenants\/acme\/uploads\/pasted-[0-9a-f]{32}\.xml$/);
    expect(second).toEqual(first);
    const found = await objects.head({ key: first.key });
    expect(found).toMatchObject({ size: 11, metadata: { folder: 'Finance', 'uploaded-by': 'olga' } });
  });

  it.each([
    [
      'with another encoding than text has',
      '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a/>',
      '<?xml version="1.0" encoding="UTF-8"?>\n<a/>',
    ],
    [
      'with an encoding in single quotes',
      "<?xml version='1.0' encoding='utf-16'?><a/>",
      `<?xml version='1.0' encoding="UTF-8"?><a/>`,
    ],
    [
      'that declares UTF-8 in its own way',
      "<?xml version='1.0' encoding='utf-8'?><a/>",
      "<?xml version='1.0' encoding='utf-8'?><a/>",
    ],
    ['behind blanks that show nothing', '\u200b\u00a0<a/>', '<a/>'],
    ['behind blank lines and a byte order mark', '\ufeff\n  <?xml version="1.0"?><a/>', '<?xml version="1.0"?><a/>'],
    ['that says "encoding" elsewhere', '<a encoding="ISO-8859-1"/>', '<a encoding="ISO-8859-1"/>'],
  ])('stores a text %s as it was meant', async (_what, xml, stored) => {
    const objects = memoryObjects();
    const world = await aWorld();

    const { key } = (await asAdministrator({ ...world.deps, objects }).ask('paste-licenses', { xml })) as {
      key: string;
    };

    const found = await objects.head({ key });
    expect(Buffer.from((await objects.get(found!, 1_000))!).toString()).toBe(stored);
  });

  const declared = '<?xml version="1.0" encoding="utf-8"?><a/>';
  it.each([
    ['a byte order mark that is signed', `\ufeff${declared}`, `\ufeff${declared}`],
    ['blanks that are signed', `\n${declared}`, `\n${declared}`],
    ['the declaration that is signed, without blanks that are not', `\n${declared}`, declared],
  ])('keeps %s, so that the signature fits', async (_what, xml, signed) => {
    const objects = memoryObjects();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const publicKeys = { k1: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
    const world = await aWorld({ settings: { publicKeys } });
    const signature = formatSignature('k1', sign(null, signedBytes('acme', Buffer.from(signed)), privateKey)).trim();

    const answer = await asAdministrator({ ...world.deps, objects }).ask('paste-licenses', { xml, signature });

    const found = await objects.head({ key: (answer as { key: string }).key });
    expect(found?.metadata).toMatchObject({ signature });
    expect(Buffer.from((await objects.get(found!, 1_000))!).toString()).toBe(signed);
  });

  it.each(['two\nlines', ' blank', 'blank ', 'ä', 'x'.repeat(1_001), ''])(
    'refuses the signature %j, which no metadata can hold',
    async (signature) => {
      const { ask } = await aCommandWorld();
      expect(await ask('paste-licenses', { xml: '<a/>', signature })).toMatchObject(refusal('invalid-request'));
    },
  );

  it('refuses a text with half of a character in it, before anything is put', async () => {
    const objects = memoryObjects();
    const world = await aWorld();

    const answer = await asAdministrator({ ...world.deps, objects }).ask('paste-licenses', { xml: '<a>IT \ud800</a>' });

    expect(answer).toMatchObject(refusal('invalid-request'));
    expect(objects.keys()).toEqual([]);
  });

  it('keeps the name of a folder with letters that metadata do not allow', async () => {
    const { ask, deps } = await aCommandWorld();
    const objects = memoryObjects();
    await ask('create-folder', { folder: 'Kädet' });
    const { key } = (await asAdministrator({ ...deps, objects }).ask('paste-licenses', {
      xml: '<a/>',
      folder: 'Kädet',
    })) as {
      key: string;
    };
    expect((await objects.head({ key }))?.metadata).toEqual({ folder: '=?UTF-8?B?S8OkZGV0?=', 'uploaded-by': 'olga' });
  });

  it('refuses a text that is too large for a call, and stores nothing', async () => {
    const objects = memoryObjects();
    const world = await aWorld();
    const answer = await asAdministrator({ ...world.deps, objects }).ask('paste-licenses', {
      xml: 'ä'.repeat(2_100_000),
    });
    expect(answer).toMatchObject(refusal('invalid-request'));
    expect(objects.keys()).toEqual([]);
  });
});

describe('list-imports', () => {
  it('lists the tenant’s imports, the latest first, a page at a time', async () => {
    const world = await anImportWorld();
    for (const serialNumber of ['A1', 'A2', 'A3']) {
      world.clock.move(1_000);
      const upload = world.upload(`${serialNumber}.zip`, await licenseZip({ licenses: [{ serialNumber }] }));
      await world.importUpload(upload, { clock: world.clock });
    }
    world.clock.move(1_000);
    await world.importUpload(world.upload('broken.zip', Buffer.from('no zip')), { clock: world.clock });
    const { ask } = asAdministrator(world.deps);
    type Page = { imports: { key: string; status: string }[]; cursor?: string };

    const first = (await ask('list-imports', { limit: 3 })) as Page;
    const second = (await ask('list-imports', { limit: 3, cursor: first.cursor })) as Page;

    const told = [first, second].flatMap(({ imports }) => imports.map(({ key, status }) => [key.slice(21), status]));
    expect(told).toEqual([
      ['broken.zip', 'rejected'],
      ['A3.zip', 'accepted'],
      ['A2.zip', 'accepted'],
      ['A1.zip', 'accepted'],
    ]);
    expect(second).not.toHaveProperty('cursor');
  });

  it('lists no imports of another tenant', async () => {
    const world = await anImportWorld();
    await world.importUpload(world.upload('a.zip', await licenseZip({ licenses: [{ serialNumber: 'A1' }] })));
    const { ask } = asAdministrator(world.deps);
    await ask('create-tenant', { settings: { customers: ['other'], timeZone: 'Europe/Helsinki' } }, 'acme-2');

    expect(await ask('list-imports', {}, 'acme-2')).toEqual({ imports: [] });
  });
});
