import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { FUNCTION_NAMES, FUNCTIONS } from '../../functions/functions.ts';
import { licenseServiceApp } from '../../infra/app.ts';
import { stageConfig } from '../../infra/constructs/stage-config.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { callsInCode } from './calls-in-code.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

// Once for all tests: a synthesis with its checks takes seconds.
const stack = new SynthesizedStack();
afterAll(() => rmSync(stack.outdir, { recursive: true }));

describe('the rule packs', () => {
  test('fail the synthesis for a finding that nobody acknowledged', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'license-service-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    const app = licenseServiceApp(outdir, { stage: 'trial' });

    new Queue(app.node.findChild('LicenseServiceTrial'), 'open');

    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4(.|\n)*Serverless-SQSRedrivePolicy/);
  });

  test('are acknowledged for these rules only, each with its reason', () => {
    const rules = stack.acknowledged.map(([rule]) =>
      rule.replace(/^annotation::/i, '').replace(/\[Resource::(arn|<licenses).*/, ''),
    );

    expect([...new Set(rules)].toSorted()).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-IAM5',
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-S1',
      'AwsSolutions-SMG4',
      'AwsSolutions-SQS3',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
      'Serverless-LambdaTracing',
      'Serverless-SQSRedrivePolicy',
    ]);
    expect(stack.acknowledged.filter(([, reason]) => reason.length < 40)).toEqual([]);
  });
});

describe('names', () => {
  test('a folder of functions/, its construct, its log group and its deployed name are one name', () => {
    const functions = stack.ofType('AWS::Lambda::Function').map(({ Metadata }) => Metadata['aws:cdk:path']);

    expect(functions.toSorted()).toEqual(
      FUNCTION_NAMES.map((name) => `LicenseService/${name}/function/Resource`).toSorted(),
    );
    for (const name of FUNCTION_NAMES) {
      expect(stack.at(`${name}/function/Resource`).Properties.FunctionName).toBe(`LicenseService-${name}`);
      expect(stack.at(`${name}/log/Resource`).Properties.LogGroupName).toBe(`/aws/lambda/LicenseService-${name}`);
    }
  });

  test('the outputs name the bucket, the table, the state machine and every function', () => {
    const outputs = Object.fromEntries(Object.entries(stack.outputs).map(([key, { Value }]) => [key, Value]));

    expect(outputs).toMatchObject({
      Bucket: 'licenseservice-111122223333-eu-north-1',
      Table: 'licenses',
      RenewalStateMachine: 'renewals/renewal',
      LoginFunction: 'login/function',
      EndIdleSessionsFunction: 'end-idle-sessions/function',
    });
    expect(Object.values(outputs)).toEqual(expect.arrayContaining(FUNCTION_NAMES.map((name) => `${name}/function`)));
  });
});

const SET_BY_LAMBDA = { AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };

/** X-Ray would sample a twentieth of their calls, at a price above that of their logs. */
const OF_EVERY_SIGN_IN = ['login', 'end-session', 'session-hooks', 'record-history', 'publish-events'];

