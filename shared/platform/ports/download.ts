/** One object that somebody else may download for a time. */
type PermittedDownload = {
  readonly key: string;
  readonly versionId?: string;
  /** The name under which a browser saves it. */
  readonly name: string;
  /** Seconds. */
  readonly validFor: number;
};

/** Returns a signed address. Its holder needs no credentials, and can read nothing but this object. */
export type SignDownload = (download: PermittedDownload) => Promise<string>;
