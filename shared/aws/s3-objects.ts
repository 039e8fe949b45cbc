import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { defined } from '../licensing/defined.ts';
import { instantOf } from '../licensing/time.ts';
import {
  type FoundObject,
  type ObjectAt,
  type Objects,
  ObjectUnreadable,
  type UnreadableReason,
} from '../platform/ports/objects.ts';

/** The statuses of an object that is gone, is a delete marker, or has been replaced. */
const NOT_THERE = [404, 405, 412];

/** Returns the store of uploads and reports in one S3 bucket. */
export function s3Objects(client: S3Client, bucket: string): Objects {
  const head = ({ key, versionId }: ObjectAt): Promise<FoundObject | undefined> =>
    unlessGone(async () => {
      const version = versionId === undefined ? {} : { VersionId: versionId };
      return foundObject(key, await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...version })));
    });

  const get = ({ key, versionId, etag }: FoundObject, atMost: number): Promise<Uint8Array | undefined> =>
    unlessGone(async () => {
      const version = versionId === undefined ? {} : { VersionId: versionId };
      const object = { Bucket: bucket, Key: key, IfMatch: `"${etag}"`, ...version };
      const { Body, ContentLength = 0, ETag = '' } = await client.send(new GetObjectCommand(object));
      if (ContentLength > atMost) throw new Error(`an object of ${ContentLength} bytes, where ${atMost} are allowed`);
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return unquoted(ETag) === etag ? bytes : undefined;
    });

  const list: Objects['list'] = async ({ prefix, after, limit }) => {
    const range = defined({ Bucket: bucket, Prefix: prefix, StartAfter: after, MaxKeys: limit });
    const { Contents = [], IsTruncated = false } = await client.send(new ListObjectsV2Command(range));
    const objects = Contents.map(({ Key = '', Size = 0, LastModified }) => ({
      key: Key,
      size: Size,
      // In seconds, as the head of the object has it.
      uploadedAt: instantOf(Math.floor((LastModified?.getTime() ?? 0) / 1_000) * 1_000),
    }));
    return { objects, more: IsTruncated };
  };

  const put: Objects['put'] = async (key, text, metadata, type = 'application/json; charset=utf-8') => {
    const named = { ContentType: type, Metadata: { ...metadata } };
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ...named }));
  };

  return { head, get, list, put };
}

function foundObject(key: string, head: HeadObjectCommandOutput): FoundObject {
  const { VersionId, ETag = '', ContentLength = 0, LastModified, Metadata = {} } = head;
  return defined({
    key,
    versionId: VersionId,
    etag: unquoted(ETag),
    size: ContentLength,
    uploadedAt: instantOf(LastModified?.getTime() ?? 0),
    metadata: Metadata,
  });
}

async function unlessGone<Found>(read: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await read();
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status !== undefined && NOT_THERE.includes(status)) return undefined;
    const reason = unreadableReason(error);
    throw reason === undefined ? error : new ObjectUnreadable(reason);
  }
}

/** S3 answers a HEAD of an object with a customer's key with 400, and has no code in an answer to a HEAD. */
function unreadableReason(error: unknown): UnreadableReason | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  if (error.name === 'InvalidObjectState') return 'archived';
  if (error.$metadata.httpStatusCode === 400) return 'customer-key';
  return error.$metadata.httpStatusCode === 403 ? 'denied' : undefined;
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
