/** One object that somebody else may upload, once or repeatedly, within the time. */
type PermittedUpload = {
  readonly key: string;
  /** MIME type. */
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly mostBytes: number;
  /** Seconds. */
  readonly validFor: number;
};

/** A form to send by POST as `multipart/form-data`: first these fields, then the field `file`. */
type UploadForm = { readonly url: string; readonly fields: Readonly<Record<string, string>> };

/** Signs an upload form. Its holder needs no credentials, and can upload nothing but this object. */
export type SignUploadForm = (upload: PermittedUpload) => Promise<UploadForm>;