describe('each function', () => {
  test.each(FUNCTION_NAMES)(
    '%s runs on the same runtime, logs JSON to its own group and has only its own variables',
    async (name) => {
      const { Properties } = stack.at(`${name}/function/Resource`);

      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup: `${name}/log`, SystemLogLevel: 'WARN' },
        TracingConfig: { Mode: OF_EVERY_SIGN_IN.includes(name) ? 'PassThrough' : 'Active' },
        MemorySize: expect.any(Number),
        Timeout: expect.any(Number),
      });
      expect(Object.keys(Properties.Environment.Variables)).toEqual([...FUNCTIONS[name].environment, 'NODE_OPTIONS']);
    },
  );

  test('login answers within 10 s, import has a quarter of an hour', () => {
    expect(stack.at('login/function/Resource').Properties).toMatchObject({ Timeout: 10, MemorySize: 1024 });
    expect(stack.at('import-licenses/function/Resource').Properties).toMatchObject({ Timeout: 900 });
  });

  test.each([
    ['login', 120],
    ['end-session', 100],
    ['session-hooks', 220],
  ])('the bundle of %s has at most %i KB: it is read at every cold start', (name, most) => {
    expect(statSync(stack.bundle(name)).size).toBeLessThanOrEqual(most * 1024);
  });

  test.each(FUNCTION_NAMES)('%s starts from its bundle, and says which variable is missing', async (name) => {
    const { NODE_OPTIONS, ...Variables } = stack.at(`${name}/function/Resource`).Properties.Environment.Variables;
    const start = (attempt: string) => import(`${pathToFileURL(stack.bundle(name))}?${attempt}`);

    await expect(start('bare')).rejects.toThrow(`Missing in the environment: ${Object.keys(Variables).join(', ')}`);
    for (const [key, value] of Object.entries({ ...Variables, ...SET_BY_LAMBDA })) {
      vi.stubEnv(key, String(value));
    }
    vi.spyOn(console, 'info').mockReturnValue();
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });

    expect((await start('complete')).handler).toBeTypeOf('function');
  });
});

