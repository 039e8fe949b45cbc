import { join } from 'node:path';
import { Duration, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentValues, FunctionCard } from '../../functions/function-card.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from '../../functions/functions.ts';
import { bundle } from './bundles.ts';
import { addConsole } from './console.ts';
import { acknowledgments, type GrantedResources, policyStatements } from './grants.ts';
import { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

export type ServiceFunctionsProps = {
  readonly config: StageConfig;
  /** The folder for the bundles. */
  readonly bundles: string;
  readonly values: EnvironmentValues;
  readonly resources: GrantedResources;
};

/** Creates every function of the service, each with its own settings, environment variables and grants. */
export function serviceFunctions(
  scope: Construct,
  { config, bundles, values, resources }: ServiceFunctionsProps,
): Record<FunctionName, NodeFunction> {
  bundle(FUNCTION_NAMES, { outdir: bundles, debuggable: config.debuggable });
  addConsole(join(bundles, 'console/files'));
  const functions: Partial<Record<FunctionName, NodeFunction>> = {};
  for (const name of FUNCTION_NAMES) {
    const card: FunctionCard = FUNCTIONS[name];
    const made = new NodeFunction(scope, name, {
      config,
      bundles,
      environment: Object.fromEntries(card.environment.map((key) => [key, values[key]])),
      policy: policyStatements(card, resources),
      memorySize: card.memoryMB,
      timeout: Duration.seconds(card.timeoutSeconds),
      concurrency: config.concurrency[name],
      warm: config.warm[name],
      traced: card.traced ?? true,
    });
    Validations.of(made).acknowledge(...acknowledgments(card, resources));
    functions[name] = made;
  }
  if (!hasAll(functions)) throw new Error('a function of the list was not made');
  return functions;
}

function hasAll(made: Partial<Record<FunctionName, NodeFunction>>): made is Record<FunctionName, NodeFunction> {
  return FUNCTION_NAMES.every((name) => made[name] !== undefined);
}
