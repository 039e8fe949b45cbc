import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildAppOptions, buildApp, type SpyMessage } from 'fauxqs';
import { foreignRequest } from './foreign-request.ts';
import { portTaken } from './http.ts';
import { REGION } from './template.ts';

const MOST_BYTES_AT_ONCE = 256 * 1024 * 1024;

export type StoredObject = {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
};

export type S3 = {
  readonly url: string;
  /** Returns all objects of a bucket. */
  readonly objects: (bucket: string) => StoredObject[];
  readonly stop: () => Promise<void>;
};

/**
 * Starts an S3 that keeps its objects in the state folder. `onUpload` runs before the client gets its response, so that
 * every acknowledged upload has its event. The library's own start function listens on all addresses and reports
 * uploads only later, so its parts are put together here.
 */
export async function startS3(
  dir: string,
  port: number,
  {
    buckets,
    onUpload,
    apiOrigin,
  }: {
    readonly buckets: readonly string[];
    readonly onUpload: (object: StoredObject) => void;
    readonly apiOrigin: string;
  },
): Promise<S3> {
  const { SqsStore } = await part('sqs/sqsStore.js');
  const { SnsStore } = await part('sns/snsStore.js');
  const { S3Store } = await part('s3/s3Store.js');
  const { PersistenceManager } = await part('persistence.js');
  const stores: NonNullable<BuildAppOptions['stores']> = {
    sqsStore: new SqsStore(),
    snsStore: new SnsStore(),
    s3Store: new S3Store(),
  };
  const { s3Store } = stores;
  const persistence = new PersistenceManager(join(dir, 's3'));
  persistence.loadS3(s3Store);
  s3Store.persistence = persistence;
  const stored = (bucket: string, key: string): StoredObject => {
    const { etag, contentLength } = s3Store.headObject(bucket, key);
    return { bucket, key, etag: etag.replaceAll('"', ''), size: contentLength };
  };
  const spy: Pick<NonNullable<typeof s3Store.spy>, 'addMessage'> = {
    addMessage(message: SpyMessage) {
      if (message.service === 's3' && message.status === 'uploaded') onUpload(stored(message.bucket, message.key));
    },
  };
  Object.assign(s3Store, { spy });
  for (const bucket of buckets) s3Store.createBucket(bucket);
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: REGION, stores });
  // The library accepts at most 11 MiB by default. Here it accepts more, because the import itself reports a file that
  // is too large.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES_AT_ONCE }, (_request, body, done) =>
    done(null, body),
  );
  // A page of the API's origin may send forms, and nothing else.
  app.addHook('onRequest', async ({ raw }, reply) => {
    const sendsForm = raw.method === 'POST' || raw.method === 'OPTIONS';
    const refusal = foreignRequest(raw, sendsForm ? [apiOrigin] : []);
    if (refusal !== undefined) await reply.code(403).send(refusal);
  });
  const url = await app.listen({ port, host: '127.0.0.1' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? portTaken('s3', port) : error;
  });
  return {
    url,
    objects: (bucket) =>
      s3Store
        .listObjects(bucket, { maxKeys: Number.POSITIVE_INFINITY })
        .objects.map(({ key, etag, contentLength }) => ({ bucket, key, etag, size: contentLength })),
    async stop() {
      await app.close();
      persistence.close();
    },
  };
}

async function part(file: string) {
  const home = dirname(findPackageJSON('fauxqs', import.meta.url) ?? '');
  return import(pathToFileURL(join(home, 'dist', file)).href);
}
