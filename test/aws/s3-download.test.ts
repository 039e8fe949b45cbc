import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test, vi } from 'vitest';
import { s3Download } from '../../shared/aws/s3-download.ts';

const client = new S3Client({ region: 'eu-north-1', credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } });

afterEach(() => void vi.useRealTimers());

test('a signed address fixes the object, its version, the time, and that it is saved as a file', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-02T08:15:32.159Z') });
  const name = "Käsi 'a'.xml";

  const address = await s3Download(
    client,
    'bucket',
  )({ key: `tenants/acme/uploads/${name}`, versionId: 'v1', name, validFor: 300 });

  const url = new URL(address);
  expect(`${url.origin}${decodeURIComponent(url.pathname)}`).toBe(
    `https://bucket.s3.eu-north-1.amazonaws.com/tenants/acme/uploads/${name}`,
  );
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    versionId: 'v1',
    'X-Amz-Date': '20260302T081532Z',
    'X-Amz-Expires': '300',
    'response-content-disposition': "attachment; filename*=UTF-8''K%C3%A4si%20%27a%27.xml",
    'response-content-type': 'application/octet-stream',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
