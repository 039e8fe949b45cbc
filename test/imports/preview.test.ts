import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import { DAY } from '../../shared/licensing/time.ts';
import { withoutCommands } from '../fakes/command-entries.ts';
import { asAdministrator, refusal } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseXml, licenseZip, type RowFacts } from '../fakes/license-file.ts';
import { aLicense, aUserCard, NOW } from '../fakes/world.ts';

type Previewed = {
  serialNumber: string;
  outcome: string;
  detail?: string;
  file: { type: string; validFrom: string; expiresOn?: string };
  present?: { version: number };
};
type Preview = { previewId: string; licenses: Previewed[]; cursor?: string } & Record<string, unknown>;

const FIXTURES = new URL('../fixtures/uploads/', import.meta.url);
const SERIALS = ['S0', 'S1', 'S2', 'S3', 'OF-ADA', 'IN-USE'];
const ISSUED = ['2026-01-15', '2026-02-01', '2026-03-01', '9999-01-01'];
const LAST_DAYS = ['2026-02-28', '2027-01-14', '2028-01-14'];

/** A world with a bucket and an administrator, and what the table holds beside the entries of commands. */
async function aPreviewWorld(licenses: readonly License[] = [], cards: Parameters<typeof aUserCard>[0][] = []) {
  const world = await anImportWorld({ licenses, cards: cards.map((card) => aUserCard(card)) });
  const { ask } = asAdministrator({ ...world.deps, ...world, clock: world.clock });
  const kept = () => withoutCommands(world.table.items()).filter(({ pk }) => !pk.startsWith('PREVIEW#'));
  const previews = () => world.table.items().filter(({ pk }) => pk.startsWith('PREVIEW#'));
  return { ...world, ask, kept, previews };
}

type PreviewWorld = Awaited<ReturnType<typeof aPreviewWorld>>;

/** Uploads a file for a preview. */
const uploadPreview = ({ objects }: PreviewWorld, name: string, bytes: Uint8Array, folder?: string) =>
  objects.upload(`previews/acme/${name}`, bytes, folder === undefined ? {} : { folder });

