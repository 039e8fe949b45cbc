import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { s3Objects } from '../../shared/aws/s3-objects.ts';
import { NOW } from '../fakes/world.ts';

const KEY = 'tenants/acme/uploads/licenses.zip';
const FOUND = { key: KEY, versionId: 'v1', etag: 'abc', size: 3, uploadedAt: NOW, metadata: {} };

const s3 = mockClient(S3Client);
const objects = s3Objects(new S3Client({}), 'bucket');

beforeEach(() => {
  s3.reset();
});

function refusal(status: number): S3ServiceException {
  return new S3ServiceException({ name: `${status}`, $fault: 'client', $metadata: { httpStatusCode: status } });
}

describe('objects in S3', () => {
  it('returns the requested version, and its ETag without quotes', async () => {
    const head = { VersionId: 'v1', ETag: '"abc"', ContentLength: 3, LastModified: new Date(NOW) };
    s3.on(HeadObjectCommand, { Bucket: 'bucket', Key: KEY, VersionId: 'v1' }).resolves({
      ...head,
      Metadata: { folder: 'Finance' },
    });

    expect(await objects.head({ key: KEY, versionId: 'v1' })).toEqual({ ...FOUND, metadata: { folder: 'Finance' } });
  });

  it('lists objects in the order of their keys, after a key', async () => {
    const range = { Bucket: 'bucket', Prefix: 'tenants/acme/renewals/', StartAfter: 'a', MaxKeys: 1 };
    const object = { Key: KEY, Size: 3, LastModified: new Date(NOW) };
    s3.on(ListObjectsV2Command, range).resolves({ Contents: [object], IsTruncated: true });
    s3.on(ListObjectsV2Command, { Bucket: 'bucket', Prefix: 'b', MaxKeys: 1 }).resolves({ IsTruncated: false });

    expect(await objects.list({ prefix: 'tenants/acme/renewals/', after: 'a', limit: 1 })).toEqual({
      // In seconds, as S3 has it in the head of an object.
      objects: [{ key: KEY, size: 3, uploadedAt: '2026-03-02T08:15:32.000Z' }],
      more: true,
    });
    expect(await objects.list({ prefix: 'b', limit: 1 })).toEqual({ objects: [], more: false });
  });

  it('reads only the bytes that were found', async () => {
    const body = { transformToByteArray: async () => Buffer.from('zip') };
    s3.on(GetObjectCommand, { Bucket: 'bucket', Key: KEY, VersionId: 'v1', IfMatch: '"abc"' }).resolves({
      Body: body as never,
      ContentLength: 3,
      ETag: '"abc"',
    });

    expect(await objects.get(FOUND, 3)).toEqual(Buffer.from('zip'));
    await expect(objects.get(FOUND, 2)).rejects.toThrow('3 bytes');
  });

  it.each([
    ['no such key', new NoSuchKey({ message: '', $metadata: { httpStatusCode: 404 } })],
    ['nothing there', new NotFound({ message: '', $metadata: { httpStatusCode: 404 } })],
    ['a delete marker', refusal(405)],
    ['other bytes', refusal(412)],
  ])('reports that an object is gone: %s (F03)', async (_, error) => {
    s3.on(HeadObjectCommand).rejects(error).on(GetObjectCommand).rejects(error);

    expect(await objects.head({ key: KEY })).toBeUndefined();
    expect(await objects.get(FOUND, 3)).toBeUndefined();
  });

  it.each([
    ['HEAD of an object with the uploader’s own key (SSE-C)', 400, 'BadRequest', 'customer-key'],
    ['HEAD of an object that may not be read', 403, 'Forbidden', 'denied'],
    ['an object in an archive class', 403, 'InvalidObjectState', 'archived'],
  ])('reports why an object cannot be read: %s', async (_what, status, name, reason) => {
    const error = new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });
    s3.on(HeadObjectCommand).rejects(error);
    s3.on(GetObjectCommand).rejects(error);

    await expect(objects.head({ key: KEY })).rejects.toMatchObject({ name: 'ObjectUnreadable', reason });
    await expect(objects.get(FOUND, 3)).rejects.toMatchObject({ reason });
  });

  it.each([500, 503])('throws a status that says nothing about the object: %i', async (status) => {
    s3.on(HeadObjectCommand).rejects(refusal(status));

    await expect(objects.head({ key: KEY })).rejects.toThrow(S3ServiceException);
  });

  it('puts JSON with its metadata', async () => {
    s3.on(PutObjectCommand).resolves({});

    await objects.put(`${KEY}.report.json`, '{}', { 'import-id': 'i' });

    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'bucket',
      Key: `${KEY}.report.json`,
      Body: '{}',
      ContentType: 'application/json; charset=utf-8',
      Metadata: { 'import-id': 'i' },
    });
  });
});
