import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { RenewalStopped, RenewalUndone, TryAgain } from '../../shared/platform/errors.ts';
import { raiseAlarm } from './alarm.ts';
import type { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

const STEPS = [
  'begin-renewal',
  'import-held-back',
  'find-next-step',
  'switch-licenses',
  'clean-up-renewal',
  'undo-licenses',
  'finish-renewal',
  'stop-renewal',
] as const;

export type RenewalWorkflowProps = {
  readonly config: StageConfig;
  readonly stateMachineName: string;
  readonly functions: Readonly<Record<(typeof STEPS)[number], NodeFunction>>;
};

/**
 * Retries every error that may pass, because every step may run twice (R40). An error that will not pass stops the
 * renewal at once.
 */
const RETRIES: readonly sfn.RetryProps[] = [
  { errors: [new RenewalStopped().name, new RenewalUndone().name], maxAttempts: 0 },
  {
    errors: [
      new TryAgain().name,
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'Lambda.Unknown',
      'Sandbox.Timedout',
      'ThrottlingException',
      'ProvisionedThroughputExceededException',
      'RequestLimitExceeded',
      'InternalServerError',
      'SlowDown',
    ],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxDelay: Duration.minutes(1),
    maxAttempts: 10,
    jitterStrategy: sfn.JitterType.FULL,
  },
  {
    errors: [sfn.Errors.ALL],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 3,
    jitterStrategy: sfn.JitterType.FULL,
  },
];

const LOG_AND_TRACE = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

const RANGE = { from: sfn.JsonPath.numberAt('$.from'), to: sfn.JsonPath.numberAt('$.to') };
const EXECUTION = { execution: sfn.JsonPath.stringAt('$$.Execution.Name') };
const IDS = { tenant: sfn.JsonPath.stringAt('$.tenant'), renewalId: sfn.JsonPath.stringAt('$.renewalId') };

/**
 * The state machine `renewal` (R36–R41). Its state holds ids, numbers of rows and counts, and never a license, because
 * each step reads the stored plan again. It uses only JSONPath and the ARNs of functions, so the local stack runs the
 * same definition.
 */
export class RenewalWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { config, stateMachineName, functions }: RenewalWorkflowProps) {
    super(scope, id);
    this.stateMachine = new sfn.StateMachine(this, 'renewal', {
      stateMachineName,
      comment:
        'Replaces the expiring licenses of a tenant by its approved plan, and empties zOld the next day; or undoes it.',
      definitionBody: sfn.DefinitionBody.fromChainable(definition(this, functions)),
      role: roleFor(this, functions),
      tracingEnabled: true,
      logs: {
        level: sfn.LogLevel.ALL,
        destination: new LogGroup(this, 'log', {
          logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
          retention: config.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    raiseAlarm(this, 'stopped', config, {
      // `undo-renewal` aborts the execution, so an aborted one is no fault.
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(late, 0)',
        usingMetrics: {
          failed: this.stateMachine.metricFailed({ period: Duration.minutes(5) }),
          late: this.stateMachine.metricTimedOut({ period: Duration.minutes(5) }),
        },
        period: Duration.minutes(5),
      }),
      description: 'A renewal cannot go on by itself. Nothing is lost.',
    });
  }
}

function definition(scope: Construct, functions: RenewalWorkflowProps['functions']): sfn.IChainable {
  const begin = task(scope, 'Begin the approved renewal', functions['begin-renewal'], {
    payload: { ...IDS, ...EXECUTION },
    resultPath: '$.begun',
  });
  const importHeldBack = task(scope, 'Import the new licenses held back', functions['import-held-back'], {
    payload: IDS,
  });
  const findNext = task(scope, 'Find what comes next', functions['find-next-step'], {
    payload: IDS,
    resultPath: '$.step',
  });
  const waitForTerm = new sfn.Wait(scope, "Wait until the new licenses' terms begin", {
    time: sfn.WaitTime.timestampPath('$.step.at'),
  });
  const switchAll = batchByBatch(scope, 'Switch the licenses batch by batch', '$.step.batches', (map) =>
    task(map, 'Switch one batch of licenses', functions['switch-licenses'], { payload: { ...IDS, ...RANGE } }),
  );
  const waitForNextDay = new sfn.Wait(scope, "Wait for the next day's cleanup", {
    time: sfn.WaitTime.timestampPath('$.step.at'),
  });
  const cleanUpAll = batchByBatch(scope, 'Clean up zOld batch by batch', '$.step.batches', (map) =>
    task(map, 'Clean up one batch', functions['clean-up-renewal'], { payload: { ...IDS, ...RANGE } }),
  );
  const undoAll = batchByBatch(scope, 'Undo the renewal batch by batch', '$.begun.batches', (map) =>
    task(map, 'Undo one batch of licenses', functions['undo-licenses'], { payload: { ...IDS, ...RANGE } }),
  );
  const count = task(scope, 'Count what came of it', functions['finish-renewal'], {
    payload: IDS,
    resultPath: '$.result',
  });
  const finished = new sfn.Pass(scope, 'The renewal is finished', {
    parameters: {
      renewalId: sfn.JsonPath.stringAt('$.result.renewalId'),
      status: sfn.JsonPath.stringAt('$.result.status'),
      counts: sfn.JsonPath.objectAt('$.result.counts'),
    },
  });

  const stop = stopping(scope, functions['stop-renewal']);
  const undone = new sfn.Pass(scope, 'The renewal was undone meanwhile', {
    parameters: { renewalId: sfn.JsonPath.stringAt('$.renewalId'), status: 'undone' },
  });
  for (const step of [begin, importHeldBack, findNext, switchAll, cleanUpAll, undoAll, count]) {
    step.addCatch(undone, { errors: [new RenewalUndone().name], resultPath: '$.error' });
    step.addCatch(stop, { errors: [sfn.Errors.ALL], resultPath: '$.error' });
  }

  undoAll.next(count).next(finished);
  importHeldBack
    .next(findNext)
    .next(
      new sfn.Choice(scope, 'What comes next?')
        .when(sfn.Condition.stringEquals('$.step.next', 'switch'), waitForTerm.next(switchAll).next(findNext))
        .when(sfn.Condition.stringEquals('$.step.next', 'clean-up'), waitForNextDay.next(cleanUpAll).next(findNext))
        .otherwise(count),
    );
  return begin.next(
    new sfn.Choice(scope, 'Forward or back?')
      .when(sfn.Condition.stringEquals('$.begun.direction', 'undo'), undoAll)
      .otherwise(importHeldBack),
  );
}

/** Fails the execution with the error that stopped it, also if the error could not be stored on the renewal. */
function stopping(scope: Construct, stopRenewal: NodeFunction): LambdaInvoke {
  const stopped = new sfn.Fail(scope, 'The renewal has stopped', {
    errorPath: '$.error.Error',
    causePath: '$.error.Cause',
  });
  const stop = task(scope, 'Stop the renewal so that it can be resumed', stopRenewal, {
    payload: { ...IDS, ...EXECUTION, error: sfn.JsonPath.objectAt('$.error') },
  });
  stop.addCatch(stopped, { errors: [sfn.Errors.ALL], resultPath: sfn.JsonPath.DISCARD });
  stop.next(stopped);
  return stop;
}

type TaskProps = {
  readonly payload: Record<string, unknown>;
  /** If absent, the task's result is dropped, and the state stays as it was. */
  readonly resultPath?: string;
};

function task(scope: Construct, name: string, step: NodeFunction, { payload, resultPath }: TaskProps): LambdaInvoke {
  const invoke = new LambdaInvoke(scope, name, {
    lambdaFunction: step.lambda,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    resultPath: resultPath ?? sfn.JsonPath.DISCARD,
    payload: sfn.TaskInput.fromObject(payload),
  });
  for (const retry of RETRIES) invoke.addRetry(retry);
  return invoke;
}

/** Two at a time, because logins of the tenant change the same items concurrently. */
function batchByBatch(
  scope: Construct,
  name: string,
  itemsPath: string,
  oneBatch: (map: sfn.Map) => LambdaInvoke,
): sfn.Map {
  const map = new sfn.Map(scope, name, {
    itemsPath,
    itemSelector: {
      ...IDS,
      from: sfn.JsonPath.numberAt('$$.Map.Item.Value.from'),
      to: sfn.JsonPath.numberAt('$$.Map.Item.Value.to'),
    },
    maxConcurrency: 2,
    resultPath: sfn.JsonPath.DISCARD,
  });
  return map.itemProcessor(oneBatch(map));
}

/** Own statements, because CDK's would allow the state machine to invoke every version of the functions. */
function roleFor(scope: Construct, functions: RenewalWorkflowProps['functions']): IRole {
  const role = new Role(scope, 'role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: STEPS.map((step) => functions[step].lambda.functionArn),
    }),
  );
  role.addToPolicy(new PolicyStatement({ actions: LOG_AND_TRACE, resources: ['*'] }));
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Log deliveries and X-Ray have no resource to name; the functions are named one by one.',
  });
  return role.withoutPolicyUpdates();
}
