import type { Instant } from '../../licensing/time.ts';

export type ObjectAt = { readonly key: string; readonly versionId?: string };

/** What the store knows of an object without reading it. */
export type FoundObject = ObjectAt & {
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly uploadedAt: Instant;
  /** The names are in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
};

/** An object in a list. */
export type ListedObject = Pick<FoundObject, 'key' | 'size' | 'uploadedAt'>;

/** Why the store does not give out an object that is there. */
export type UnreadableReason =
  /** It is encrypted with a key that the uploader alone has. */
  | 'customer-key'
  /** It is in a storage class from which it must be restored first. */
  | 'archived'
  /** The service has no permission for it, or for the key with which it is encrypted. This may pass. */
  | 'denied';

/** An object is there and cannot be read. */
export class ObjectUnreadable extends Error {
  override readonly name = 'ObjectUnreadable';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason) {
    super(`an object cannot be read: ${reason}`);
    this.reason = reason;
  }
}

/**
 * The store of uploads and reports, as the service uses it. Throws `ObjectUnreadable` for an object that the store does
 * not give out. Faults of the store are thrown as they are.
 */
export type Objects = {
  /**
   * Returns what is known of the object, of its present version unless one is named. Returns undefined when it is gone.
   */
  readonly head: (at: ObjectAt) => Promise<FoundObject | undefined>;
  /**
   * Returns the bytes of the object that was found. Returns undefined when they are gone or have been replaced. Throws
   * for more than `atMost` bytes.
   */
  readonly get: (found: FoundObject, atMost: number) => Promise<Uint8Array | undefined>;
  /**
   * Returns one page of the objects whose keys begin with `prefix`, in the order of their keys, after the key `after`.
   * `more` is set when there are further objects behind the last one.
   */
  readonly list: (range: {
    readonly prefix: string;
    readonly after?: string | undefined;
    readonly limit: number;
  }) => Promise<{ readonly objects: readonly ListedObject[]; readonly more: boolean }>;
  /** Stores a text, as JSON unless a MIME type is named. */
  readonly put: (key: string, text: string, metadata: Readonly<Record<string, string>>, type?: string) => Promise<void>;
};