describe('data', () => {
  test('the key of the stage is generated, is retained with the data, and reaches every function that hashes people', () => {
    const key = stack.only('AWS::SecretsManager::Secret');
    const told = stack
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.Environment?.Variables.STAGE_KEY_ARN !== undefined)
      .map(({ Properties }) => Properties.FunctionName.replace('LicenseService-', ''));

    expect(key.Properties).toMatchObject({ GenerateSecretString: { PasswordLength: 64 } });
    expect(key.Properties).not.toHaveProperty('SecretString');
    expect(key.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(told.toSorted()).toEqual([
      'admin-api',
      'administer',
      'import-held-back',
      'import-licenses',
      'record-history',
    ]);
  });

  test('the table is the one of the definition, on demand, encrypted and recoverable to any second', () => {
    const { Properties, DeletionPolicy } = stack.only('AWS::DynamoDB::GlobalTable');

    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [
        {
          Region: 'eu-north-1',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        },
      ],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      KeySchema: [
        { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: index.partitionKey, KeyType: 'HASH' },
          { AttributeName: index.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    });
    expect(DeletionPolicy).toBe('Retain');
  });

  test('the uploads are versioned and kept, and their access is logged', () => {
    const { Properties, DeletionPolicy } = stack.at('imports/bucket/Resource');

    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: 'imports/access-logs' },
    });
    expect(Properties.LifecycleConfiguration.Rules).toEqual([
      expect.objectContaining({
        NoncurrentVersionExpiration: { NoncurrentDays: 365 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      }),
      {
        Id: 'previews',
        Prefix: 'previews/',
        Status: 'Enabled',
        ExpirationInDays: 1,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      },
    ]);
    expect(JSON.stringify(Properties.LifecycleConfiguration.Rules[0])).not.toContain('ExpirationInDays');
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test.each(['imports/bucket', 'imports/access-logs'])('%s is encrypted, private and speaks TLS only', (bucket) => {
    const { Properties } = stack.at(`${bucket}/Resource`);
    const { PolicyDocument } = stack.at(`${bucket}/Policy/Resource`).Properties;

    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
    expect(new Set(Object.values(Properties.PublicAccessBlockConfiguration))).toEqual(new Set([true]));
    expect(PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  test('every log is deleted some day', () => {
    expect(stack.ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays)).toEqual(
      Array.from({ length: FUNCTION_NAMES.length + 2 }, () => 180),
    );
  });

  test('an unknown stage is refused', () => {
    expect(() => stageConfig({ stage: 'prod' })).toThrow('Unknown stage prod');
  });

  test('the console’s client and scopes come by context', () => {
    const usual = { clientId: 'esm-console', scopes: 'openid offline_access', providerOrigins: [] };
    expect(stageConfig({}).console).toEqual(usual);
    const given = {
      consoleClientId: '4f1c',
      consoleScopes: 'openid api://licenses/.default',
      consoleProviderOrigins: 'https://one.example.com  https://two.example.com:8443',
    };
    expect(stageConfig(given).console).toEqual({
      clientId: '4f1c',
      scopes: 'openid api://licenses/.default',
      providerOrigins: ['https://one.example.com', 'https://two.example.com:8443'],
    });
  });

  test.each([
    'http://one.example.com',
    'https://one.example.com/',
    "https://one.example.com; script-src 'unsafe-inline'",
  ])('an origin of the provider written as "%s" is refused', (consoleProviderOrigins) => {
    expect(() => stageConfig({ consoleProviderOrigins })).toThrow('consoleProviderOrigins takes origins');
  });

  test('the console may reach the issuer’s own origin', () => {
    expect(stack.at('console/function/Resource').Properties.Environment.Variables).toMatchObject({
      CONSOLE_PROVIDER_ORIGINS: 'https://idp.example.com',
    });
  });
});

describe('the HTTP API', () => {
  test('logs a call without what could name a person', () => {
    const { AccessLogSettings } = stack.only('AWS::ApiGatewayV2::Stage').Properties;

    expect(AccessLogSettings.DestinationArn).toBe('api/log');
    expect(AccessLogSettings.Format).not.toMatch(/sourceIp|userAgent|path|authorizer/i);
  });

  test('gives everything of a tenant to the one function that has the table of routes', () => {
    const routes = stack.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);

    expect(routes).toEqual(
      expect.arrayContaining(['ANY /tenants/{tenant}', 'ANY /tenants/{tenant}/{rest+}', 'GET /openapi.json']),
    );
    expect(stack.at('admin-api/function/Resource').Properties.Timeout).toBeLessThan(30);
  });

  test('lets nobody reach that function without a token of the issuer for this audience', () => {
    expect(stack.only('AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://idp.example.com/realm', Audience: ['urn:licenses'] },
    });
    const ofTenants = stack
      .ofType('AWS::ApiGatewayV2::Route')
      .filter(({ Properties }) => Properties.RouteKey.includes('/tenants/'));
    expect(ofTenants.map(({ Properties }) => Properties.AuthorizationType)).toEqual(['JWT', 'JWT']);
    expect(stack.at('admin-api/function/Resource').Properties.Environment.Variables).toMatchObject({
      ISSUER: 'https://idp.example.com/realm',
      AUDIENCE: 'urn:licenses',
      TENANT_CLAIM: 'tenant',
      ROLE_CLAIM: 'role',
    });
  });

  test('serves the console to everybody, with a rate of its own that leaves the rest to the hooks', () => {
    const routes = stack
      .ofType('AWS::ApiGatewayV2::Route')
      .filter(({ Properties }) => Properties.RouteKey.includes('/console'));
    const { RouteSettings } = stack.only('AWS::ApiGatewayV2::Stage').Properties;

    expect(routes.map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType])).toEqual([
      ['GET /console', 'NONE'],
      ['GET /console/{path+}', 'NONE'],
    ]);
    const own = { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 };
    expect(RouteSettings).toMatchObject({ 'GET /console': own, 'GET /console/{path+}': own });
    expect(stack.at('console/function/Resource').Properties.Environment.Variables).toMatchObject({
      ISSUER: 'https://idp.example.com/realm',
      CONSOLE_CLIENT_ID: 'esm-console',
      CONSOLE_SCOPES: 'openid offline_access',
    });
  });

  test('the function of the console reads nothing of the table, the bucket or secrets', () => {
    const actions = stack.statements('console/role').flatMap(({ Action }) => Action);

    expect(actions.filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
  });

  test('only pages of the API’s own origin may send upload forms to the bucket', () => {
    expect(stack.at('imports/bucket/Resource').Properties.CorsConfiguration).toEqual({
      CorsRules: [{ AllowedMethods: ['POST'], AllowedOrigins: ['api/api'] }],
    });
  });

  test('has no routes of tenants without an issuer, and the synthesis says how to name one', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'license-service-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    const { stacks } = licenseServiceApp(outdir).synth();
    const template = JSON.stringify(stacks[0]!.template);
    expect(template).not.toContain('/tenants/{tenant}');
    expect(template).not.toContain('GET /console');
    expect(stacks[0]!.messages.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('-c issuer=https://')]);
  });

  test.each([
    ['an issuer without an audience', { issuer: 'https://idp.example.com' }],
    ['an audience without an issuer', { audience: 'urn:licenses' }],
    ['an issuer that is not https', { issuer: 'http://idp.example.com', audience: 'urn:licenses' }],
  ])('%s is refused with the reason', (_, context) => {
    expect(() => stageConfig(context)).toThrow('-c issuer=https://… (an OpenID provider) and -c audience=');
  });
});

