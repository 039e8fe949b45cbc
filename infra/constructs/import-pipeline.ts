import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { raiseAlarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LicenseBucket } from './license-bucket.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type ImportPipelineProps = {
  readonly config: StageConfig;
  readonly bucketName: string;
  readonly importLicenses: NodeFunction;
};

/** After two retries an import is at least three minutes late, and each try may take a quarter of an hour. */
const LATE = Duration.minutes(30);

/**
 * Starts an import for each upload under `tenants/`. An event that failed three times goes to a queue, and its alarm
 * rings.
 */
export class ImportPipeline extends Construct {
  readonly bucket: LicenseBucket;

  constructor(scope: Construct, id: string, { config, bucketName, importLicenses }: ImportPipelineProps) {
    super(scope, id);
    this.bucket = new LicenseBucket(this, 'bucket', { config, bucketName });

    importLicenses.keepFailuresIn(
      new DeadLetterQueue(
        this,
        'failed-imports',
        config,
        'An upload could not be imported in three tries. It has no report.',
      ),
      { retryAttempts: 2, maxEventAge: Duration.hours(6) },
    );
    raiseAlarm(this, 'late', config, {
      metric: importLicenses.lambda.metric('AsyncEventAge', { period: Duration.minutes(5), statistic: 'max' }),
      threshold: LATE.toMilliseconds(),
      description: 'An upload waited for half an hour before its import began, or before it was tried again.',
    });

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
