import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LicenseBucket } from './license-bucket.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type ImportPipelineProps = {
  readonly config: StageConfig;
  readonly bucketName: string;
  readonly importLicenses: NodeFunction;
  /** The origin of the pages that may send upload forms. */
  readonly formOrigin: string;
};

/**
 * Gives each upload under `tenants/` to the function, which puts it into the queue of imports. An event that failed
 * three times goes to a queue of its own, and its alarm rings.
 */
export class ImportPipeline extends Construct {
  readonly bucket: LicenseBucket;

  constructor(scope: Construct, id: string, { config, bucketName, importLicenses, formOrigin }: ImportPipelineProps) {
    super(scope, id);
    this.bucket = new LicenseBucket(this, 'bucket', { config, bucketName, formOrigin });

    importLicenses.keepFailuresIn(
      new DeadLetterQueue(
        this,
        'unqueued-uploads',
        config,
        'An upload could not be put into the queue of imports in three tries. It has no report.',
      ),
      { retryAttempts: 2, maxEventAge: Duration.hours(6) },
    );
    // The notification is a property of the bucket, whose name is given. CDK's own way would add a Lambda that may
    // change every bucket of the account.
    const mayInvoke = new CfnPermission(this, 'upload-may-invoke', {
      action: 'lambda:InvokeFunction',
      functionName: importLicenses.lambda.functionArn,
      principal: 's3.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
      sourceArn: Stack.of(this).formatArn({
        service: 's3',
        account: '',
        region: '',
        resource: bucketName,
      }),
    });
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new TypeError('A bucket consists of an AWS::S3::Bucket');
    resource.notificationConfiguration = {
      lambdaConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          filter: { s3Key: { rules: [{ name: 'prefix', value: 'tenants/' }] } },
          function: importLicenses.lambda.functionArn,
        },
      ],
    };
    resource.addResourceDependency(mayInvoke);
  }
}