describe('asynchronous edges', () => {
  test('an upload under tenants/ starts the import, from our bucket and our account only', () => {
    expect(stack.at('imports/bucket/Resource').Properties.NotificationConfiguration).toEqual({
      LambdaConfigurations: [
        {
          Event: 's3:ObjectCreated:*',
          Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'tenants/' }] } },
          Function: 'import-licenses/function',
        },
      ],
    });
    const callers = stack.ofType('AWS::Lambda::Permission').map(({ Properties }) => Properties);
    expect(callers.filter(({ Principal }) => Principal === 's3.amazonaws.com')).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'import-licenses/function',
        Principal: 's3.amazonaws.com',
        SourceAccount: '111122223333',
        SourceArn: 'arn:aws:s3:::licenseservice-111122223333-eu-north-1',
      },
    ]);
  });

  test('the hooks are called by HTTP, by the pools of our account, and with the sign-outs of CloudTrail', () => {
    const callers = stack.ofType('AWS::Lambda::Permission').map(({ Properties }) => Properties);
    const ofHooks = callers.filter(({ FunctionName }) => FunctionName === 'session-hooks/function');

    expect(new Set(callers.map(({ FunctionName }) => FunctionName))).toEqual(
      new Set([
        'admin-api/function',
        'calendar-feed/function',
        'console/function',
        'import-licenses/function',
        'session-hooks/function',
      ]),
    );
    expect(new Set(ofHooks.map(({ Principal }) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 'cognito-idp.amazonaws.com', 'events.amazonaws.com']),
    );
    expect(ofHooks).toContainEqual(
      expect.objectContaining({
        Principal: 'cognito-idp.amazonaws.com',
        SourceAccount: '111122223333',
        SourceArn: 'arn:aws:cognito-idp:eu-north-1:111122223333:userpool/*',
      }),
    );
    expect(stack.at('hooks/cognito-sign-outs/Resource').Properties).toMatchObject({
      EventPattern: {
        source: ['aws.cognito-idp'],
        'detail-type': ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
        detail: {
          eventName: [
            'GlobalSignOut',
            'AdminUserGlobalSignOut',
            'Logout',
            'SAML2Logout_POST',
            'AdminDisableUser',
            'AdminDeleteUser',
            'DeleteUser',
          ],
        },
      },
      Targets: [{ Arn: 'session-hooks/function', DeadLetterConfig: { Arn: 'hooks/missed-events' } }],
    });
    expect(stack.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({
        LogGroupName: 'session-hooks/log',
        FilterPattern: '{ $.message.code = "hook-undecided" }',
      }),
    );
    expect(stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ MetricName: 'UndecidedHookCalls', Threshold: 5 }),
    );
    const routes = stack.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);
    expect(routes.filter(({ RouteKey }) => RouteKey.includes('/hooks/'))).toEqual(
      ['POST', 'GET'].map((method) =>
        expect.objectContaining({ RouteKey: `${method} /hooks/{tenant}/{provider}`, AuthorizationType: 'NONE' }),
      ),
    );
  });

  test('the hooks listen to the bus of an Auth0 tenant if the stage names it', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'license-service-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    const auth0EventBus = 'aws.partner/auth0.com/acme-1/auth0.logs';

    const app = licenseServiceApp(outdir, { stage: 'trial', auth0EventBus });

    const rule = app.node.findChild('LicenseServiceTrial').node.findChild('hooks').node.findChild('auth0-log');
    expect(Stack.of(rule).resolve((rule.node.defaultChild as CfnRule).eventPattern)).toEqual({
      source: [{ prefix: 'aws.partner/auth0.com/' }],
      'detail-type': ['Auth0 log'],
    });
    expect(stack.at('hooks/auth0-log/Resource')).toBeUndefined();
  });

  test.each([
    ['end-idle-sessions', 'rate(1 minute)', 300, 'idle-sessions', 'missed-minutes'],
    ['clean-up-daily', 'rate(1 hour)', 3600, 'daily-cleanup', 'missed-cleanups'],
    ['audit-tenants', 'rate(1 hour)', 3600, 'daily-audit', 'missed-audits'],
  ])('%s is called at a %s', (name, rate, seconds, construct, queue) => {
    expect(stack.at(`${construct}/schedule`).Properties).toMatchObject({
      ScheduleExpression: rate,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: `${name}/function`,
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: seconds },
        DeadLetterConfig: { Arn: `${construct}/${queue}` },
      },
    });
  });

  test.each([
    ['import-licenses', 'imports/unqueued-uploads', 2],
    ['end-idle-sessions', 'idle-sessions/missed-minutes', 0],
    ['clean-up-daily', 'daily-cleanup/missed-cleanups', 1],
    ['session-hooks', 'hooks/missed-events', 2],
    ['audit-tenants', 'daily-audit/missed-audits', 1],
  ])('calls that %s could not handle wait in %s after %i retries', (name, queue, tries) => {
    expect(stack.at(`${name}/function/EventInvokeConfig/Resource`).Properties).toMatchObject({
      MaximumRetryAttempts: tries,
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
    expect(stack.allows(`${name}/role`, 'sqs:SendMessage', queue)).toBe(true);
  });

  test('each tenant has one import at a time, in a queue that keeps an upload until it was imported', () => {
    const mappings = stack.ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);

    expect(stack.at('import-queue/uploads/Resource').Properties).toMatchObject({
      FifoQueue: true,
      FifoThroughputLimit: 'perMessageGroupId',
      DeduplicationScope: 'messageGroup',
      // Lambda demands that it is not shorter than the function's timeout.
      VisibilityTimeout: 16 * 60,
      RedrivePolicy: { deadLetterTargetArn: 'import-queue/failed-imports', maxReceiveCount: 3 },
    });
    expect(stack.at('import-queue/failed-imports/Resource').Properties).toMatchObject({ FifoQueue: true });
    expect(mappings.filter(({ EventSourceArn }) => EventSourceArn === 'import-queue/uploads')).toEqual([
      {
        FunctionName: 'import-licenses/function',
        EventSourceArn: 'import-queue/uploads',
        BatchSize: 1,
        // Fewer than the function's 20, so that it can queue uploads while imports run.
        ScalingConfig: { MaximumConcurrency: 16 },
      },
    ]);
    expect(stack.allows('import-licenses/role', 'sqs:SendMessage', 'import-queue/uploads')).toBe(true);
    expect(stack.allows('import-licenses/role', 'sqs:ChangeMessageVisibility', 'import-queue/uploads')).toBe(true);
    expect(stack.allows('login/role', 'sqs:SendMessage', 'import-queue/uploads')).toBe(false);
  });

  test('nothing else is called asynchronously', () => {
    // API Gateway and Cognito wait for the answer.
    const events = stack
      .ofType('AWS::Lambda::Permission')
      .filter(({ Properties }) => !/^(apigateway|cognito-idp)\./.test(Properties.Principal));
    const callers = events.length + stack.ofType('AWS::Scheduler::Schedule').length;

    expect(callers).toBe(stack.ofType('AWS::Lambda::EventInvokeConfig').length);
  });

  test.each([
    ['record-history', ['LICENSE', 'CARD', 'WEBHOOK'], 'history/unrecorded-changes'],
    [
      'publish-events',
      ['LICENSE', 'CARD', 'POOL', 'REPORT', 'RENEWAL', 'CLEANUP', 'WEBHOOK', 'TEST'],
      'telling/untold-changes',
    ],
  ])('%s gets every change of its items, and one bad record delays no other', (name, sortKeys, queue) => {
    const mappings = stack.ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);

    expect(mappings.filter(({ FunctionName }) => FunctionName === `${name}/function`)).toEqual([
      {
        FunctionName: `${name}/function`,
        EventSourceArn: 'licenses',
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: name === 'record-history' ? 5 : 2,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10_000,
        MaximumRecordAgeInSeconds: 23 * 3600,
        DestinationConfig: { OnFailure: { Destination: queue } },
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ dynamodb: { Keys: { sk: { S: sortKeys } } } }) }] },
      },
    ]);
    expect(stack.allows(`${name}/role`, 'sqs:SendMessage', queue)).toBe(true);
    expect(stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({
        MetricName: 'IteratorAge',
        Dimensions: [{ Name: 'FunctionName', Value: `${name}/function` }],
        Threshold: 15 * 60_000,
      }),
    );
  });

  test('the table’s stream has two readers, which is the most that DynamoDB serves without throttling', () => {
    const onStream = stack
      .ofType('AWS::Lambda::EventSourceMapping')
      .filter(({ Properties }) => Properties.EventSourceArn === 'licenses');

    expect(onStream).toHaveLength(2);
  });

  test.each([
    ['record-history', 'history-record-unreadable', 'UnreadableHistoryRecords'],
    ['publish-events', 'event-record-unreadable', 'UnreadableEventRecords'],
  ])('a record that %s skips raises an alarm', (name, code, MetricName) => {
    const alarms = stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

    expect(stack.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ LogGroupName: `${name}/log`, FilterPattern: `{ $.message.code = "${code}" }` }),
    );
    expect(alarms).toContainEqual(expect.objectContaining({ MetricName, Threshold: 1 }));
  });

  test('every event waits in a queue until its webhook has accepted it, and is only given up by the function', () => {
    expect(stack.at('webhooks/rule/Resource').Properties).toMatchObject({
      EventBusName: 'events',
      EventPattern: { source: ['esm-license-service'] },
      Targets: [{ Arn: 'webhooks/queue', DeadLetterConfig: { Arn: 'webhooks/undelivered' } }],
    });
    expect(stack.at('webhooks/queue/Resource').Properties).toMatchObject({
      VisibilityTimeout: 180,
      RedrivePolicy: { deadLetterTargetArn: 'webhooks/undelivered', maxReceiveCount: 500 },
    });
    for (const queue of ['webhooks/queue', 'webhooks/undelivered']) {
      expect(stack.allows('deliver-webhook/role', 'sqs:SendMessage', queue)).toBe(true);
    }
    expect(stack.at('webhooks/deliveries/Resource').Properties).toEqual({
      FunctionName: 'deliver-webhook/function',
      EventSourceArn: 'webhooks/queue',
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 20 },
    });
    const { Timeout } = stack.at('deliver-webhook/function/Resource').Properties;
    expect(Timeout * 6).toBeLessThanOrEqual(180);
  });

  test('every queue is encrypted, speaks TLS only, keeps its messages for two weeks; one that nothing reads has an alarm', () => {
    const alarms = stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

    for (const { Properties, Metadata } of stack.ofType('AWS::SQS::Queue')) {
      const path = Metadata['aws:cdk:path'].replace('LicenseService/', '').replace('/Resource', '');
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
      expect(stack.at(`${path}/Policy/Resource`).Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
      if (Properties.RedrivePolicy !== undefined) continue;
      expect(alarms).toContainEqual(
        expect.objectContaining({
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: path }],
          Threshold: 1,
        }),
      );
    }
  });
});

