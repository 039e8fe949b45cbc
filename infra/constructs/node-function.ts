import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { raiseAlarm } from './alarm.ts';
import type { StageConfig } from './stage-config.ts';

export type NodeFunctionProps = Required<Pick<lambda.FunctionProps, 'environment' | 'memorySize' | 'timeout'>> & {
  readonly config: StageConfig;
  /** The folder that contains the bundle as `<id>/index.mjs`. */
  readonly bundles: string;
  readonly policy: readonly PolicyStatement[];
  /** Whether X-Ray samples its calls. Otherwise they are traced only when their caller is. */
  readonly traced: boolean;
  /** How many concurrent executions are reserved for the function. It never has more. */
  readonly concurrency: number | undefined;
  /** How many executions are kept warm. */
  readonly warm: number | undefined;
};

/**
 * The Lambda function of one folder in `functions/`. Its `handler.ts` exports `handler`, and its resources are named
 * after the folder.
 */
export class NodeFunction extends Construct {
  readonly lambda: lambda.Function;
  /** The function as its callers call it: by the alias of the version with warm executions, if it has any. */
  readonly called: lambda.IFunction;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { config, bundles, policy, environment, memorySize, timeout, concurrency, warm, traced } = props;
    const functionName = `${Stack.of(this).stackName}-${id}`;
    const logGroup = new LogGroup(this, 'log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The managed basic role is not used, because it may write to every log group of the account.
    const role = new Role(this, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const statement of policy) role.addToPolicy(statement);
    this.lambda = new lambda.Function(this, 'function', {
      functionName,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(bundles, id)),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Lambda's own lines of calls that went well cost more than ours, and its metrics say the same.
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      tracing: traced ? lambda.Tracing.ACTIVE : lambda.Tracing.PASS_THROUGH,
      memorySize,
      timeout,
      ...(concurrency !== undefined && { reservedConcurrentExecutions: concurrency }),
      // Error stacks name the `.ts` file (decision 35).
      environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
    });
    this.called = warm === undefined ? this.lambda : this.#aliasWith(warm);
    raiseAlarm(this, 'errors', config, {
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      description:
        "A function failed or ran out of time. A caller's mistake is a regular answer, so the fault is the service's own.",
    });
    raiseAlarm(this, 'throttles', config, {
      metric: this.lambda.metricThrottles({ period: Duration.minutes(5) }),
      description:
        "AWS refused calls of a function, because all of its own or of the account's concurrent executions were in use. A refused login is not an error of the function.",
    });
    if (!traced) {
      Validations.of(this).acknowledge({
        id: 'Serverless-LambdaTracing',
        reason:
          'It runs for every sign-in, the sampling rate of Lambda cannot be set, and its log and metrics show each call.',
      });
    }
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'X-Ray segments have no resource to name; no other statement of this role says "*" (tested).',
      },
      {
        id: 'Serverless-LambdaDLQ',
        reason:
          'Called synchronously, the caller gets the error and tries again. Called asynchronously it has an on-failure destination (tested), which keeps the error with the event; a dead-letter queue keeps the event only.',
      },
    );
  }

  /** Returns an alias of the present version, with so many warm executions. */
  #aliasWith(warm: number): lambda.IFunction {
    const version: object = this.lambda.currentVersion;
    if (!isVersion(version)) throw new TypeError('The present version of a function is a version');
    const alias: object = new lambda.Alias(this, 'alias', {
      aliasName: 'warm',
      version,
      provisionedConcurrentExecutions: warm,
    });
    if (!isFunction(alias)) throw new TypeError('An alias is called like its function');
    return alias;
  }

  /** Configures asynchronous calls. A call that failed all its tries goes to the queue. */
  keepFailuresIn(
    queue: IQueue,
    tries: Required<Pick<lambda.EventInvokeConfigOptions, 'retryAttempts' | 'maxEventAge'>>,
  ): void {
    this.called.configureAsyncInvoke({ onFailure: new SqsDestination(queue), ...tries });
  }
}

// Under exactOptionalPropertyTypes the compiler does not see that the CDK's classes have these interfaces.
function isFunction(made: object): made is lambda.IFunction {
  return 'functionArn' in made && 'grantInvoke' in made;
}

function isVersion(made: object): made is lambda.IVersion {
  return isFunction(made) && 'version' in made;
}
