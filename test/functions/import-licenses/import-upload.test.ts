import { describe, expect, it } from 'vitest';
import { anImportWorld } from '../../fakes/import-world.ts';
import { licenseZip } from '../../fakes/license-file.ts';

describe('import of an upload', () => {
  it('adds the licenses of the file to the root and reports on each of them (R2, R8)', async () => {
    const { upload, importUpload, license, report, table, objects } = await anImportWorld();
    const rows = [{ serialNumber: '00042' }, { serialNumber: '1e5', type: 'Dedicated', expiryDate: 'never' }];
    const uploaded = upload('licenses.zip', await licenseZip({ licenses: rows }));

    const answer = await importUpload(uploaded);

    expect(answer).toMatchObject({ status: 'accepted', issued: '2026-01-15', counts: { added: 2, unchanged: 0 } });
    expect(await license('00042')).toMatchObject({ type: 'floating', folderId: 'root', expiresOn: '2027-01-14' });
    expect(await license('1e5')).not.toHaveProperty('expiresOn');
    expect(table.items().filter(({ pk }) => pk === 'V#acme#root')).toHaveLength(2);
    expect(await report(uploaded.key)).toEqual(objects.json(`${uploaded.key}.report.json`));
    expect(objects.json(`${uploaded.key}.report.json`)).toEqual({
      ...answer,
      licenses: [
        { serialNumber: '00042', outcome: 'added' },
        { serialNumber: '1e5', outcome: 'added' },
      ],
    });
  });
});
