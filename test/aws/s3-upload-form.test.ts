import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test, vi } from 'vitest';
import { s3UploadForm } from '../../shared/aws/s3-upload-form.ts';

const client = new S3Client({ region: 'eu-north-1', credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } });

afterEach(() => void vi.useRealTimers());

test('the signed policy of a form fixes the key, the type, the metadata, the largest size and the time', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-02T08:15:32.159Z') });
  const { url, fields } = await s3UploadForm(
    client,
    'bucket',
  )({
    key: 'tenants/acme/uploads/a.zip',
    contentType: 'application/zip',
    metadata: { folder: 'Finance' },
    mostBytes: 1_000,
    validFor: 600,
  });

  expect(url).toBe('https://bucket.s3.eu-north-1.amazonaws.com/');
  expect(fields).toMatchObject({
    key: 'tenants/acme/uploads/a.zip',
    'Content-Type': 'application/zip',
    'x-amz-meta-folder': 'Finance',
  });
  const policy = JSON.parse(Buffer.from(fields['Policy']!, 'base64').toString()) as {
    expiration: string;
    conditions: unknown[];
  };
  expect(policy.conditions).toEqual(
    expect.arrayContaining([
      ['content-length-range', 1, 1_000],
      { key: 'tenants/acme/uploads/a.zip' },
      { bucket: 'bucket' },
      { 'Content-Type': 'application/zip' },
      { 'x-amz-meta-folder': 'Finance' },
    ]),
  );
  expect(policy.conditions.filter((condition) => Array.isArray(condition))).toHaveLength(1);
  expect(policy.expiration).toBe('2026-03-02T08:25:32Z');
});
