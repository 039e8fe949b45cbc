import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type IRuleTarget, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AUTH0_ON_THE_BUS, COGNITO_ON_THE_BUS } from '../../shared/sign-in/providers/bus-sender.ts';
import { ENDING_OPERATIONS } from '../../shared/sign-in/providers/cognito.ts';
import { logLines, raiseAlarm } from './alarm.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';
import { ROUTE_RATES } from './route-rates.ts';
import type { StageConfig } from './stage-config.ts';

export type SessionHooksProps = {
  readonly config: StageConfig;
  readonly sessionHooks: NodeFunction;
};

/**
 * The callers of the hooks other than HTTP: the triggers of this account's Cognito pools, CloudTrail's events about
 * what ends their users' sessions, and Auth0's log if the stage names its partner event bus.
 */
export class SessionHooks extends Construct {
  constructor(scope: Construct, id: string, { config, sessionHooks }: SessionHooksProps) {
    super(scope, id);
    const { lambda, called } = sessionHooks;
    called.addPermission('cognito', {
      principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceAccount: Aws.ACCOUNT_ID,
      // A tenant's hook says which pool is the tenant's. The event of any other pool is returned unchanged.
      sourceArn: Stack.of(this).formatArn({ service: 'cognito-idp', resource: 'userpool', resourceName: '*' }),
    });

    raiseAlarm(this, 'undecided', config, {
      metric: logLines(lambda, 'undecided', 'hook-undecided', 'UndecidedHookCalls'),
      threshold: 5,
      description:
        'Identity providers got no decision in time. Users were let in without a license, or the provider was asked to try again.',
    });

    const failures = new DeadLetterQueue(
      this,
      'missed-events',
      config,
      'A sign-out of Cognito or a record of Auth0 failed in all its tries. The sessions that it should have ended are still open.',
    );
    sessionHooks.keepFailuresIn(failures, { retryAttempts: 2, maxEventAge: Duration.hours(6) });
    const target = (): IRuleTarget =>
      new LambdaFunction(called, { deadLetterQueue: failures, retryAttempts: 10, maxEventAge: Duration.hours(6) });
    new Rule(this, 'cognito-sign-outs', {
      eventPattern: {
        source: [COGNITO_ON_THE_BUS.source],
        detailType: [...COGNITO_ON_THE_BUS.types],
        detail: { eventName: [...ENDING_OPERATIONS] },
      },
      targets: [target()],
    });
    if (config.auth0EventBus === undefined) return;
    new Rule(this, 'auth0-log', {
      eventBus: EventBus.fromEventBusName(this, 'auth0', config.auth0EventBus),
      eventPattern: {
        source: Match.prefix(AUTH0_ON_THE_BUS.sourcePrefix),
        detailType: [...AUTH0_ON_THE_BUS.types],
      },
      targets: [target()],
    });
  }
}

/** Okta's challenge is a GET request. The function refuses it for every other provider. */
export function sessionHookRoutes(sessionHooks: NodeFunction): HttpApiRoutes {
  const path = '/hooks/{tenant}/{provider}';
  return {
    function: sessionHooks,
    routes: [
      { method: 'POST', path },
      { method: 'GET', path },
    ],
    throttle: ROUTE_RATES.hooks,
    authorization: {
      none: 'Each provider proves itself in its own way: a signature of the body, a bearer token or a secret header, which the function verifies before anything else (tested provider by provider).',
    },
  };
}
