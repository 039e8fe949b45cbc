import { concurrencyOf, type FunctionSizes, warmOf } from './function-sizes.ts';

/** The settings that differ between stages of the service. */
export type StageConfig = {
  readonly stackName: string;
  /**
   * Whether data outlives the stack. Then the table and the buckets are retained, and the table has deletion
   * protection.
   */
  readonly keepData: boolean;
  /** The beginning of the names of all tenants' secrets. No stage reads another one's. */
  readonly secretsPrefix: string;
  readonly logRetentionDays: 14 | 180;
  /** How long an overwritten or deleted upload can be restored. */
  readonly oldVersionDays: number;
  /** The operator's SNS topic for alarms. Without it, alarms show only in CloudWatch. */
  readonly alarmTopicArn?: string;
  /** The partner event bus with the log of an Auth0 tenant, if there is one. */
  readonly auth0EventBus?: string;
  /** A table to use instead of one that the stack creates, such as a restored one. */
  readonly adoptedTable?: { readonly tableName: string; readonly tableStreamArn: string };
  /** The issuer of the administrators' access tokens. Without it the API has no routes for them. */
  readonly tokens?: TokenConfig;
  /** How the console signs people in at the issuer. */
  readonly console: ConsoleConfig;
  /** How many concurrent executions are reserved for a function. The other functions share the rest of the account. */
  readonly concurrency: FunctionSizes;
  /** How many executions of a function are kept warm. */
  readonly warm: FunctionSizes;
  /** Whether a debugger can step through the functions on this machine. Only the local stack sets this. */
  readonly debuggable: boolean;
};

/** An OpenID provider, and how its access tokens identify this service. */
export type TokenConfig = {
  readonly issuer: string;
  readonly audience: string;
  /** The claims that contain the tenant and the role. */
  readonly tenantClaim: string;
  readonly roleClaim: string;
};

type ConsoleConfig = {
  /** The public client that the issuer knows the console as. */
  readonly clientId: string;
  /** The scopes that the console asks for, with blanks between them. */
  readonly scopes: string;
  /** Origins beside the issuer's own where the provider has endpoints. */
  readonly providerOrigins: readonly string[];
};

const STAGES = {
  production: {
    stackName: 'LicenseService',
    keepData: true,
    secretsPrefix: 'esm-license-service',
    logRetentionDays: 180,
    oldVersionDays: 365,
  },
  trial: {
    stackName: 'LicenseServiceTrial',
    keepData: false,
    secretsPrefix: 'esm-license-service-trial',
    logRetentionDays: 14,
    oldVersionDays: 30,
  },
} as const satisfies Record<string, Omit<StageConfig, 'concurrency' | 'warm' | 'debuggable' | 'console'>>;

export type StageContext = {
  readonly stage?: unknown;
  readonly alarmTopicArn?: unknown;
  readonly auth0EventBus?: unknown;
  readonly adoptedTable?: unknown;
  readonly adoptedStream?: unknown;
  readonly issuer?: unknown;
  readonly audience?: unknown;
  readonly tenantClaim?: unknown;
  readonly roleClaim?: unknown;
  readonly consoleClientId?: unknown;
  readonly consoleScopes?: unknown;
  readonly consoleProviderOrigins?: unknown;
  readonly concurrency?: unknown;
  readonly warm?: unknown;
  readonly debuggable?: unknown;
};

/**
 * Settings by `cdk deploy -c stage=trial -c alarmTopicArn=arn:…`; without a stage it is production, the careful one.
 */
export function stageConfig(context: StageContext): StageConfig {
  const stage = context.stage ?? 'production';
  if (stage !== 'production' && stage !== 'trial') {
    throw new Error(`Unknown stage ${String(stage)}: it is one of ${Object.keys(STAGES).join(', ')}`);
  }
  const { alarmTopicArn, auth0EventBus, debuggable } = context;
  const tokens = tokenConfig(context);
  const adoptedTable = adoptedTableOf(context);
  const concurrency = concurrencyOf(stage, context.concurrency);
  return {
    ...STAGES[stage],
    console: consoleConfig(context),
    concurrency,
    warm: warmOf(concurrency, context.warm),
    debuggable: debuggable === true || debuggable === 'true',
    ...(typeof alarmTopicArn === 'string' && { alarmTopicArn }),
    ...(typeof auth0EventBus === 'string' && { auth0EventBus }),
    ...(adoptedTable !== undefined && { adoptedTable }),
    ...(tokens !== undefined && { tokens }),
  };
}

/** No issuer can exist under this name (RFC 2606). */
export const NO_TOKENS: TokenConfig = {
  issuer: 'https://issuer.invalid',
  audience: 'nobody',
  tenantClaim: 'tenant',
  roleClaim: 'role',
};

function adoptedTableOf({ adoptedTable: tableName, adoptedStream: tableStreamArn }: StageContext) {
  if (tableName === undefined && tableStreamArn === undefined) return undefined;
  if (
    typeof tableName !== 'string' ||
    typeof tableStreamArn !== 'string' ||
    !tableStreamArn.includes(`:table/${tableName}/stream/`)
  ) {
    throw new Error('Say both: -c adoptedTable=NAME and -c adoptedStream=ARN (the ARN of the stream of this table)');
  }
  return { tableName, tableStreamArn };
}

function consoleConfig(context: StageContext): ConsoleConfig {
  const { consoleClientId = 'esm-console', consoleScopes = 'openid offline_access' } = context;
  const origins = String(context.consoleProviderOrigins ?? '');
  const providerOrigins = origins.split(' ').filter((origin) => origin !== '');
  for (const origin of providerOrigins) {
    // They become a part of the policy of every page.
    if (!/^https:\/\/[\w.-]+(:\d+)?$/.test(origin)) {
      throw new Error(
        `consoleProviderOrigins takes origins such as https://login.example.com, with blanks between them, not ${origin}`,
      );
    }
  }
  return { clientId: String(consoleClientId), scopes: String(consoleScopes), providerOrigins };
}

function tokenConfig({ issuer, audience, tenantClaim = 'tenant', roleClaim = 'role' }: StageContext) {
  if (issuer === undefined && audience === undefined) return undefined;
  if (typeof issuer !== 'string' || !/^https:\/\/[^\s/]+/.test(issuer) || typeof audience !== 'string') {
    throw new Error(
      'Say both: -c issuer=https://… (an OpenID provider) and -c audience=… (what its tokens call this API)',
    );
  }
  // The issuer must equal the one in the token exactly, and its key set is found below this address.
  return { issuer, audience, tenantClaim: String(tenantClaim), roleClaim: String(roleClaim) };
}
