import type { Instant } from '../../licensing/time.ts';

export type ObjectAt = { readonly key: string; readonly versionId?: string };

/** What is known of an object without reading it. */
export type FoundObject = ObjectAt & {
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly uploadedAt: Instant;
  /** Names in small letters. */
  readonly metadata: Readonly<Record<string, string>>;
};

/** The store of uploads and reports as the service uses it; faults of the store are thrown. */
export type Objects = {
  /** The object, or its present version; undefined when it is gone. */
  readonly head: (at: ObjectAt) => Promise<FoundObject | undefined>;
  /** The bytes that were found; undefined when they are gone or others are there. Throws for more than `atMost` bytes. */
  readonly get: (found: FoundObject, atMost: number) => Promise<Uint8Array | undefined>;
  /** Puts a text, JSON unless a MIME type is named. */
  readonly put: (key: string, text: string, metadata: Readonly<Record<string, string>>, type?: string) => Promise<void>;
};
