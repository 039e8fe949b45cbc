import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import type { StageConfig } from '../config.ts';
import { raiseAlarm } from './alarm.ts';

export interface NodeFunctionProps
  extends Required<Pick<lambda.FunctionProps, 'environment' | 'memorySize' | 'timeout'>> {
  readonly config: StageConfig;
  readonly policy: readonly PolicyStatement[];
}

/** The Lambda of one folder in `functions/`: `<id>/handler.ts` exports `handler`, and everything is named after the folder. */
export class NodeFunction extends Construct {
  readonly lambda: lambda.Function;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { config, policy, ...settings } = props;
    const functionName = `${Stack.of(this).stackName}-${id}`;
    const logGroup = new LogGroup(this, 'log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not the managed basic role: that one may write to any log group of the account.
    const role = new Role(this, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const statement of policy) {
      role.addToPolicy(statement);
    }
    this.lambda = new lambda.Function(this, 'function', {
      functionName,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: bundle(id),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      ...settings,
    });
    raiseAlarm(this, 'errors', config, {
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      description: `${functionName} failed. A caller's mistake is an answer, so this is ours: read ${logGroup.node.path}.`,
    });
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

  /** For a caller that does not wait for the answer: what failed all its tries goes to the queue. */
  keepFailuresIn(
    queue: IQueue,
    tries: Required<Pick<lambda.EventInvokeConfigOptions, 'retryAttempts' | 'maxEventAge'>>,
  ): void {
    this.lambda.configureAsyncInvoke({ onFailure: new SqsDestination(queue), ...tries });
  }
}

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * One self-contained ES module per function, the SDK at its locked version included.
 * esbuild's API and not CDK's NodejsFunction: that one starts `npx esbuild` for each function.
 */
function bundle(name: string): lambda.Code {
  const entry = join(projectRoot, 'functions', name, 'handler.ts');
  return lambda.Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      local: {
        tryBundle(outputDir) {
          const outfile = join(outputDir, 'index.mjs');
          if (!existsSync(entry)) {
            writeFileSync(
              outfile,
              `export const handler = () => { throw new Error('${name} is not written yet'); };\n`,
            );
            return true;
          }
          buildSync({
            absWorkingDir: projectRoot,
            entryPoints: [entry],
            outfile,
            bundle: true,
            platform: 'node',
            target: 'node24',
            format: 'esm',
            mainFields: ['module', 'main'],
            minify: true,
            legalComments: 'none',
            // CommonJS inside the bundle asks for Node's own modules with `require`.
            banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
          });
          return true;
        },
      },
    },
  });
}
