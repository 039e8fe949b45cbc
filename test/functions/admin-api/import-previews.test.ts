import { expect, it } from 'vitest';
import { anApiWorld } from '../../fakes/api-world.ts';
import { licenseXml, licenseZip } from '../../fakes/license-file.ts';
import { checker, DOCUMENT, operationsOf } from './described.ts';

const PATH = '/tenants/acme/import-previews';
const VIEWER = { role: 'viewer', tenant: 'acme', actor: 'vera' } as const;

it('answers a text at once with 200, and an upload with 202 and a result under its id, all as described', async () => {
  const { call, objects } = await anApiWorld();
  objects.upload(
    'previews/acme/a.zip',
    await licenseZip({ licenses: [{ serialNumber: 'FREE' }, { serialNumber: 'N1' }] }),
  );
  const post = (body: object) => call({ method: 'POST', path: PATH, body });

  const pasted = await post({ xml: licenseXml() });
  const uploaded = await post({ upload: 'previews/acme/a.zip' });
  const read = await call({ method: 'GET', path: `${PATH}/${uploaded.body['previewId']}` }, VIEWER);

  expect([pasted.status, uploaded.status, read.status]).toEqual([200, 202, 200]);
  expect(pasted.body).toMatchObject({ counts: { added: 1 }, isWhole: true, licenses: [{ outcome: 'added' }] });
  expect(uploaded.body).not.toHaveProperty('licenses');
  expect(read.body).toMatchObject({ licenses: [{ serialNumber: 'FREE', outcome: 'conflict' }, { outcome: 'added' }] });
  const described = checker(DOCUMENT);
  const operations = new Map(operationsOf(DOCUMENT).map((operation) => [operation.id, operation]));
  const type = 'application/json';
  for (const { status, body } of [pasted, uploaded]) {
    expect(described(operations.get('previewImport')!, { status, type, body })).toBeUndefined();
  }
  expect(described(operations.get('getImportPreview')!, { status: 200, type, body: read.body })).toBeUndefined();
});
