import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import validateDefinition from 'asl-validator';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-local-stepfunctions';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { licenseServiceApp } from '../../infra/app.ts';
import { stageConfig } from '../../infra/config.ts';
import { RenewalStopped, TryAgain } from '../../shared/runtime/errors.ts';
import { TABLE } from '../../shared/store/table-definition.ts';
import { callsInCode } from './calls-in-code.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

// Once for all tests: a synthesis with its checks takes seconds.
const stack = new SynthesizedStack();
afterAll(() => rmSync(stack.outdir, { recursive: true }));
const folders = readdirSync(new URL('../../functions', import.meta.url)).toSorted();

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
      rule.replace(/^annotation::/i, '').replace(/\[Resource::arn.*/, ''),
    );

    expect([...new Set(rules)].toSorted()).toEqual([
      'AwsSolutions-IAM5',
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-S1',
      'AwsSolutions-SQS3',
      'Serverless-LambdaDLQ',
      'Serverless-SQSRedrivePolicy',
    ]);
    expect(stack.acknowledged.filter(([, reason]) => reason.length < 40)).toEqual([]);
  });
});

describe('names', () => {
  test('a folder of functions/, its construct, its log group and its deployed name are one name', () => {
    const functions = stack.ofType('AWS::Lambda::Function').map(({ Metadata }) => Metadata['aws:cdk:path']);

    expect(functions.toSorted()).toEqual(folders.map((name) => `LicenseService/${name}/function/Resource`));
    for (const name of folders) {
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
    expect(Object.values(outputs)).toEqual(expect.arrayContaining(folders.map((name) => `${name}/function`)));
  });
});

describe('each function', () => {
  test.each(folders)(
    '%s runs on the same runtime, logs JSON to its own group and has only its own variables',
    async (name) => {
      const { ENVIRONMENT } = await import(`../../functions/${name}/env.ts`);

      const { Properties } = stack.at(`${name}/function/Resource`);

      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup: `${name}/log` },
        TracingConfig: { Mode: 'Active' },
        MemorySize: expect.any(Number),
        Timeout: expect.any(Number),
      });
      expect(Object.keys(Properties.Environment.Variables)).toEqual([...ENVIRONMENT]);
      expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    },
  );

  test('login answers within 10 s, import has a quarter of an hour', () => {
    expect(stack.at('login/function/Resource').Properties).toMatchObject({ Timeout: 10, MemorySize: 1024 });
    expect(stack.at('import-licenses/function/Resource').Properties).toMatchObject({ Timeout: 900 });
  });

  test('the bundle of login stays small: it is read at every cold start', () => {
    expect(statSync(stack.bundle('login')).size).toBeLessThanOrEqual(375 * 1024);
  });

  test.each(folders)('%s starts from its bundle, and says which variable is missing', async (name) => {
    const { Variables } = stack.at(`${name}/function/Resource`).Properties.Environment;
    const start = (attempt: string) => import(`${pathToFileURL(stack.bundle(name))}?${attempt}`);

    await expect(start('bare')).rejects.toThrow(`Missing in the environment: ${Object.keys(Variables).join(', ')}`);
    for (const [key, value] of Object.entries(Variables)) {
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
  test('the table is the one of the definition, on demand, encrypted and recoverable to any second', () => {
    const { Properties, DeletionPolicy } = stack.only('AWS::DynamoDB::Table');

    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      DeletionProtectionEnabled: true,
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
    ]);
    expect(JSON.stringify(Properties.LifecycleConfiguration)).not.toContain('ExpirationInDays');
    expect(DeletionPolicy).toBe('Retain');
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
      Array.from({ length: folders.length + 1 }, () => 180),
    );
  });

  test('a trial stage leaves nothing behind, and an unknown stage is refused', () => {
    expect(stageConfig({ stage: 'trial' })).toMatchObject({ keepData: false });
    expect(() => stageConfig({ stage: 'prod' })).toThrow('Unknown stage prod');
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
    expect(stack.only('AWS::Lambda::Permission').Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: 'import-licenses/function',
      Principal: 's3.amazonaws.com',
      SourceAccount: '111122223333',
      SourceArn: 'arn:aws:s3:::licenseservice-111122223333-eu-north-1',
    });
  });

  test('idle sessions end every minute', () => {
    expect(stack.only('AWS::Scheduler::Schedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'end-idle-sessions/function',
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
        DeadLetterConfig: { Arn: 'idle-sessions/missed-minutes' },
      },
    });
  });

  test.each([
    ['import-licenses', 'imports/failed-imports', 2],
    ['end-idle-sessions', 'idle-sessions/missed-minutes', 0],
  ])('what %s could not do waits in %s after %i more tries', (name, queue, tries) => {
    expect(stack.at(`${name}/function/EventInvokeConfig/Resource`).Properties).toMatchObject({
      MaximumRetryAttempts: tries,
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
    expect(stack.allows(`${name}/role`, 'sqs:SendMessage', queue)).toBe(true);
  });

  test('nothing else is called asynchronously', () => {
    const callers = stack.ofType('AWS::Lambda::Permission').length + stack.ofType('AWS::Scheduler::Schedule').length;

    expect(callers).toBe(stack.ofType('AWS::Lambda::EventInvokeConfig').length);
    expect(stack.ofType('AWS::Lambda::EventSourceMapping')).toEqual([]);
  });

  test('every queue is encrypted, speaks TLS only, keeps its messages for two weeks and has an alarm', () => {
    const alarms = stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

    for (const { Properties, Metadata } of stack.ofType('AWS::SQS::Queue')) {
      const path = Metadata['aws:cdk:path'].replace('LicenseService/', '').replace('/Resource', '');
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
      expect(stack.at(`${path}/Policy/Resource`).Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
      expect(alarms).toContainEqual(
        expect.objectContaining({
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: path }],
          Threshold: 1,
        }),
      );
    }
  });

  test('an error of any function and a stopped renewal ring', () => {
    const alarms = stack.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

    for (const name of folders) {
      expect(alarms).toContainEqual(
        expect.objectContaining({
          MetricName: 'Errors',
          Dimensions: [{ Name: 'FunctionName', Value: `${name}/function` }],
          Threshold: 1,
        }),
      );
    }
    expect(alarms).toContainEqual(
      expect.objectContaining({
        MetricName: 'ExecutionsFailed',
        Dimensions: [{ Name: 'StateMachineArn', Value: 'renewals/renewal' }],
      }),
    );
  });
});

