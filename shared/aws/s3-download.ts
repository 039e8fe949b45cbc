import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { defined } from '../licensing/defined.ts';
import type { SignDownload } from '../platform/ports/download.ts';

/**
 * Returns a signer of addresses for downloads. The signature fixes the object, its version, and that a browser saves it
 * as a file of no known type, because anybody chooses what an upload contains.
 */
export function s3Download(client: S3Client, bucket: string): SignDownload {
  return ({ key, versionId, name, validFor }) => {
    const object = defined({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeName(name)}`,
      ResponseContentType: 'application/octet-stream',
    });
    return getSignedUrl(client, new GetObjectCommand(object), { expiresIn: validFor });
  };
}

/** Encodes a name as RFC 8187 demands. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
