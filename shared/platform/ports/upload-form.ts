/** One object that somebody else may put, once or again, within the time. */
export type PermittedUpload = {
  readonly key: string;
  /** MIME type. */
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly mostBytes: number;
  /** Seconds. */
  readonly validFor: number;
};

/** A form to be sent by POST as `multipart/form-data`: these fields first, then the field `file`. */
export type UploadForm = { readonly url: string; readonly fields: Readonly<Record<string, string>> };

/** Signs forms of uploads: whoever has one needs no credentials, and can put nothing else. */
export type SignUploadForm = (upload: PermittedUpload) => Promise<UploadForm>;
