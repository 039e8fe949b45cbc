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

/** The store of uploads and reports, as the service uses it. Faults of the store are thrown. */
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
  /** Stores a text, as JSON unless a MIME type is named. */
  readonly put: (key: string, text: string, metadata: Readonly<Record<string, string>>, type?: string) => Promise<void>;
};
