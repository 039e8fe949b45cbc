import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Template } from './template.ts';

export type LocalFunction = {
  /** The folder's name, which is the construct's name as well. */
  readonly name: string;
  readonly functionName: string;
  readonly arn: string;
  readonly bundle: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | undefined;
  /** For asynchronous calls: the number of retries, and for how long. */
  readonly retries: number;
  readonly maxEventAgeMs: number;
};

const functionProperties = z.object({
  Handler: z.string(),
  Timeout: z._default(z.number(), 3),
  MemorySize: z._default(z.number(), 128),
  ReservedConcurrentExecutions: z.optional(z.number()),
  Environment: z._default(z.object({ Variables: z.record(z.string(), z.string()) }), { Variables: {} }),
});
const invokeConfigProperties = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z._default(z.number(), 2),
  MaximumEventAgeInSeconds: z._default(z.number(), 6 * 3600),
});

/** Returns the functions that the app bundles. CDK's own helpers, which only a deployment runs, are not among them. */
export function functionsIn(template: Template, assembly: string): LocalFunction[] {
  const invokeConfigs = template
    .ofType('AWS::Lambda::EventInvokeConfig')
    .map(([, { Properties }]) => invokeConfigProperties.parse(Properties));
  return template.ofType('AWS::Lambda::Function').flatMap(([logicalId, { Properties, Metadata }]) => {
    const bundle = join(assembly, String(Metadata['aws:asset:path']), 'index.mjs');
    if (!existsSync(bundle)) return [];
    const properties = functionProperties.parse(Properties);
    const functionName = template.physicalName(logicalId);
    const invoke = invokeConfigs.find((config) => config.FunctionName === functionName);
    return [
      {
        name: template.constructName(logicalId),
        functionName,
        arn: template.arn(logicalId),
        bundle,
        exportName: properties.Handler.replace(/^index\./, ''),
        environment: properties.Environment.Variables,
        timeoutMs: properties.Timeout * 1000,
        memoryMb: properties.MemorySize,
        reservedConcurrency: properties.ReservedConcurrentExecutions,
        retries: invoke?.MaximumRetryAttempts ?? 2,
        maxEventAgeMs: (invoke?.MaximumEventAgeInSeconds ?? 6 * 3600) * 1000,
      },
    ];
  });
}

export type BucketNotification = {
  readonly bucket: string;
  readonly functionArn: string;
  readonly prefix: string;
  readonly suffix: string;
};

const bucketProperties = z.object({
  NotificationConfiguration: z.optional(
    z.object({
      LambdaConfigurations: z.array(
        z.object({
          Event: z.string(),
          Function: z.string(),
          Filter: z.optional(
            z.object({ S3Key: z.object({ Rules: z.array(z.object({ Name: z.string(), Value: z.string() })) }) }),
          ),
        }),
      ),
    }),
  ),
});

/** Returns which function an upload calls, by the prefix and suffix of its key. */
export function bucketNotificationsIn(template: Template): BucketNotification[] {
  return template.ofType('AWS::S3::Bucket').flatMap(([logicalId, { Properties }]) => {
    const { NotificationConfiguration } = bucketProperties.parse(Properties);
    return (NotificationConfiguration?.LambdaConfigurations ?? [])
      .filter(({ Event }) => Event.startsWith('s3:ObjectCreated:'))
      .map(({ Function: functionArn, Filter }) => {
        const rule = (name: string) => Filter?.S3Key.Rules.find((candidate) => candidate.Name === name)?.Value ?? '';
        return {
          bucket: template.physicalName(logicalId),
          functionArn,
          prefix: rule('prefix'),
          suffix: rule('suffix'),
        };
      });
  });
}

const corsProperties = z.object({
  CorsConfiguration: z.optional(
    z.object({
      CorsRules: z.array(
        z.object({ AllowedMethods: z.tuple([z.literal('POST')]), AllowedOrigins: z.array(z.string()) }),
      ),
    }),
  ),
});

/** The origins of the pages whose upload forms a bucket accepts. */
export function formOriginsIn(template: Template): string[] {
  return template
    .ofType('AWS::S3::Bucket')
    .flatMap(([, { Properties }]) => corsProperties.parse(Properties).CorsConfiguration?.CorsRules ?? [])
    .flatMap(({ AllowedOrigins }) => AllowedOrigins);
}

export function bucketsIn(template: Template): string[] {
  return template.ofType('AWS::S3::Bucket').map(([logicalId]) => template.physicalName(logicalId));
}

const versioningProperties = z.object({ VersioningConfiguration: z.object({ Status: z.literal('Enabled') }) });

/** Returns the buckets that keep every version of their objects. */
export function versionedBucketsIn(template: Template): string[] {
  return template
    .ofType('AWS::S3::Bucket')
    .filter(([, { Properties }]) => versioningProperties.safeParse(Properties).success)
    .map(([logicalId]) => template.physicalName(logicalId));
}

export type LocalStateMachine = {
  /** The construct's name. */
  readonly name: string;
  readonly machineName: string;
  readonly arn: string;
  readonly definition: string;
};

const stateMachineProperties = z.object({ DefinitionString: z.string() });

export function stateMachinesIn(template: Template): LocalStateMachine[] {
  return template.ofType('AWS::StepFunctions::StateMachine').map(([logicalId, { Properties }]) => ({
    name: template.constructName(logicalId),
    machineName: template.physicalName(logicalId),
    arn: template.arn(logicalId),
    definition: stateMachineProperties.parse(Properties).DefinitionString,
  }));
}
