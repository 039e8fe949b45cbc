import { createHash } from 'node:crypto';
import { defined } from '../../shared/licensing/defined.ts';
import type { FoundObject, Objects } from '../../shared/platform/ports/objects.ts';

export type MemoryObjects = Objects & {
  /** Puts an object as an uploader does, and tells what an event says of it. */
  readonly upload: (
    key: string,
    bytes: Uint8Array,
    metadata?: Readonly<Record<string, string>>,
  ) => { readonly key: string; readonly versionId?: string; readonly etag: string };
  /** Deletes an object; its versions stay. */
  readonly remove: (key: string) => void;
  /** Deletes an object with all its versions. */
  readonly purge: (key: string) => void;
  /** The JSON that lies under a key. */
  readonly json: (key: string) => unknown;
  readonly keys: () => readonly string[];
};

/**
 * Objects in memory, with versions or (as on the local stack) without; each upload is a second after the one before.
 */
export function memoryObjects({ versioned = true }: { readonly versioned?: boolean } = {}): MemoryObjects {
  const stored = new Map<string, { readonly found: FoundObject; readonly bytes: Uint8Array; current: boolean }[]>();
  let count = 0;

  const latest = (key: string) => stored.get(key)?.find(({ current }) => current);
  const at = ({ key, versionId }: { readonly key: string; readonly versionId?: string }) =>
    versionId === undefined ? latest(key) : stored.get(key)?.find(({ found }) => found.versionId === versionId);

  const store = (key: string, bytes: Uint8Array, metadata: Readonly<Record<string, string>>): FoundObject => {
    count += 1;
    const found = {
      key,
      ...(versioned ? { versionId: `v${count}` } : {}),
      etag: createHash('md5').update(bytes).digest('hex'),
      size: bytes.length,
      uploadedAt: new Date(Date.UTC(2026, 2, 2, 8, 0, count)).toISOString(),
      metadata,
    };
    const older = versioned ? (stored.get(key) ?? []).map((one) => ({ ...one, current: false })) : [];
    stored.set(key, [...older, { found, bytes, current: true }]);
    return found;
  };

  return {
    head: async (which) => structuredClone(at(which)?.found),
    get: async (found, atMost) => {
      const object = at(found);
      if (object === undefined || object.found.etag !== found.etag) return undefined;
      if (object.bytes.length > atMost) throw new Error('too many bytes');
      return object.bytes;
    },
    list: async ({ prefix, after = '', limit }) => {
      const keys = [...stored.keys()].filter((key) => latest(key) && key.startsWith(prefix) && key > after).toSorted();
      const objects = keys.slice(0, limit).flatMap((key) => {
        const found = latest(key)?.found;
        return found === undefined ? [] : [{ key, size: found.size, uploadedAt: found.uploadedAt }];
      });
      return { objects, more: keys.length > limit };
    },
    put: async (key, text, metadata) => {
      store(key, Buffer.from(text), metadata);
    },
    upload: (key, bytes, metadata = {}) => {
      const { versionId, etag } = store(key, bytes, metadata);
      return defined({ key, versionId, etag });
    },
    remove: (key) => {
      if (versioned) for (const object of stored.get(key) ?? []) object.current = false;
      else stored.delete(key);
    },
    purge: (key) => {
      stored.delete(key);
    },
    json: (key) => {
      const object = latest(key);
      return object === undefined ? undefined : JSON.parse(Buffer.from(object.bytes).toString());
    },
    keys: () => [...stored.keys()].filter((key) => latest(key) !== undefined),
  };
}
