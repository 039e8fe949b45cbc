import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3, type StoredObject, startS3 } from '../../infra/local/s3.ts';

let now = Date.now();
const API = 'http://127.0.0.1:1';
const dir = mkdtempSync(join(tmpdir(), 'local-s3-'));
const uploads: StoredObject[] = [];
let s3: S3;
let client: S3Client;

async function start() {
  s3 = await startS3(dir, 0, {
    buckets: ['kept', 'plain'],
    versioned: ['kept'],
    onUpload: (object) => void uploads.push(object),
    formOrigins: [API],
    now: () => now,
  });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'local', sessionToken: 'local' };
  client = new S3Client({ endpoint: s3.url, forcePathStyle: true, region: 'eu-north-1', credentials });
}
beforeAll(start);
afterAll(async () => {
  await s3.stop();
  rmSync(dir, { recursive: true });
});

const put = (Key: string, Body: string, more: object = {}, Bucket = 'kept') =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

async function get(Key: string, VersionId?: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'kept', Key, ...(VersionId && { VersionId }) }));
  return Body?.transformToString();
}

test('every answer carries the time of the stack, by which the SDK signs its forms', async () => {
  const before = now;
  now = Date.parse('2027-12-10T08:00:00Z');

  expect((await fetch(`${s3.url}/kept/none`)).headers.get('date')).toBe('Fri, 10 Dec 2027 08:00:00 GMT');
  now = before;
});

describe('versions', () => {
  test('an overwritten object is still there as a version, with its metadata', async () => {
    const { VersionId: first } = await put('in/a b+ä.zip', 'one', { Metadata: { folder: 'Sales' } });
    const { VersionId: second } = await put('in/a b+ä.zip', 'two');

    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await get('in/a b+ä.zip')).toBe('two');
    expect(await get('in/a b+ä.zip', first)).toBe('one');
    expect(await get('in/a b+ä.zip', second)).toBe('two');
    const head = await client.send(new HeadObjectCommand({ Bucket: 'kept', Key: 'in/a b+ä.zip', VersionId: first! }));
    expect(head).toMatchObject({ VersionId: first, Metadata: { folder: 'Sales' }, ContentLength: 3 });
  });

  test('every upload is reported with its version, and so is every object', async () => {
    uploads.length = 0;
    const { VersionId } = await put('in/told.zip', 'one');
    const told = { bucket: 'kept', key: 'in/told.zip', etag: expect.any(String), size: 3, versionId: VersionId };
    expect(uploads).toEqual([told]);
    expect(s3.objects('kept')).toContainEqual(told);
  });

  test('the present object is read with the id of its version', async () => {
    const { VersionId } = await put('in/read.zip', 'one');
    const key = { Bucket: 'kept', Key: 'in/read.zip' };
    expect(await client.send(new HeadObjectCommand(key))).toMatchObject({ VersionId });
    expect(await client.send(new GetObjectCommand(key))).toMatchObject({ VersionId });
  });

  test('a version of another object, or one that does not exist, is not found', async () => {
    const { VersionId } = await put('in/mine.zip', 'one');
    await put('in/yours.zip', 'two');
    await expect(get('in/yours.zip', VersionId)).rejects.toThrow('The specified version does not exist.');
    await expect(get('in/mine.zip', 'nonsense')).rejects.toThrow('The specified version does not exist.');
  });

  test('a deleted object is still there as a version', async () => {
    const { VersionId } = await put('in/deleted.zip', 'one');
    await client.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'in/deleted.zip' }));
    await expect(get('in/deleted.zip')).rejects.toThrow('The specified key does not exist.');
    expect(await get('in/deleted.zip', VersionId)).toBe('one');
  });

  test('a version cannot be deleted here', async () => {
    const { VersionId } = await put('in/evidence.zip', 'one');
    const deletion = new DeleteObjectCommand({ Bucket: 'kept', Key: 'in/evidence.zip', VersionId: VersionId! });
    await expect(client.send(deletion)).rejects.toThrow('Versions stay as they are.');
    expect(await get('in/evidence.zip', VersionId)).toBe('one');
  });

  test('an old version is copied back', async () => {
    const { VersionId } = await put('in/back.zip', 'one', { Metadata: { folder: 'Sales' } });
    await put('in/back.zip', 'two');
    const CopySource = `kept/in/back.zip?versionId=${VersionId}`;
    await client.send(new CopyObjectCommand({ Bucket: 'kept', Key: 'in/back.zip', CopySource }));
    expect(await get('in/back.zip')).toBe('one');
    expect(await client.send(new HeadObjectCommand({ Bucket: 'kept', Key: 'in/back.zip' }))).toMatchObject({
      Metadata: { folder: 'Sales' },
    });
  });

  test('they survive a restart', async () => {
    const { VersionId: first } = await put('in/later.zip', 'one');
    const { VersionId: second } = await put('in/later.zip', 'two');
    await s3.stop();
    await start();
    expect(await get('in/later.zip', first)).toBe('one');
    expect(await client.send(new HeadObjectCommand({ Bucket: 'kept', Key: 'in/later.zip' }))).toMatchObject({
      VersionId: second,
    });
  });

  test('a bucket without versions has none', async () => {
    expect((await put('in/plain.zip', 'one', {}, 'plain')).VersionId).toBeUndefined();
    expect(s3.objects('plain')).toEqual([{ bucket: 'plain', key: 'in/plain.zip', etag: expect.any(String), size: 3 }]);
  });
});

