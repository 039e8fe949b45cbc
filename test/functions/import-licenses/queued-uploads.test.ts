import { describe, expect, it } from 'vitest';
import { answerUploads } from '../../../functions/import-licenses/queued-uploads.ts';
import type { GroupedMessage } from '../../../shared/aws/message-queue.ts';
import { anImportWorld } from '../../fakes/import-world.ts';
import { licenseZip } from '../../fakes/license-file.ts';

const BUCKET = 'licenses';

type Uploaded = { readonly key: string; readonly versionId?: string; readonly etag?: string };

const recordOf = ({ key, versionId, etag }: Uploaded, eventName = 'ObjectCreated:Post') => ({
  eventName,
  s3: { bucket: { name: BUCKET }, object: { key, versionId, eTag: etag } },
});

/** A world whose queue only keeps what is sent to it. */
async function aQueueWorld() {
  const world = await anImportWorld();
  const sent: GroupedMessage[] = [];
  const hidden: unknown[] = [];
  const deps = {
    ...world.deps,
    queueUpload: async (message: GroupedMessage) => void sent.push(message),
    hideFor: async (receipt: string, seconds: number) => void hidden.push([receipt, seconds]),
  };
  const fromQueue = ({ body }: GroupedMessage, receives = 1) => ({
    Records: [
      {
        eventSource: 'aws:sqs',
        receiptHandle: 'receipt',
        body,
        attributes: { ApproximateReceiveCount: String(receives) },
      },
    ],
  });
  return { ...world, deps, sent, hidden, fromQueue };
}

describe('an event of S3', () => {
  it('puts each upload into the queue, in the group of its tenant, and imports nothing yet', async () => {
    const { deps, sent, objects } = await aQueueWorld();
    const records = ['acme', 'globex'].map((tenant) => recordOf({ key: `tenants/${tenant}/uploads/a.zip`, etag: 'e' }));

    const answer = await answerUploads(deps, BUCKET, { Records: records });

    expect(answer).toEqual({ uploads: [{ queued: 'acme' }, { queued: 'globex' }] });
    expect(sent.map(({ group, body }) => [group, JSON.parse(body)])).toEqual([
      ['acme', { Records: [records[0]] }],
      ['globex', { Records: [records[1]] }],
    ]);
    expect(objects.keys()).toEqual([]);
  });

  it('gives the same event one id, and each upload its own', async () => {
    const { deps, sent } = await aQueueWorld();
    const [first, second] = ['v1', 'v2'].map((versionId) =>
      recordOf({ key: 'tenants/acme/uploads/a.zip', versionId, etag: 'e' }),
    );

    for (const record of [first, first, second]) await answerUploads(deps, BUCKET, { Records: [record] });

    const ids = sent.map(({ id }) => id);
    expect(ids[0]).toMatch(/^[0-9a-f]{64}$/);
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  });

  it.each([
    ['a report', recordOf({ key: 'tenants/acme/uploads/a.zip.report.json' }), 'report'],
    ['a file that waits for a renewal', recordOf({ key: 'tenants/acme/renewals/a.zip' }), 'waits-for-renewal'],
    ['a deletion', recordOf({ key: 'tenants/acme/uploads/a.zip' }, 'ObjectRemoved:Delete'), 'no-creation'],
  ])('ignores %s', async (_, record, ignored) => {
    const { deps, sent, logged } = await aQueueWorld();

    expect(await answerUploads(deps, BUCKET, { Records: [record] })).toEqual({ uploads: [{ ignored }] });
    expect([sent, logged]).toMatchObject([[], [{ code: 'upload-ignored', because: ignored }]]);
  });

  it.each([[undefined], ['text'], [{ Service: 'Amazon S3', Event: 's3:TestEvent' }], [{ Records: [] }]])(
    'queues nothing for %j',
    async (event) => {
      const { deps, sent } = await aQueueWorld();

      await answerUploads(deps, BUCKET, event);

      expect(sent).toEqual([]);
    },
  );

  it('fails when the queue does not accept an upload, so that the event comes again', async () => {
    const { deps } = await aQueueWorld();
    const queueUpload = async () => {
      throw new Error('SQS answered 503 to SendMessage');
    };

    const answer = answerUploads({ ...deps, queueUpload }, BUCKET, {
      Records: [recordOf({ key: 'tenants/acme/uploads/a.zip', etag: 'e' })],
    });

    await expect(answer).rejects.toThrow('SQS answered 503');
  });
});

describe('a message of the queue', () => {
  it('imports its upload, which gets its report', async () => {
    const { deps, sent, fromQueue, upload, report, hidden } = await aQueueWorld();
    const uploaded = upload('may.zip', await licenseZip());
    await answerUploads(deps, BUCKET, { Records: [recordOf(uploaded)] });

    const answer = await answerUploads(deps, BUCKET, fromQueue(sent[0]!));

    expect(answer).toMatchObject({ uploads: [{ status: 'accepted' }] });
    expect(await report(uploaded.key)).toMatchObject({ status: 'accepted' });
    expect(hidden).toEqual([]);
  });

  it.each([
    [1, 60],
    [2, 120],
    [3, 180],
  ])('is hidden after its try number %i for %i s, when it fails', async (receives, seconds) => {
    const { deps, sent, hidden, fromQueue, upload } = await aQueueWorld();
    await answerUploads(deps, BUCKET, { Records: [recordOf(upload('may.zip', await licenseZip()))] });
    const objects = {
      ...deps.objects,
      head: async () => {
        throw new Error('S3 does not answer');
      },
    };

    const answer = answerUploads({ ...deps, objects }, BUCKET, fromQueue(sent[0]!, receives));

    await expect(answer).rejects.toThrow('S3 does not answer');
    expect(hidden).toEqual([['receipt', seconds]]);
  });
});