describe('grants', () => {
  const calls = callsInCode(FUNCTION_NAMES);
  const functionRoles = FUNCTION_NAMES.map((name) => `${name}/role`);
  const upload = 'arn:aws:s3:::licenseservice-111122223333-eu-north-1/tenants/acme/uploads/may.zip';
  const preview = 'arn:aws:s3:::licenseservice-111122223333-eu-north-1/previews/acme/may.zip';
  const secret = 'arn:aws:secretsmanager:eu-north-1:111122223333:secret:esm-license-service/acme/okta-AbCdEf';
  const parameter = 'arn:aws:ssm:eu-north-1:111122223333:parameter/esm-license-service/acme/okta';
  const RENEWAL = 'arn:aws:states:eu-north-1:111122223333:stateMachine:LicenseService-renewal';
  const renewal = 'arn:aws:s3:::licenseservice-111122223333-eu-north-1/tenants/acme/renewals/may.zip';

  test.each(FUNCTION_NAMES)('%s may do exactly what its code calls', (name) => {
    const { actions, indexes } = calls.get(name)!;
    const statements = stack.statements(`${name}/role`);
    // Of the stream the platform reads, not the code; its ARN is an attribute of the table too.
    const onItems = statements
      .filter(({ Resource }) => Resource === 'licenses')
      .flatMap(({ Action }) => Action)
      .filter((action) => !/Stream|Shard|Records/.test(action));
    const onObjects = statements.flatMap(({ Action }) => Action).filter((action) => /^s3:.*Object$/.test(action));
    const onIndexes = statements.flatMap(({ Resource }) => Resource).filter((resource) => resource.includes('/index/'));

    expect([...new Set([...onItems, ...onObjects])].toSorted()).toEqual(actions.toSorted());
    expect(onIndexes.toSorted()).toEqual(indexes.map((index) => `licenses/index/${index}`).toSorted());
  });

  test.each([
    ['import-licenses', 's3:GetObject', upload],
    ['import-licenses', 's3:GetObjectVersion', upload],
    ['import-licenses', 's3:PutObject', `${upload}.report.json`],
    ['administer', 's3:GetObject', renewal],
    // An address or a form allows what its signer may do.
    ['administer', 's3:GetObject', upload],
    ['administer', 's3:GetObjectVersion', upload],
    ['administer', 's3:PutObject', upload],
    ['admin-api', 's3:PutObject', renewal],
    ['admin-api', 's3:PutObject', preview],
    ['admin-api', 's3:GetObject', preview],
    ['import-held-back', 's3:GetObject', renewal],
    ['administer', 'states:StartExecution', RENEWAL],
    ['session-hooks', 'secretsmanager:GetSecretValue', secret],
    ['session-hooks', 'ssm:GetParameter', parameter],
    ['administer', 'states:StopExecution', `${RENEWAL.replace(':stateMachine:', ':execution:')}:acme.2027`],
    ['clean-up-daily', 'dynamodb:Query', 'licenses/index/by-tenant'],
    ['end-idle-sessions', 'dynamodb:Query', 'licenses/index/by-idle-deadline'],
    ['publish-events', 'events:PutEvents', 'events'],
    ['administer', 'dynamodb:Query', 'licenses/index/by-expiry'],
    ...['PutItem', 'UpdateItem'].map((action) => ['login', `dynamodb:${action}`, 'licenses'] as const),
  ] as const)('%s may %s of %s', (name, action, resource) => {
    expect(stack.allows(`${name}/role`, action, resource)).toBe(true);
  });

  test.each([
    ['import-licenses', 's3:PutObject', upload],
    ['import-licenses', 's3:DeleteObject', upload],
    ['import-licenses', 's3:GetObject', renewal],
    ['administer', 's3:PutObject', `${renewal}.report.json`],
    ['admin-api', 's3:PutObject', `${upload}.report.json`],
    ['begin-renewal', 's3:GetObject', renewal],
    ['import-held-back', 's3:PutObject', renewal],
    ['administer', 's3:PutObject', `${upload}.report.json`],
    ['import-licenses', 's3:GetObject', preview],
    ['import-held-back', 's3:GetObject', preview],
    ...['login', 'end-session', 'end-idle-sessions', 'switch-licenses', 'clean-up-renewal'].flatMap((name) => [
      [name, 's3:GetObject', upload] as const,
      [name, 's3:PutObject', `${upload}.report.json`] as const,
    ]),
    ...FUNCTION_NAMES.filter((name) => name !== 'publish-events').map(
      (name) => [name, 'events:PutEvents', 'events'] as const,
    ),
    ['login', 'dynamodb:Query', 'licenses/index/by-tenant'],
    ['login', 'dynamodb:Query', 'licenses/index/by-expiry'],
    ['import-licenses', 'dynamodb:Query', 'licenses/index/by-tenant'],
    ['session-hooks', 'secretsmanager:GetSecretValue', secret.replace('esm-license-service', 'other')],
    ['session-hooks', 'ssm:GetParameter', parameter.replace('esm-license-service', 'other')],
    ...FUNCTION_NAMES.filter((name) => name !== 'session-hooks' && name !== 'deliver-webhook').map(
      (name) => [name, 'secretsmanager:GetSecretValue', secret] as const,
    ),
    ['find-next-step', 'dynamodb:PutItem', 'licenses'],
    ['finish-renewal', 'dynamodb:PutItem', 'licenses'],
    ...FUNCTION_NAMES.filter((name) => name !== 'administer' && name !== 'admin-api').map(
      (name) => [name, 'states:StartExecution', RENEWAL] as const,
    ),
  ] as const)('%s may not %s of %s', (name, action, resource) => {
    expect(stack.allows(`${name}/role`, action, resource)).toBe(false);
  });

  test('no function may scan or change the table, or has a wildcard action', () => {
    const statements = [
      ...functionRoles,
      'renewals/role',
      'idle-sessions/role',
      'daily-cleanup/role',
      'daily-audit/role',
    ].flatMap((role) => stack.statements(role));
    const actions = statements.flatMap(({ Action }) => Action);

    expect(actions.filter((action) => /\*|Scan|Table$|PartiQL|Bucket(?!$)/.test(action))).toEqual([]);
    expect(actions.filter((action) => action === 's3:ListBucket')).toHaveLength(4);
  });

  test('only traces and log deliveries have no resource to name', () => {
    const everywhere = [
      ...functionRoles,
      'renewals/role',
      'idle-sessions/role',
      'daily-cleanup/role',
      'daily-audit/role',
    ]
      .flatMap((role) => stack.statements(role))
      .filter(({ Resource }) => [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action);

    expect(
      everywhere.filter((action) => !/^xray:|^logs:.*(LogDeliver|ResourcePolic|DescribeLogGroups)/.test(action)),
    ).toEqual([]);
  });

  test.each(FUNCTION_NAMES)('%s writes to its own log group only', (name) => {
    const logging = stack
      .statements(`${name}/role`)
      .filter(({ Action }) => [Action].flat().includes('logs:PutLogEvents'));

    expect(logging.map(({ Resource }) => Resource)).toEqual([`${name}/log`]);
  });

  test('the workflow may invoke the steps of the renewal and nothing else, the schedule one function', () => {
    const invokable = (role: string) =>
      stack
        .statements(role)
        .filter(({ Action }) => Action === 'lambda:InvokeFunction')
        .flatMap(({ Resource }) => Resource);

    expect(invokable('renewals/role').toSorted()).toEqual(
      [
        'begin-renewal',
        'clean-up-renewal',
        'find-next-step',
        'finish-renewal',
        'import-held-back',
        'stop-renewal',
        'switch-licenses',
        'undo-licenses',
      ].map((name) => `${name}/function`),
    );
    expect(invokable('idle-sessions/role')).toEqual(['end-idle-sessions/function']);
    expect(invokable('daily-cleanup/role')).toEqual(['clean-up-daily/function']);
    expect(invokable('daily-audit/role')).toEqual(['audit-tenants/function']);
  });

  test('every role belongs to one service, and no resource is public', () => {
    for (const { Properties } of stack.ofType('AWS::IAM::Role')) {
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        expect.objectContaining({
          Principal: { Service: expect.stringMatching(/^(lambda|states|scheduler)\.amazonaws\.com$/) },
        }),
      ]);
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
    const open = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy']
      .flatMap((type) => stack.ofType(type))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('*'));
    expect(open).toEqual([]);
  });
});
