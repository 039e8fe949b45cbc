import { describe, expect, it } from 'vitest';
import {
  isUploadOf,
  keyOfUpload,
  reportObjectKey,
  uploadOf,
  uploadOfEvent,
} from '../../../shared/licensing/tenant/upload-key.ts';

describe('key of an upload in an event', () => {
  it.each([
    ['tenants/acme/uploads/licenses.zip', 'licenses.zip'],
    ['tenants/acme/uploads/a+b.zip', 'a b.zip'],
    ['tenants/acme/uploads/a%2Bb.zip', 'a+b.zip'],
    ['tenants/acme/uploads/100%25.zip', '100%.zip'],
    ['tenants/acme/uploads/100%2525.zip', '100%25.zip'],
    ['tenants/acme/uploads/K%C3%A4si.zip', 'Käsi.zip'],
    ['tenants%2Facme%2Fuploads%2Fa.zip', 'a.zip'],
  ])('is decoded exactly once: %s', (encoded, name) => {
    expect(uploadOfEvent(encoded)).toEqual({
      tenant: 'acme',
      area: 'uploads',
      key: `tenants/acme/uploads/${name}`,
      name,
    });
  });

  it.each([
    ['tenants/acme/uploads/%zz.zip', 'unreadable-key'],
    ['tenants/acme/uploads/%', 'unreadable-key'],
    ['tenants/acme/uploads/%C3.zip', 'unreadable-key'],
    ['tenants/acme%2F..%2Fglobex/uploads/a.zip', 'no-upload'],
    ['tenants/acme/uploads/..%2Fa.zip', 'no-upload'],
    ['tenants/acme/uploads/.', 'no-upload'],
    ['tenants/acme/uploads/..', 'no-upload'],
    ['tenants/acme/uploads/%2E%2E', 'no-upload'],
    ['tenants/acme/renewals/..', 'no-upload'],
    ['tenants/ACME/uploads/a.zip', 'no-upload'],
    [`tenants/${'a'.repeat(41)}/uploads/a.zip`, 'no-upload'],
    ['tenants/acme/other/a.zip', 'no-upload'],
    ['elsewhere/a.zip', 'no-upload'],
    ['', 'no-upload'],
    ['tenants/acme/uploads/', 'folder-marker'],
    ['tenants/acme/uploads/a.zip.report.json', 'report'],
  ])('is ignored, and never thrown for, when it names no upload: %s (F17, F56)', (encoded, ignored) => {
    expect(uploadOfEvent(encoded)).toEqual({ ignored });
  });
});

describe('key of a file for a preview', () => {
  it('is outside of what is imported, and ignored in an event', () => {
    const key = keyOfUpload({ tenant: 'acme', area: 'previews', name: 'a.zip' });

    expect(key).toBe('previews/acme/a.zip');
    expect(uploadOfEvent(key)).toEqual({ ignored: 'no-upload' });
  });

  it.each([
    ['previews/acme/a.zip', true],
    ['tenants/acme/uploads/a.zip', true],
    ['tenants/acme/renewals/a.zip', true],
    ['previews/acme-2/a.zip', false],
    ['previews/acme/../globex/a.zip', false],
    ['previews/acme/sub/a.zip', false],
    ['previews/acme/', false],
    ['tenants/globex/uploads/a.zip', false],
    ['tenants/acme/other/a.zip', false],
    ['tenants/acme/uploads/a.zip.report.json', false],
  ])('and those of other areas belong to the tenant that they name: %s', (key, isOwn) => {
    expect(isUploadOf('acme', key)).toBe(isOwn);
  });
});

describe('key of an upload that cannot be imported', () => {
  it.each([
    ['tenants/acme/uploads/2026/Uudet/license.zip', 'in-subfolder'],
    [`tenants/acme/renewals/${'a'.repeat(201)}`, 'name-too-long'],
  ])('names the tenant and what is wrong: %s', (key, misplaced) => {
    expect(uploadOf(key)).toEqual({ tenant: 'acme', area: key.split('/')[2], key, misplaced });
  });

  it('has a report beside it, also where the key is almost as long as S3 allows', () => {
    const key = `tenants/acme/uploads/${'ä'.repeat(500)}`;

    expect(Buffer.byteLength(reportObjectKey(key))).toBeLessThanOrEqual(1_024);
    expect(uploadOf(reportObjectKey(key))).toEqual({ ignored: 'report' });
    expect(reportObjectKey('tenants/acme/uploads/a.zip')).toBe('tenants/acme/uploads/a.zip.report.json');
  });
});

describe('key of an upload', () => {
  it('is used as it is, and says which uploads wait for a renewal (R1)', () => {
    expect(uploadOf('tenants/acme/renewals/a%20b+c.zip')).toEqual({
      tenant: 'acme',
      area: 'renewals',
      key: 'tenants/acme/renewals/a%20b+c.zip',
      name: 'a%20b+c.zip',
    });
  });
});
