import { randomBytes } from 'node:crypto';
import type { BuildAppOptions } from 'fauxqs';

type Store = NonNullable<BuildAppOptions['stores']>['s3Store'];
type Place = { readonly bucket: string; readonly key: string };

/** The versions of objects. The library does not support versions, so a second bucket beside each one stores them. */
export type Versions = {
  /** Keeps the present object as a new version. */
  readonly keep: (place: Place) => void;
  /** Returns the id of the present object's version, or undefined in a bucket without versions. */
  readonly latest: (place: Place) => string | undefined;
  /** Returns where a version is stored, or undefined if it does not exist. */
  readonly find: (place: Place, versionId: string) => Place | undefined;
};

const nameOf = ({ bucket, key }: Place) => `${bucket}/${key}`;
const beside = (bucket: string) => `${bucket}-versions`;
const storedAt = ({ bucket, key }: Place, versionId: string): Place => ({
  bucket: beside(bucket),
  key: `${encodeURIComponent(key)}/${versionId}`,
});

export function openVersions(store: Store, buckets: readonly string[]): Versions {
  const known = new Map<string, string[]>();
  let count = 0;
  const add = (place: Place, versionId: string) =>
    known.set(nameOf(place), [...(known.get(nameOf(place)) ?? []), versionId]);

  /** Ids of a later time are greater, so that the order is known after a restart. */
  function nextId(): string {
    count += 1;
    const time = Date.now().toString(16).padStart(12, '0');
    return `${time}${count.toString(16).padStart(8, '0')}${randomBytes(6).toString('hex')}`;
  }

  function keep(place: Place): void {
    if (!buckets.includes(place.bucket)) return;
    const versionId = nextId();
    const { bucket, key } = storedAt(place, versionId);
    const version = { ...store.getObject(place.bucket, place.key), key };
    store.persistence?.upsertObject(bucket, version);
    store.restoreObject(bucket, { ...version, body: Buffer.alloc(0) });
    add(place, versionId);
  }

  for (const bucket of buckets) {
    store.createBucket(beside(bucket));
    const every = { maxKeys: Number.POSITIVE_INFINITY };
    const stored = store.listObjects(beside(bucket), every).objects.map(({ key }) => key.split('/'));
    for (const [key = '', versionId = ''] of stored.toSorted(([, a = ''], [, b = '']) => (a < b ? -1 : 1))) {
      add({ bucket, key: decodeURIComponent(key) }, versionId);
    }
    // A stack that was killed between the two has stored an object without a version.
    for (const { key } of store.listObjects(bucket, every).objects) {
      if (!known.has(nameOf({ bucket, key }))) keep({ bucket, key });
    }
  }

  return {
    keep,
    latest: (place) => known.get(nameOf(place))?.at(-1),
    find: (place, versionId) =>
      known.get(nameOf(place))?.includes(versionId) ? storedAt(place, versionId) : undefined,
  };
}
