import type { Clock } from './clock.ts';
import type { EventQueue } from './event-queue.ts';
import type { BucketNotification } from './resources.ts';
import type { StoredObject } from './s3.ts';
import { REGION } from './template.ts';

/** The end of the name of a report, which the service writes beside an upload (`<upload>.report.json`). */
const REPORT = '.report.json';

/** Queues an event for each function that the template's notifications name. */
export function notifyUpload(
  object: StoredObject,
  {
    notifications,
    queue,
    clock,
  }: { readonly notifications: readonly BucketNotification[]; readonly queue: EventQueue; readonly clock: Clock },
): void {
  for (const { functionArn } of notifications.filter((notification) => concerns(notification, object))) {
    queue.add(functionArn, { Records: [uploadRecord(object, clock.now())] });
  }
}

/**
 * Queues the events that are missing because a stack was killed after it stored an object and before it queued the
 * event.
 */
export function uploadsNobodyHeardOf(
  objects: readonly StoredObject[],
  queues: readonly Pick<EventQueue, 'holds'>[],
): StoredObject[] {
  const keys = new Set(objects.map(({ key }) => key));
  return objects.filter(
    ({ key }) =>
      !key.endsWith(REPORT) &&
      !keys.has(`${key}${REPORT}`) &&
      !queues.some((queue) => queue.holds(JSON.stringify(encodeKey(key)))),
  );
}

const concerns = ({ bucket, prefix, suffix }: BucketNotification, object: StoredObject) =>
  bucket === object.bucket && object.key.startsWith(prefix) && object.key.endsWith(suffix);

let sequence = 0;

function uploadRecord({ bucket, key, etag, size, versionId }: StoredObject, now: number): unknown {
  sequence += 1;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: REGION,
    eventTime: new Date(now).toISOString(),
    eventName: etag.includes('-') ? 'ObjectCreated:CompleteMultipartUpload' : 'ObjectCreated:Put',
    userIdentity: { principalId: 'local' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: {},
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'local',
      bucket: { name: bucket, ownerIdentity: { principalId: 'local' }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeKey(key),
        size,
        eTag: etag,
        ...(versionId !== undefined && { versionId }),
        // Orders the events of one key. The machine's time makes it grow over restarts and moves of the clock.
        sequencer: (BigInt(Date.now()) * 1_000_000n + BigInt(sequence)).toString(16).toUpperCase().padStart(18, '0'),
      },
    },
  };
}

/** Returns a key as S3 writes it in events: percent-encoded, with `+` for a blank, and with its slashes. */
function encodeKey(key: string): string {
  return key
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%20', '+'))
    .join('/');
}