describe('copies of an object onto itself', () => {
  const copy = (more: object) =>
    client.send(new CopyObjectCommand({ Bucket: 'kept', Key: 'in/self.zip', CopySource: 'kept/in/self.zip', ...more }));

  test('are refused when nothing changes', async () => {
    await put('in/self.zip', 'one', { Metadata: { folder: 'Sales' } });
    uploads.length = 0;
    await expect(copy({})).rejects.toThrow('trying to copy an object to itself');
    await expect(copy({ MetadataDirective: 'COPY' })).rejects.toThrow('trying to copy an object to itself');
    expect(uploads).toEqual([]);
  });

  test('are made when the storage class is named, with the metadata', async () => {
    await put('in/self.zip', 'one', { Metadata: { folder: 'Sales' } });
    await copy({ StorageClass: 'STANDARD' });
    expect(uploads.at(-1)).toMatchObject({ key: 'in/self.zip' });
    const head = await client.send(new HeadObjectCommand({ Bucket: 'kept', Key: 'in/self.zip' }));
    expect(head.Metadata).toEqual({ folder: 'Sales' });
  });

  test('lose the metadata when it is replaced', async () => {
    await put('in/self.zip', 'one', { Metadata: { folder: 'Sales' } });
    await copy({ MetadataDirective: 'REPLACE' });
    expect((await client.send(new HeadObjectCommand({ Bucket: 'kept', Key: 'in/self.zip' }))).Metadata).toEqual({});
  });
});

