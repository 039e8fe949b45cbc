import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import type { SignUploadForm } from '../platform/ports/upload-form.ts';

/**
 * Returns a signer of upload forms by S3's POST policies. The key, the type, the metadata and the maximum size are
 * signed, so a sender cannot change them.
 */
export function s3UploadForm(client: S3Client, bucket: string): SignUploadForm {
  return async ({ key, contentType, metadata, mostBytes, validFor }) => {
    const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
    return createPresignedPost(client, {
      Bucket: bucket,
      Key: key,
      Fields: { 'Content-Type': contentType, ...Object.fromEntries(named) },
      Conditions: [['content-length-range', 1, mostBytes]],
      Expires: validFor,
    });
  };
}