describe('grants', () => {
  const calls = callsInCode(folders);
  const functionRoles = folders.map((name) => `${name}/role`);
  const upload = 'arn:aws:s3:::licenseservice-111122223333-eu-north-1/tenants/acme/uploads/may.zip';
  const renewal = 'arn:aws:s3:::licenseservice-111122223333-eu-north-1/tenants/acme/renewals/may.zip';

  test.each(folders)('%s may do exactly what its code calls', (name) => {
    const { actions, indexes } = calls.get(name)!;
    const statements = stack.statements(`${name}/role`);
    const onItems = statements.filter(({ Resource }) => Resource === 'licenses').flatMap(({ Action }) => Action);
    const onObjects = statements.flatMap(({ Action }) => Action).filter((action) => /^s3:.*Object$/.test(action));
    const onIndexes = statements.flatMap(({ Resource }) => Resource).filter((resource) => resource.includes('/index/'));

    expect([...onItems, ...onObjects].toSorted()).toEqual(actions.toSorted());
    expect(onIndexes.toSorted()).toEqual(indexes.map((index) => `licenses/index/${index}`).toSorted());
  });

  test.each([
    ['import-licenses', 's3:GetObject', upload],
    ['import-licenses', 's3:GetObjectVersion', upload],
    ['import-licenses', 's3:PutObject', `${upload}.report.json`],
    ['plan-renewal', 's3:GetObject', renewal],
    ['import-held-back', 's3:GetObject', renewal],
    ['end-idle-sessions', 'dynamodb:Query', 'licenses/index/by-idle-deadline'],
    ['administer', 'dynamodb:Query', 'licenses/index/by-expiry'],
    ...['PutItem', 'UpdateItem', 'DeleteItem'].map((action) => ['login', `dynamodb:${action}`, 'licenses'] as const),
  ] as const)('%s may %s of %s', (name, action, resource) => {
    expect(stack.allows(`${name}/role`, action, resource)).toBe(true);
  });

  test.each([
    ['import-licenses', 's3:PutObject', upload],
    ['import-licenses', 's3:DeleteObject', upload],
    ['import-licenses', 's3:GetObject', renewal],
    ['plan-renewal', 's3:GetObject', upload],
    ['plan-renewal', 's3:PutObject', renewal],
    ['import-held-back', 's3:PutObject', renewal],
    ...['login', 'end-session', 'administer', 'end-idle-sessions', 'switch-licenses', 'clean-up'].flatMap((name) => [
      [name, 's3:GetObject', upload] as const,
      [name, 's3:PutObject', `${upload}.report.json`] as const,
    ]),
    ['login', 'dynamodb:Query', 'licenses/index/by-tenant'],
    ['login', 'dynamodb:Query', 'licenses/index/by-expiry'],
    ['import-licenses', 'dynamodb:Query', 'licenses/index/by-tenant'],
    ['find-next-cleanup', 'dynamodb:PutItem', 'licenses'],
    ['finish-renewal', 'dynamodb:PutItem', 'licenses'],
    ['administer', 'states:StartExecution', 'renewals/renewal'],
  ] as const)('%s may not %s of %s', (name, action, resource) => {
    expect(stack.allows(`${name}/role`, action, resource)).toBe(false);
  });

  test('nobody may scan the table, change it, or do everything of anything', () => {
    const statements = [...functionRoles, 'renewals/role', 'idle-sessions/role'].flatMap((role) =>
      stack.statements(role),
    );
    const actions = statements.flatMap(({ Action }) => Action);

    expect(actions.filter((action) => /\*|Scan|Table$|PartiQL|Bucket(?!$)/.test(action))).toEqual([]);
    expect(actions.filter((action) => action === 's3:ListBucket')).toHaveLength(3);
  });

  test('only traces and log deliveries have no resource to name', () => {
    const everywhere = [...functionRoles, 'renewals/role', 'idle-sessions/role']
      .flatMap((role) => stack.statements(role))
      .filter(({ Resource }) => [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action);

    expect(
      everywhere.filter((action) => !/^xray:|^logs:.*(LogDeliver|ResourcePolic|DescribeLogGroups)/.test(action)),
    ).toEqual([]);
  });

  test.each(folders)('%s writes to its own log group only', (name) => {
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
      Object.values(STEPS)
        .map((name) => `${name}/function`)
        .toSorted(),
    );
    expect(invokable('idle-sessions/role')).toEqual(['end-idle-sessions/function']);
  });

  test("every role is one service's, and no resource is open to anybody", () => {
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

/** Which function each sentence of the workflow calls. */
const STEPS = {
  'Plan the renewal': 'plan-renewal',
  'Import the new licenses held back': 'import-held-back',
  'Switch one batch of licenses': 'switch-licenses',
  'Find the next cleanup': 'find-next-cleanup',
  'Clean up one batch': 'clean-up',
  'Count what is still in use': 'finish-renewal',
  'Stop the renewal so that it can be resumed': 'stop-renewal',
} as const;

describe('the renewal', () => {
  interface State {
    readonly Type: string;
    readonly Resource?: string;
    readonly Parameters?: Record<string, string>;
    readonly ItemSelector?: Record<string, string>;
    readonly Retry?: readonly {
      ErrorEquals: string[];
      MaxAttempts: number;
      JitterStrategy?: string;
      BackoffRate?: number;
    }[];
    readonly Catch?: readonly { ErrorEquals: string[]; Next: string; ResultPath: string | null }[];
    readonly ItemProcessor?: { readonly States: Record<string, State> };
  }
  const definition = (): { States: Record<string, State> } => {
    const text: string = stack.only('AWS::StepFunctions::StateMachine').Properties.DefinitionString;
    return JSON.parse(
      text.replaceAll(/"([a-z-]+)\/function"/g, '"arn:aws:lambda:eu-north-1:111122223333:function:$1"'),
    );
  };
  const { States } = definition();
  const inner = Object.values(States).flatMap((state) => Object.entries(state.ItemProcessor?.States ?? {}));
  const tasks = [...Object.entries(States), ...inner].filter(([, { Type }]) => Type === 'Task');

  test('is a valid definition that logs and traces', () => {
    const { isValid, errorsText } = validateDefinition(definition());

    expect({ isValid, errors: errorsText() }).toEqual({ isValid: true, errors: '' });
    expect(stack.only('AWS::StepFunctions::StateMachine').Properties).toMatchObject({
      StateMachineName: 'LicenseService-renewal',
      LoggingConfiguration: { Level: 'ALL' },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('each sentence calls the function of that name', () => {
    expect(Object.fromEntries(tasks.map(([name, { Resource }]) => [name, Resource?.split(':').at(-1)]))).toEqual(STEPS);
  });

  test.each(Object.keys(STEPS))('"%s" is tried again on what may pass, and not on what will not', (name) => {
    const { Retry = [] } = Object.fromEntries(tasks)[name]!;

    expect(Retry[0]).toEqual({ ErrorEquals: [new RenewalStopped().name], MaxAttempts: 0 });
    expect(Retry[1]).toMatchObject({
      ErrorEquals: expect.arrayContaining([
        new TryAgain().name,
        'Lambda.TooManyRequestsException',
        'Lambda.ServiceException',
        'Lambda.SdkClientException',
        'Lambda.Unknown',
        'Sandbox.Timedout',
        'ThrottlingException',
      ]),
      BackoffRate: 2,
      JitterStrategy: 'FULL',
    });
    expect(Retry[2]).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 3, JitterStrategy: 'FULL' });
  });

  test('whatever a step cannot do stops the renewal, noting why; failing to note it does not hide it', () => {
    const stop = 'Stop the renewal so that it can be resumed';
    const steps = Object.entries(States).filter(([name, { Type }]) => ['Task', 'Map'].includes(Type) && name !== stop);

    expect(steps).toHaveLength(6);
    for (const [, { Catch }] of steps) {
      expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: stop, ResultPath: '$.error' }]);
    }
    expect(States[stop]!.Catch).toEqual([
      { ErrorEquals: ['States.ALL'], Next: 'The renewal has stopped', ResultPath: null },
    ]);
  });

  test('passes ids and batch numbers only', () => {
    const passed = [...tasks, ...Object.entries(States)].flatMap(([, { Parameters, ItemSelector, Type }]) =>
      Type === 'Pass' ? [] : Object.keys({ ...Parameters, ...ItemSelector }),
    );

    expect([...new Set(passed)].toSorted()).toEqual(['batch.$', 'error.$', 'renewalId.$', 'tenant.$']);
  });

  /** Runs the definition on the local engine, every step answered by `answers`. */
  async function run(answers: Partial<Record<keyof typeof STEPS, (input: object) => unknown>>) {
    const calls: [step: string, input: object][] = [];
    const handlers = Object.keys(STEPS).map((name) => [
      name,
      async (input: object) => {
        calls.push([name, input]);
        return (await answers[name as keyof typeof STEPS]?.(input)) ?? {};
      },
    ]);
    const input = {
      tenant: 'acme',
      renewalId: 'r1',
      expiringOnOrBefore: '2027-01-14',
      upload: 'tenants/acme/renewals/may.zip',
    };
    const result = await new StateMachine(definition() as never)
      .run(input, {
        overrides: {
          taskResourceLocalHandlers: Object.fromEntries(handlers),
          retryIntervalOverrides: Object.fromEntries(Object.keys(STEPS).map((name) => [name, 0])),
        },
      })
      .result.catch((error: Error) => ({ failed: error.message }));
    return { calls, result };
  }
  const ids = { tenant: 'acme', renewalId: 'r1' };
  const batches = (step: string, ...numbers: number[]) => numbers.map((batch) => [step, { ...ids, batch }]);
  const nextDay = (...numbers: number[]) => [
    ['Find the next cleanup', ids],
    ...batches('Clean up one batch', ...numbers),
    ['Count what is still in use', ids],
  ];
  const soon = () => new Date(Date.now() + 20).toISOString();
  const twoBatches = {
    'Plan the renewal': () => ({ batches: [0, 1], switchAt: soon() }),
    'Find the next cleanup': () => ({ at: soon(), batches: [0, 1] }),
  };

  test('cleans up day after day what is left, until nothing is in use, and answers with its counts', async () => {
    let days = 0;

    const { calls, result } = await run({
      ...twoBatches,
      'Find the next cleanup': () => ({ at: soon(), batches: days === 0 ? [0, 1] : [1] }),
      'Count what is still in use': () => ({
        ...ids,
        finished: ++days === 2,
        status: 'finished',
        counts: { deleted: 90 },
      }),
    });

    expect(result).toEqual({ renewalId: 'r1', status: 'finished', counts: { deleted: 90 } });
    expect(calls).toEqual([
      ['Plan the renewal', { ...ids, expiringOnOrBefore: '2027-01-14', upload: 'tenants/acme/renewals/may.zip' }],
      ['Import the new licenses held back', ids],
      ...batches('Switch one batch of licenses', 0, 1),
      ...nextDay(0, 1),
      ...nextDay(1),
    ]);
  });

  test('stops before anything is released when the new file cannot be imported (F48)', async () => {
    const { calls, result } = await run({
      ...twoBatches,
      'Import the new licenses held back': () => {
        throw new RenewalStopped('the file was rejected');
      },
    });

    expect(result).toEqual({ failed: expect.stringContaining('the file was rejected') });
    expect(calls.map(([step]) => step)).toEqual([
      'Plan the renewal',
      'Import the new licenses held back',
      'Stop the renewal so that it can be resumed',
    ]);
    expect(calls.at(-1)).toEqual([
      expect.any(String),
      { ...ids, error: { Error: 'RenewalStopped', Cause: expect.any(String) } },
    ]);
  });

  test('goes on when a batch was only asked to try again', async () => {
    let tries = 0;

    const { result } = await run({
      ...twoBatches,
      'Switch one batch of licenses': () => {
        if (++tries <= 5) {
          throw new TryAgain();
        }
      },
      'Count what is still in use': () => ({ ...ids, finished: true, status: 'finished', counts: {} }),
    });

    expect(result).toEqual({ renewalId: 'r1', status: 'finished', counts: {} });
    expect(tries).toBe(7);
  });
});
