import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { EventQueue } from './event-queue.ts';
import type { Lambdas } from './lambda-endpoint.ts';
import { type LambdaPool, openLambdaPool } from './lambda-pool.ts';
import type { LocalFunction } from './resources.ts';
import type { Json } from './state-machine.ts';
import { REGION, SECRET_ACCESS_KEY } from './template.ts';

export type RunningLambdas = Omit<Lambdas, 'invokeLater'> & {
  readonly stop: () => Promise<void>;
};

/**
 * Creates every function of the template. Each logs to `logs/<name>.log` in the state folder. The addresses of the
 * services are read when a worker starts, because the functions exist before the endpoints that call them.
 */
export function openLambdas(
  functions: readonly LocalFunction[],
  {
    dir,
    clock,
    stageKey,
    addresses,
  }: {
    readonly dir: string;
    readonly clock: Clock;
    readonly stageKey: string;
    readonly addresses: () => Readonly<Record<string, string>>;
  },
): RunningLambdas {
  const logs = join(dir, 'logs');
  const secrets = join(dir, 'secrets');
  mkdirSync(logs, { recursive: true });
  const pools = new Map<LocalFunction, LambdaPool>();
  const logFiles = functions.map((lambda) => {
    const log = createWriteStream(join(logs, `${lambda.name}.log`), { flags: 'a' });
    // Every worker of the function writes to it.
    log.setMaxListeners(0);
    pools.set(
      lambda,
      openLambdaPool(lambda, {
        environment: () => lambdaEnvironment(lambda, addresses(), { secrets, stageKey }),
        clock,
        log,
      }),
    );
    return log;
  });
  return {
    find: (nameOrArn) =>
      functions.find(({ name, functionName, arn }) =>
        [name, functionName, arn, `${functionName}:$LATEST`, `${arn}:$LATEST`].includes(nameOrArn),
      ),
    async invoke(lambda, payload) {
      const pool = pools.get(lambda);
      if (pool === undefined) throw new Error(`${lambda.name} has no workers`);
      return pool.invoke(payload);
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
      for (const log of logFiles) log.end();
    },
  };
}

export function withQueue(lambdas: RunningLambdas, queue: EventQueue): Lambdas {
  return {
    find: lambdas.find,
    invoke: lambdas.invoke,
    invokeLater: (lambda, payload) => queue.add(lambda.arn, JSON.parse(payload)),
  };
}

/**
 * Returns the environment that Lambda itself gives to a function, with the stack's addresses in place of AWS's, and
 * nothing of the machine's own environment.
 */
function lambdaEnvironment(
  { functionName }: LocalFunction,
  addresses: Readonly<Record<string, string>>,
  { secrets, stageKey }: { readonly secrets: string; readonly stageKey: string },
): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(addresses).map(([service, url]) => [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, url]),
    ),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // The access key names the function, so that a proxy between a function and a service can see who calls.
    AWS_ACCESS_KEY_ID: functionName,
    AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    // Lambda's credentials are temporary, so every signature names their session.
    AWS_SESSION_TOKEN: 'local',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    TZ: ':UTC',
    // The folder in which the secret `file:NAME` is `TENANT/NAME`. It also permits to fetch a provider's keys from this
    // machine and to deliver webhooks to it.
    LOCAL_SECRETS: secrets,
    // Replaces the secret that the template creates.
    LOCAL_STAGE_KEY: stageKey,
  };
}

/** Runs a task of a state machine. Throws what its function throws, under the name that `Retry` and `Catch` compare. */
export function callFromStateMachine(lambdas: RunningLambdas): (arn: string, input: Json) => Promise<Json> {
  return async (arn, input) => {
    const lambda = lambdas.find(arn);
    if (lambda === undefined) throw named('Lambda.ResourceNotFoundException', `Function not found: ${arn}`);
    const result = await lambdas.invoke(lambda, JSON.stringify(input));
    if (!result.ok) throw named(result.fault.errorType, JSON.stringify(result.fault));
    const output: Json = JSON.parse(result.payload);
    return output;
  };
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
