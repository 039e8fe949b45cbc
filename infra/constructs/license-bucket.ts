import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { StageConfig } from './stage-config.ts';

export type LicenseBucketProps = {
  readonly bucketName: string;
  readonly config: StageConfig;
  /** The origin of the pages that may send upload forms. */
  readonly formOrigin: string;
};

/**
 * The bucket for the license files that administrators upload, and for their reports. Uploads are kept as evidence.
 * Files that are only previewed are deleted after a day.
 */
export class LicenseBucket extends Bucket {
  constructor(scope: Construct, id: string, { bucketName, config, formOrigin }: LicenseBucketProps) {
    super(scope, id, {
      bucketName,
      ...closed(config),
      versioned: true,
      // The browser shows the progress of an upload. A signed form is still needed for each.
      cors: [{ allowedMethods: [HttpMethods.POST], allowedOrigins: [formOrigin] }],
      serverAccessLogsBucket: new AccessLogBucket(scope, 'access-logs', config),
      lifecycleRules: [
        {
          id: 'old-versions-and-torn-uploads',
          noncurrentVersionExpiration: Duration.days(config.oldVersionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        {
          id: 'previews',
          prefix: 'previews/',
          expiration: Duration.days(1),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    });
  }
}

class AccessLogBucket extends Bucket {
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, {
      ...closed(config),
      lifecycleRules: [{ id: 'log-retention', expiration: Duration.days(config.logRetentionDays) }],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This bucket holds the access logs; logging its own access would feed itself.',
    });
  }

  // Narrower than the inherited `boolean | undefined`, which `IBucket` does not take under exactOptionalPropertyTypes.
  override get isWebsite(): boolean {
    return false;
  }
}

const closed = (config: StageConfig) => ({
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  // A bucket of a first deployment that failed is deleted, because its name would stop the next one.
  removalPolicy: config.keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  // CloudFormation deletes no bucket with objects in it.
  autoDeleteObjects: !config.keepData,
});