describe('bodies', () => {
  const send = (key: string, body: string | undefined, headers: Record<string, string> = {}) =>
    fetch(`${s3.url}/kept/${key}`, { method: 'PUT', headers, ...(body !== undefined && { body }) });

  test('in chunks are decoded, whether or not the encoding says so', async () => {
    const chunks = '3;chunk-signature=0\r\none\r\n0;chunk-signature=0\r\n\r\n';
    const streaming = { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' };
    await send('in/chunks', chunks, streaming);
    await send('in/named-chunks', chunks, { ...streaming, 'content-encoding': 'aws-chunked' });
    await send('in/no-chunks', chunks);
    expect([await get('in/chunks'), await get('in/named-chunks')]).toEqual(['one', 'one']);
    expect(await get('in/no-chunks')).toBe(chunks);
  });

  test('may be empty, without a type', async () => {
    expect((await send('in/folder/', undefined)).status).toBe(200);
    expect(await get('in/folder/')).toBe('');
  });
});

describe('upload forms', () => {
  type Change = (form: FormData) => void;

  async function post(change: Change = () => {}, content = 'four', more: object = {}) {
    const { url, fields } = await createPresignedPost(client, {
      Bucket: 'kept',
      Key: 'in/form.zip',
      Fields: { 'Content-Type': 'application/zip', 'x-amz-meta-folder': 'Sales' },
      Conditions: [['content-length-range', 1, 10]],
      Expires: 600,
      ...more,
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    change(form);
    form.append('file', new Blob([content]), 'any.zip');
    uploads.length = 0;
    const answer = await fetch(url, { method: 'POST', body: form });
    const [, code] = /<Code>(\w+)<\/Code>/.exec(await answer.text()) ?? [];
    return { status: answer.status, code, stored: uploads.length };
  }
  const refused = (status: number, code: string) => ({ status, code, stored: 0 });

  test('are stored as they were signed', async () => {
    expect(await post()).toEqual({ status: 204, code: undefined, stored: 1 });
    expect(await get('in/form.zip')).toBe('four');
  });

  test.each<[string, Change]>([
    ['another key', (form) => form.set('key', 'in/other.zip')],
    ['another type', (form) => form.set('Content-Type', 'text/html')],
    ['other metadata', (form) => form.set('x-amz-meta-folder', 'Finance')],
    ['a field more', (form) => form.set('x-amz-meta-signature', 'mine')],
    ['a field less', (form) => form.delete('x-amz-meta-folder')],
    ['a redirect', (form) => form.set('success_action_redirect', 'https://evil.example')],
    ['another session', (form) => form.set('X-Amz-Security-Token', 'other')],
    ['no policy', (form) => form.delete('Policy')],
  ])('with %s are refused', async (_, change) => {
    expect(await post(change)).toEqual(refused(403, 'AccessDenied'));
  });

  test.each<[string, Change]>([
    ['another policy', (form) => form.set('Policy', btoa('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}'))],
    ['another signature', (form) => form.set('X-Amz-Signature', '0'.repeat(64))],
    ['another day of the key', (form) => form.set('X-Amz-Credential', 'any/20200101/eu-north-1/s3/aws4_request')],
  ])('with %s are refused', async (_, change) => {
    expect(await post(change)).toEqual(refused(403, 'SignatureDoesNotMatch'));
  });

  test('with a file that is too small or too large are refused', async () => {
    expect(await post(undefined, '')).toEqual(refused(400, 'EntityTooSmall'));
    expect(await post(undefined, 'eleven bytes')).toEqual(refused(400, 'EntityTooLarge'));
    expect(await post(undefined, 'ten bytes.')).toMatchObject({ status: 204 });
  });

  test('are refused when they have expired', async () => {
    expect(await post(undefined, 'four', { Expires: -60 })).toEqual(refused(403, 'AccessDenied'));
  });

  test('may have fields that S3 ignores', async () => {
    expect(await post((form) => form.set('x-ignore-me', 'any'))).toMatchObject({ status: 204 });
  });

  test('for another bucket are refused', async () => {
    const { fields } = await createPresignedPost(client, { Bucket: 'kept', Key: 'in/form.zip' });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob(['four']), 'any.zip');
    expect((await fetch(`${s3.url}/plain`, { method: 'POST', body: form })).status).toBe(403);
  });

  test('may let the sender choose the end of the key', async () => {
    const Conditions = [['starts-with', '$key', 'in/']];
    const chosen = { Key: 'in/$' + '{filename}', Conditions };
    expect(await post((form) => form.set('key', 'in/mine.zip'), 'four', chosen)).toMatchObject({ status: 204 });
    expect(await post((form) => form.set('key', 'out/mine.zip'), 'four', chosen)).toEqual(refused(403, 'AccessDenied'));
  });
});