/** Reads all licenses of a stored preview. */
async function readAll({ ask }: PreviewWorld, previewId: string): Promise<Previewed[]> {
  const all: Previewed[] = [];
  let cursor: string | undefined;
  do {
    const page = (await ask('get-import-preview', { previewId, ...(cursor && { cursor }) })) as Preview;
    all.push(...page.licenses);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

/** What a preview and a report both say. */
const said = ({ status, issued, sameAs, counts, faults, ignored }: Record<string, unknown>) => ({
  status,
  issued,
  sameAs,
  counts,
  faults,
  ignored,
});
const outcomes = (licenses: readonly Previewed[]) => licenses.map(({ file: _, present: __, ...outcome }) => outcome);

const someLicense = (serialNumber: string) =>
  fc
    .record({
      expiresOn: fc.constantFrom(...LAST_DAYS),
      folderId: fc.constantFrom('root', 'sales', 'zOld'),
      modules: serialNumber.startsWith('S') ? fc.constantFrom('all', 'CMDB') : fc.constant('all'),
      imported: fc.record({
        importId: fc.constant('earlier'),
        outcome: fc.constant('added' as const),
        issued: fc.constantFrom(...ISSUED),
      }),
      isDeleted: fc.boolean(),
    })
    .map(({ isDeleted, folderId, ...facts }): License => {
      const term = { validFrom: '2026-01-15', expiresOn: facts.expiresOn };
      if (serialNumber === 'OF-ADA') {
        return aLicense({ ...facts, ...term, serialNumber, type: 'dedicated', assignedTo: 'ada' });
      }
      if (serialNumber === 'IN-USE')
        return aLicense({ ...facts, ...term, serialNumber, currentUser: 'bob', since: NOW });
      const zOld = folderId === 'zOld' ? { setAsideOn: '2026-02-20' } : {};
      const deleted = isDeleted ? { deletedAt: '2026-02-20T10:00:00.000Z' } : {};
      return aLicense({ ...facts, ...term, serialNumber, folderId, ...zOld, ...deleted });
    });

const cardsOf = (licenses: readonly License[]) =>
  licenses.flatMap((license): Parameters<typeof aUserCard>[0][] => {
    const { type, access, modules, validFrom, expiresOn, folderId, serialNumber } = license;
    const note = { type, access, modules, validFrom, folderId, ...(expiresOn && { expiresOn }) };
    if (license.assignedTo !== undefined) return [{ user: 'ada', assigned: { [serialNumber]: note } }];
    if (license.currentUser === undefined) return [];
    const sessions = { s1: { started: NOW, lastSeen: NOW } };
    return [{ user: 'bob', current: { serialNumber, ...note }, sessions }];
  });

const someRow = (serialNumber: string): fc.Arbitrary<RowFacts> =>
  fc.record({
    serialNumber: fc.constant(serialNumber),
    type: fc.constantFrom('Floating', 'Dedicated'),
    modules: fc.constantFrom('All modules', 'CMDB'),
    expiryDate: fc.constantFrom(...LAST_DAYS, 'never'),
  });

const someOf = <Each>(serials: readonly string[], each: (serialNumber: string) => fc.Arbitrary<Each>) =>
  fc.subarray([...serials]).chain((some) => fc.tuple(...some.map(each)));

const someFile = fc.record({
  customer: fc.constantFrom('acme', 'acme', 'acme', 'other'),
  issued: fc.constantFrom(...ISSUED, '2026-01-01'),
  licenses: someOf([...SERIALS, 'NEW'], someRow).filter((rows) => rows.length > 0),
});

describe('the preview of an import', () => {
  it('says exactly what the import right after it does, of a pasted text and of an upload', async () => {
    await fc.assert(
      fc.asyncProperty(
        someOf(SERIALS, someLicense),
        someFile,
        fc.constantFrom('', 'Sales'),
        fc.boolean(),
        async (licenses, facts, folder, isPasted) => {
          const world = await aPreviewWorld(licenses, cardsOf(licenses));
          const xml = licenseXml(facts);
          const zip = await licenseZip(facts);
          const before = JSON.stringify(world.kept());

          const request = isPasted ? { xml, folder } : { upload: uploadPreview(world, 'a.zip', zip, folder).key };
          const preview = (await world.ask('preview-import', request)) as Preview;
          const previewed = await readAll(world, preview.previewId);
          if (isPasted) expect(preview.licenses).toEqual(previewed);
          expect(JSON.stringify(world.kept())).toBe(before);

          const key = isPasted
            ? ((await world.ask('paste-licenses', { xml, folder })) as { key: string }).key
            : world.upload('a.zip', zip, { folder }).key;
          await world.importUpload({ key });
          const report = (await world.report(key))!;

          expect(said(preview)).toEqual(said(report));
          expect(outcomes(previewed)).toEqual(report.licenses);
          for (const { serialNumber, outcome, file, present } of previewed) {
            const known = licenses.find((license) => license.serialNumber === serialNumber);
            expect(present?.version).toBe(known?.version);
            const { version, validFrom, expiresOn, type, folderId } = await world.license(serialNumber);
            const isWritten = outcome === 'added' || outcome === 'term-changed';
            expect(version).toBe((known?.version ?? 0) + (isWritten ? 1 : 0));
            const { validFrom: from, expiresOn: to } = isWritten ? file : known!;
            expect([validFrom, expiresOn]).toEqual([from, to]);
            if (outcome === 'added') expect([type, folderId]).toEqual([file.type, folder === '' ? 'root' : 'sales']);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  it.each(readdirSync(FIXTURES).filter((name) => /\.(zip|xml)$/.test(name)))(
    'has the same verdict, faults and places as the import of %s',
    async (name) => {
      const world = await aPreviewWorld();
      const bytes = readFileSync(new URL(name, FIXTURES));
      const { key } = world.upload(name, bytes);

      const preview = (await world.ask('preview-import', { upload: uploadPreview(world, name, bytes).key })) as Preview;
      await world.importUpload({ key });

      expect(said(preview)).toEqual(said((await world.report(key))!));
    },
  );

  it('shows both sides of a license with their issue dates, and where it is', async () => {
    const known = aLicense({
      serialNumber: 'S1',
      folderId: 'sales',
      version: 4,
      imported: { importId: 'earlier', outcome: 'added', issued: '2026-02-01' },
    });
    const { ask } = await aPreviewWorld([known]);
    const xml = licenseXml({
      issued: '2026-02-01',
      licenses: [{ serialNumber: 'S1', expiryDate: 'never' }, { serialNumber: 'S2' }],
    });

    const { licenses } = (await ask('preview-import', { xml })) as Preview;

    const side = { type: 'floating', access: 'write', modules: 'all', validFrom: '2026-01-15', issued: '2026-02-01' };
    expect(licenses).toEqual([
      {
        serialNumber: 'S1',
        outcome: 'conflict',
        detail: expect.stringContaining('both files were issued on 2026-02-01'),
        file: side,
        present: { ...side, expiresOn: '2027-01-14', folder: 'Sales', version: 4 },
      },
      { serialNumber: 'S2', outcome: 'added', file: { ...side, expiresOn: '2027-01-14' } },
    ]);
  });

  it('has codes and counts before the licenses', async () => {
    const { ask } = await aPreviewWorld();

    const preview = (await ask('preview-import', { xml: licenseXml() })) as Preview;

    const members = Object.keys(preview);
    expect(members.slice(0, 6)).toEqual(['previewId', 'previewedAt', 'expiresAt', 'status', 'counts', 'faults']);
    expect(members.indexOf('licenses')).toBeGreaterThan(members.indexOf('ignored'));
  });

  it('ends after a day, although the table still has its items, which end by their TTL', async () => {
    const { ask, clock, previews } = await aPreviewWorld();
    const { previewId, expiresAt } = (await ask('preview-import', { xml: licenseXml() })) as Preview;
    const ends = previews().map(({ ttl }) => ttl);

    clock.move(DAY - 1);
    expect(await ask('get-import-preview', { previewId })).toMatchObject({ previewId });
    clock.move(1);

    expect(await ask('get-import-preview', { previewId })).toEqual(refusal('unknown-preview'));
    expect(ends).toEqual(ends.map(() => Math.floor(Date.parse(String(expiresAt)) / 1_000)));
    expect(ends).toHaveLength(2);
  });

  it('lists the licenses a page at a time, or those with one outcome', async () => {
    const world = await aPreviewWorld([aLicense({ serialNumber: 'S1500', modules: 'CMDB' })]);
    const licenses = Array.from({ length: 2_500 }, (_, index) => ({ serialNumber: `S${index}` }));
    const { key } = uploadPreview(world, 'many.zip', await licenseZip({ licenses }));

    const preview = (await world.ask('preview-import', { upload: key })) as Preview;
    const { previewId } = preview;

    expect(preview).toMatchObject({ counts: { added: 2_499, conflict: 1 } });
    expect(preview).not.toHaveProperty('licenses');
    const all = await readAll(world, previewId);
    expect(all.map(({ serialNumber }) => serialNumber)).toEqual(licenses.map(({ serialNumber }) => serialNumber));
    const first = (await world.ask('get-import-preview', { previewId, outcome: 'conflict' })) as Preview;
    const second = await world.ask('get-import-preview', { previewId, outcome: 'conflict', cursor: first.cursor });
    expect(first.licenses).toEqual([]);
    expect(second).toMatchObject({ licenses: [{ serialNumber: 'S1500' }] });
    const foreign = { previewId, cursor: Buffer.from('page x').toString('base64url') };
    expect(await world.ask('get-import-preview', foreign)).toMatchObject(refusal('invalid-request'));
  });

  it('costs one read for each license of the file, and one write for each hundred, whatever the tenant has', async () => {
    const world = await aPreviewWorld();
    const { table, counts } = countingTable(world.table);
    const { ask } = asAdministrator({ ...world.deps, table });
    const licenses = Array.from({ length: 1_000 }, (_, index) => ({ serialNumber: `S${index}` }));

    await ask('preview-import', { xml: licenseXml({ licenses }) });

    // Ten batches of licenses, the content of the file, ten pages and the head; the tenant is read outside.
    expect(counts).toMatchObject({ calls: 22, writes: 11 });
  });

  it('answers a text of 3 MiB at once, with as many licenses as an answer holds', async () => {
    const world = await aPreviewWorld();
    const lengthOf = (serials: readonly string[]) =>
      licenseXml({ licenses: serials.map((serialNumber) => ({ serialNumber, expiryDate: 'never' })) }).length;
    const bytesOfRow = lengthOf(['S00000', 'S00001']) - lengthOf(['S00000']);
    const count = Math.floor((3 * 1024 * 1024 - 200) / bytesOfRow);
    const rows = Array.from({ length: count }, (_, index) => ({ serialNumber: `S${index}`, expiryDate: 'never' }));

    const preview = (await world.ask('preview-import', { xml: licenseXml({ licenses: rows }) })) as Preview;

    expect(preview).toMatchObject({ status: 'accepted', counts: { added: count } });
    expect(preview['isWhole']).toBe(preview.licenses.length === count);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(preview)))).toBeLessThan(6 * 1024 * 1024);
    expect(await readAll(world, preview.previewId)).toHaveLength(count);
  });

  it.each([
    ['neither a text nor an upload', {}, 'invalid-request'],
    ['both', { xml: '<a/>', upload: 'previews/acme/a.zip' }, 'invalid-request'],
    ['a folder beside an upload', { upload: 'previews/acme/a.zip', folder: 'Sales' }, 'invalid-request'],
    ['an unknown folder', { xml: '<a/>', folder: 'Nowhere' }, 'unknown-folder'],
    ['zOld', { xml: '<a/>', folder: 'zOld' }, 'set-aside'],
    ['an upload that is not there', { upload: 'previews/acme/none.zip' }, 'unknown-upload'],
    ['an upload of another tenant', { upload: 'previews/globex/a.zip' }, 'unknown-upload'],
    ['a path out of the tenant’s area', { upload: 'previews/acme/../globex/a.zip' }, 'unknown-upload'],
    ['a report', { upload: 'tenants/acme/uploads/a.zip.report.json' }, 'unknown-upload'],
  ])('is refused for %s, and stores nothing', async (_, members, code) => {
    const world = await aPreviewWorld();
    world.objects.upload('previews/globex/a.zip', await licenseZip());
    world.objects.upload('tenants/acme/uploads/a.zip.report.json', Buffer.from('{}'));

    expect(await world.ask('preview-import', members)).toMatchObject(refusal(code));
    expect(world.previews()).toEqual([]);
  });

  it.each(['tenants/acme/renewals/2027.zip', 'tenants/acme/uploads/old.zip'])(
    'is made of a file that was uploaded elsewhere as well: %s',
    async (upload) => {
      const world = await aPreviewWorld();
      world.objects.upload(upload, await licenseZip());

      expect(await world.ask('preview-import', { upload })).toMatchObject({ status: 'accepted', counts: { added: 1 } });
    },
  );

  it('leaves no entry of a command, since it changes nothing', async () => {
    const { ask, table } = await aPreviewWorld();

    await ask('preview-import', { xml: licenseXml() });

    expect(table.items().filter(({ pk }) => pk.startsWith('COMMAND#'))).toEqual([]);
  });
});

describe('a file for a preview', () => {
  it('is uploaded by a form, outside of what is imported', async () => {
    const { ask } = await aPreviewWorld();

    expect(await ask('create-upload', { name: 'a.zip', area: 'previews', folder: 'Sales' })).toMatchObject({
      key: 'previews/acme/a.zip',
      url: 'https://bucket.example.com/previews/acme/a.zip',
    });
    expect(await ask('paste-licenses', { xml: '<a/>', area: 'previews' })).toMatchObject(refusal('invalid-request'));
  });
});
