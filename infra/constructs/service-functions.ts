import { Duration, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as adminApi from '../../functions/admin-api/env.ts';
import * as administer from '../../functions/administer/env.ts';
import * as auditTenants from '../../functions/audit-tenants/env.ts';
import * as beginRenewal from '../../functions/begin-renewal/env.ts';
import * as cleanUp from '../../functions/clean-up/env.ts';
import * as cleanUpTenants from '../../functions/clean-up-tenants/env.ts';
import * as deliverWebhook from '../../functions/deliver-webhook/env.ts';
import * as endIdleSessions from '../../functions/end-idle-sessions/env.ts';
import * as endSession from '../../functions/end-session/env.ts';
import * as findNextStep from '../../functions/find-next-step/env.ts';
import * as finishRenewal from '../../functions/finish-renewal/env.ts';
import * as importHeldBack from '../../functions/import-held-back/env.ts';
import * as importLicenses from '../../functions/import-licenses/env.ts';
import * as login from '../../functions/login/env.ts';
import * as publishEvents from '../../functions/publish-events/env.ts';
import * as recordHistory from '../../functions/record-history/env.ts';
import * as sessionHooks from '../../functions/session-hooks/env.ts';
import * as stopRenewal from '../../functions/stop-renewal/env.ts';
import * as switchLicenses from '../../functions/switch-licenses/env.ts';
import * as undoLicenses from '../../functions/undo-licenses/env.ts';
import { bundle } from './bundles.ts';
import { acknowledgments, GRANTS, type GrantedResources, policyStatements } from './grants.ts';
import { ITEM_GRANTS } from './item-grants.ts';
import { NodeFunction } from './node-function.ts';
import type { StageConfig } from './stage-config.ts';

/** A value for each key that a function lists in its `env.ts`; a key without one does not compile. */
export interface EnvironmentValues {
  readonly TABLE_NAME: string;
  readonly BUCKET_NAME: string;
  /** Of the renewal. */
  readonly STATE_MACHINE_ARN: string;
  readonly EVENT_BUS_NAME: string;
  readonly METRICS_NAMESPACE: string;
  /** Of the secret with the key for hashes that stand for people. */
  readonly STAGE_KEY_ARN: string;
  /** Whose tokens open the administrators' API, and what they call it, the tenant and the role. */
  readonly ISSUER: string;
  readonly AUDIENCE: string;
  readonly TENANT_CLAIM: string;
  readonly ROLE_CLAIM: string;
}

export type FunctionName = keyof typeof GRANTS;

interface Settings {
  readonly environment: readonly (keyof EnvironmentValues)[];
  /** MB; the processor grows with it: one whole core at 1769. */
  readonly memorySize: number;
  readonly timeout: Duration;
}

const FUNCTIONS: Record<FunctionName, Settings> = {
  'import-licenses': { environment: importLicenses.ENVIRONMENT, memorySize: 1769, timeout: Duration.minutes(15) },
  // The claim gives up after 2 s; what is left of the 10 s is for a cold start and a slow table.
  login: { environment: login.ENVIRONMENT, memorySize: 1024, timeout: Duration.seconds(10) },
  'end-session': { environment: endSession.ENVIRONMENT, memorySize: 1024, timeout: Duration.seconds(10) },
  'session-hooks': { environment: sessionHooks.ENVIRONMENT, memorySize: 1769, timeout: Duration.seconds(10) },
  'end-idle-sessions': { environment: endIdleSessions.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(5) },
  // `audit`, moving many licenses and planning a renewal take longer than one item's command.
  administer: { environment: administer.ENVIRONMENT, memorySize: 1769, timeout: Duration.minutes(5) },
  'publish-events': { environment: publishEvents.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(1) },
  // API Gateway waits 30 s; a call that goes on behind its back would do what its caller thinks undone.
  'admin-api': { environment: adminApi.ENVIRONMENT, memorySize: 1769, timeout: Duration.seconds(29) },
  'deliver-webhook': { environment: deliverWebhook.ENVIRONMENT, memorySize: 512, timeout: Duration.seconds(30) },
  'record-history': { environment: recordHistory.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(1) },
  'begin-renewal': { environment: beginRenewal.ENVIRONMENT, memorySize: 1024, timeout: Duration.minutes(5) },
  'import-held-back': { environment: importHeldBack.ENVIRONMENT, memorySize: 1769, timeout: Duration.minutes(15) },
  'switch-licenses': { environment: switchLicenses.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(2) },
  'find-next-step': { environment: findNextStep.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(1) },
  'clean-up': { environment: cleanUp.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(2) },
  'finish-renewal': { environment: finishRenewal.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(5) },
  'undo-licenses': { environment: undoLicenses.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(2) },
  'stop-renewal': { environment: stopRenewal.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(1) },
  'audit-tenants': { environment: auditTenants.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(15) },
  'clean-up-tenants': { environment: cleanUpTenants.ENVIRONMENT, memorySize: 512, timeout: Duration.minutes(15) },
};

export interface ServiceFunctionsProps {
  readonly config: StageConfig;
  /** The folder for the bundles. */
  readonly bundles: string;
  readonly values: EnvironmentValues;
  readonly resources: GrantedResources;
}

/** Every function of the service by its name, each with its own settings, variables and grants. */
export function serviceFunctions(
  scope: Construct,
  { config, bundles, values, resources }: ServiceFunctionsProps,
): Record<FunctionName, NodeFunction> {
  bundle(Object.keys(FUNCTIONS), bundles);
  const make = (name: FunctionName) => {
    const { environment, ...settings } = FUNCTIONS[name];
    const made = new NodeFunction(scope, name, {
      config,
      bundles,
      environment: Object.fromEntries(environment.map((key) => [key, values[key]])),
      policy: policyStatements(GRANTS[name], ITEM_GRANTS[name], resources),
      ...settings,
    });
    Validations.of(made).acknowledge(...acknowledgments(GRANTS[name], resources));
    return made;
  };
  return {
    'import-licenses': make('import-licenses'),
    login: make('login'),
    'end-session': make('end-session'),
    'session-hooks': make('session-hooks'),
    'end-idle-sessions': make('end-idle-sessions'),
    administer: make('administer'),
    'publish-events': make('publish-events'),
    'admin-api': make('admin-api'),
    'deliver-webhook': make('deliver-webhook'),
    'record-history': make('record-history'),
    'begin-renewal': make('begin-renewal'),
    'import-held-back': make('import-held-back'),
    'switch-licenses': make('switch-licenses'),
    'find-next-step': make('find-next-step'),
    'clean-up': make('clean-up'),
    'finish-renewal': make('finish-renewal'),
    'undo-licenses': make('undo-licenses'),
    'stop-renewal': make('stop-renewal'),
    'audit-tenants': make('audit-tenants'),
    'clean-up-tenants': make('clean-up-tenants'),
  };
}
