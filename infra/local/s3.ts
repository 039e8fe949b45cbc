import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildAppOptions, buildApp, type SpyMessage } from 'fauxqs';
import { defined } from '../../shared/licensing/defined.ts';
import { portTaken } from './http.ts';
import { addS3Rules } from './s3-rules.ts';
import { openVersions } from './s3-versions.ts';
import { REGION } from './template.ts';

const MOST_BYTES_AT_ONCE = 256 * 1024 * 1024;

export type StoredObject = {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly versionId?: string;
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
    versioned,
    onUpload,
    formOrigins,
    now,
  }: {
    readonly buckets: readonly string[];
    /** The buckets that keep every version of their objects. */
    readonly versioned: readonly string[];
    readonly onUpload: (object: StoredObject) => void;
    /** The origins of the pages that may send upload forms. */
    readonly formOrigins: readonly string[];
    readonly now: () => number;
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
  for (const bucket of buckets) s3Store.createBucket(bucket);
  const versions = openVersions(s3Store, versioned);
  const stored = (bucket: string, { key, etag, contentLength }: ReturnType<typeof s3Store.headObject>): StoredObject =>
    defined({
      bucket,
      key,
      etag: etag.replaceAll('"', ''),
      size: contentLength,
      versionId: versions.latest({ bucket, key }),
    });
  // The library reports an object that came by a form twice.
  const reported = new WeakSet<object>();
  const spy: Pick<NonNullable<typeof s3Store.spy>, 'addMessage'> = {
    addMessage(message: SpyMessage) {
      if (message.service !== 's3' || message.status !== 'uploaded') return;
      const { bucket, key } = message;
      const object = s3Store.headObject(bucket, key);
      if (reported.has(object)) return;
      reported.add(object);
      versions.keep({ bucket, key });
      onUpload(stored(bucket, object));
    },
  };
  Object.assign(s3Store, { spy });
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: REGION, stores });
  // The library accepts at most 11 MiB by default. Here it accepts more, because the import itself reports a file that
  // is too large.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES_AT_ONCE }, (_request, body, done) =>
    done(null, body),
  );
  addS3Rules(app, { versions, formOrigins, now });
  const url = await app.listen({ port, host: '127.0.0.1' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? portTaken('s3', port) : error;
  });
  return {
    url,
    objects: (bucket) =>
      s3Store
        .listObjects(bucket, { maxKeys: Number.POSITIVE_INFINITY })
        .objects.map((object) => stored(bucket, object)),
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
