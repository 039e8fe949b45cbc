import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { GroupedMessage } from '../../shared/aws/message-queue.ts';
import type { ImportDeps } from '../../shared/imports/deps.ts';
import { ignoreUpload, importUploads, s3Event, type UploadAnswer, uploadOfRecord } from './import-uploads.ts';

export type QueuedUploadsDeps = ImportDeps & {
  /** Adds a message to the queue of uploads. */
  readonly queueUpload: (message: GroupedMessage) => Promise<void>;
  /** Hides a received message for so many seconds. The later messages of its group wait as well. */
  readonly hideFor: (receipt: string, seconds: number) => Promise<void>;
};

/** How often one upload is tried. */
export const MOST_TRIES = 3;

/** The pause after a failed try, in seconds, times the number of tries. */
const PAUSE = 60;

const queueEvent = z.object({
  Records: z
    .array(
      z.object({
        eventSource: z.literal('aws:sqs'),
        receiptHandle: z.string(),
        body: z.string(),
        attributes: z.object({ ApproximateReceiveCount: z.string() }),
      }),
    )
    .check(z.minLength(1)),
});
type QueueEvent = z.infer<typeof queueEvent>;

type Answer = { readonly uploads: readonly (UploadAnswer | { readonly queued: string })[] };

/**
 * Puts the uploads that an S3 event names into the queue, and imports those that come from the queue. A tenant is a
 * group of the queue. So a tenant has one import at a time, and its uploads do not delay those of other tenants.
 */
export async function answerUploads(deps: QueuedUploadsDeps, bucket: string, event: unknown): Promise<Answer> {
  const queued = z.safeParse(queueEvent, event);
  return queued.success ? importQueued(deps, bucket, queued.data) : queueUploads(deps, bucket, event);
}

/** Queues each upload. If one cannot be queued, the event comes again, and no upload is imported twice (F59). */
async function queueUploads(deps: QueuedUploadsDeps, bucket: string, event: unknown): Promise<Answer> {
  const read = z.safeParse(s3Event, event);
  if (!read.success) return { uploads: [ignoreUpload(deps, { ignored: 'no-records' })] };
  const uploads = await Promise.all(
    read.data.Records.map(async (record) => {
      const upload = uploadOfRecord(bucket, record);
      if ('ignored' in upload) return ignoreUpload(deps, upload);
      const body = JSON.stringify({ Records: [record] });
      const id = createHash('sha256').update(body).digest('hex');
      await deps.queueUpload({ body, group: upload.tenant, id });
      return { queued: upload.tenant };
    }),
  );
  return { uploads };
}

/** Imports each upload. A failed one is tried again after a pause, and goes to the dead letters after its last try. */
async function importQueued(deps: QueuedUploadsDeps, bucket: string, { Records }: QueueEvent): Promise<Answer> {
  const uploads: UploadAnswer[] = [];
  for (const { receiptHandle, body, attributes } of Records) {
    try {
      uploads.push(...(await importUploads(deps, bucket, JSON.parse(body))).uploads);
    } catch (error) {
      await deps.hideFor(receiptHandle, PAUSE * Number(attributes.ApproximateReceiveCount));
      throw error;
    }
  }
  return { uploads };
}
