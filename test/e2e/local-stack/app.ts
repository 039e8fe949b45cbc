import { join } from 'node:path';
import { App, Aws, Duration, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { buildSync } from 'esbuild';

/** A stack with one of each thing that the local stack runs, and functions that do as a test bids them. */
const app = new App({
  outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
  analyticsReporting: false,
  context: { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true },
});
const stack = new Stack(app, 'Sample');

const table = new Table(stack, 'items', {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  stream: StreamViewType.NEW_AND_OLD_IMAGES,
});
table.addGlobalSecondaryIndex({ indexName: 'by-color', partitionKey: { name: 'color', type: AttributeType.STRING } });
new Table(stack, 'seen', {
  tableName: 'Sample-seen',
  partitionKey: { name: 'subject', type: AttributeType.STRING },
  sortKey: { name: 'id', type: AttributeType.STRING },
});

const bundle = (name: string) => {
  const outdir = join(app.outdir, 'bundles', name);
  buildSync({
    entryPoints: [join(import.meta.dirname, 'functions', name, 'index.mjs')],
    outfile: join(outdir, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return Code.fromAsset(outdir);
};
const sampleFunction = (id: string, code: string, timeout: Duration) =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: bundle(code),
    memorySize: 256,
    timeout,
    environment: { SEEN_TABLE: 'Sample-seen', GREETING: `hello from ${Aws.REGION}` },
  });
const echo = sampleFunction('echo', 'echo', Duration.seconds(10));
sampleFunction('short', 'echo', Duration.seconds(5));
const onUpload = sampleFunction('on-upload', 'remember-event', Duration.minutes(15));
const onSchedule = sampleFunction('on-schedule', 'remember-event', Duration.minutes(2));
const onStream = sampleFunction('on-stream', 'remember-event', Duration.minutes(2));
const slowStep = sampleFunction('slow-step', 'remember-event', Duration.minutes(15));

const api = new HttpApi(stack, 'api');
new CfnBucket(stack, 'uploads', {
  bucketName: `sample-${Aws.ACCOUNT_ID}`,
  versioningConfiguration: { status: 'Enabled' },
  corsConfiguration: { corsRules: [{ allowedMethods: ['POST'], allowedOrigins: [api.apiEndpoint] }] },
  notificationConfiguration: {
    lambdaConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        function: onUpload.functionArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: 'in/' }] } },
      },
    ],
  },
});
for (const [path, method] of [
  ['/things/{thing}', HttpMethod.POST],
  ['/things/{thing}', HttpMethod.GET],
  ['/all/{proxy+}', HttpMethod.ANY],
  ['/all/but/{one}', HttpMethod.GET],
] as const) {
  api.addRoutes({ path, methods: [method], integration: new HttpLambdaIntegration('echo', echo) });
}
const respond = new HttpLambdaIntegration('respond', sampleFunction('respond', 'respond', Duration.seconds(10)));
api.addRoutes({ path: '/respond', methods: [HttpMethod.POST], integration: respond });
const jwtAudience = [app.node.tryGetContext('audience')];
api.addRoutes({
  path: '/guarded',
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration('guarded', echo),
  authorizer: new HttpJwtAuthorizer('tokens', app.node.tryGetContext('issuer'), { jwtAudience }),
});
new CfnSchedule(stack, 'hourly', {
  flexibleTimeWindow: { mode: 'OFF' },
  scheduleExpression: 'rate(1 hour)',
  target: { arn: onSchedule.functionArn, roleArn: 'arn:aws:iam::000000000000:role/scheduler' },
});
new EventSourceMapping(stack, 'items-to-on-stream', {
  target: onStream,
  eventSourceArn: table.tableStreamArn ?? '',
  batchSize: 2,
  startingPosition: StartingPosition.TRIM_HORIZON,
  bisectBatchOnError: true,
  retryAttempts: 1,
});

const call = (name: string, lambda: LambdaFunction, props: { resultPath?: string; payload?: sfn.TaskInput } = {}) =>
  new LambdaInvoke(stack, name, {
    lambdaFunction: lambda,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    ...props,
  });
const ask = call('Ask', echo, { resultPath: '$.answer' });
ask.addRetry({ errors: ['TryAgain'], maxAttempts: 2, interval: Duration.seconds(1) });
const refused = new sfn.Fail(stack, 'It was refused', { errorPath: '$.error.Error', causePath: '$.error.Cause' });
ask.addCatch(refused, { errors: ['Refused'], resultPath: '$.error' });
const each = new sfn.Map(stack, 'One by one', {
  itemsPath: '$.items',
  itemSelector: { item: sfn.JsonPath.stringAt('$$.Map.Item.Value'), run: sfn.JsonPath.stringAt('$$.Execution.Name') },
  resultPath: '$.each',
}).itemProcessor(call('Do one', slowStep));
new sfn.StateMachine(stack, 'journey', {
  stateMachineName: 'Sample-journey',
  definitionBody: sfn.DefinitionBody.fromChainable(
    ask
      .next(each)
      .next(new sfn.Wait(stack, 'Sleep until', { time: sfn.WaitTime.timestampPath('$.until') }))
      .next(
        new sfn.Choice(stack, 'Is it a short journey?')
          .when(sfn.Condition.isPresent('$.short'), new sfn.Succeed(stack, 'Arrived'))
          .otherwise(new sfn.Fail(stack, 'Too far', { error: 'TooFar', cause: 'nobody goes there' })),
      ),
  ),
});
app.synth();
