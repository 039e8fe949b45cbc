import { describe, expect, it } from 'vitest';
import { reportText } from '../../shared/imports/report-text.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { anImportWorld } from '../fakes/import-world.ts';
import { licenseXml, licenseZip } from '../fakes/license-file.ts';

const BY = 'uploaded-by';

describe('an import (R49)', () => {
  it.each([
    ['accepted', 'olga', 'olga'],
    ['accepted', '=?UTF-8?B?w6VzYQ==?=', 'åsa'],
    ['rejected', 'olga', 'olga'],
  ])('that is %s names in its report who uploaded: %s', async (status, told, name) => {
    const world = await anImportWorld();
    const bytes = status === 'accepted' ? await licenseZip() : Buffer.from('no zip');
    const uploaded = world.upload('may.zip', bytes, { [BY]: told });

    await world.importUpload(uploaded);

    const report = await world.report(uploaded.key);
    expect(report).toMatchObject({ status, uploadedBy: name });
    expect(reportText(report!)).toContain(`  uploaded by ${name}\n`);
    expect(world.objects.json(`${uploaded.key}.report.json`)).toMatchObject({ status, uploadedBy: name });
    const heads = world.table.items().filter(({ sk }) => sk === 'REPORT');
    expect(JSON.stringify(heads)).not.toContain(name);
  });

  it.each([
    ['nobody', {}],
    ['an empty name', { [BY]: '' }],
    ['more than a user’s id can be', { [BY]: 'x'.repeat(201) }],
  ])('of an upload that names %s reports no uploader', async (_, metadata) => {
    const world = await anImportWorld();
    const uploaded = world.upload('may.zip', await licenseZip(), metadata);

    await world.importUpload(uploaded);

    expect(await world.report(uploaded.key)).not.toHaveProperty('uploadedBy');
    expect(world.table.items().filter(({ pk }) => pk.startsWith('NAME#'))).toEqual([]);
  });

  it('names the user who requested the form or pasted the text, whatever letters the name has', async () => {
    const world = await anImportWorld();
    const { ask } = asAdministrator({ ...world.deps, objects: world.objects });
    const actor = { actor: 'Åsa Öberg <x>' };

    const form = (await ask('create-upload', { name: 'a.zip', ...actor })) as { fields: { permitted: string } };
    const { key } = (await ask('paste-licenses', { xml: licenseXml(), ...actor })) as { key: string };
    await world.importUpload({ key });

    const { metadata } = JSON.parse(form.fields.permitted) as { metadata: Record<string, string> };
    expect(metadata[BY]).toMatch(/^[ -~]{1,400}$/);
    expect(await world.report(key)).toMatchObject({ uploadedBy: actor.actor });
  });
});
