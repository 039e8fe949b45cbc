/** What differs between the stages of the service; everything else is the same everywhere. */
export type StageConfig = {
  readonly stackName: string;
  /** Data outlives the stack: the table and the buckets are kept, and the table refuses to be deleted. */
  readonly keepData: boolean;
  readonly logRetentionDays: 14 | 180;
  /** How long an overwritten or deleted upload can still be brought back. */
  readonly oldVersionDays: number;
  /** The operator's SNS topic that the alarms tell; without one they only show in CloudWatch. */
  readonly alarmTopicArn?: string;
  /** The partner event bus of an Auth0 tenant's log stream; without one nothing listens. */
  readonly auth0EventBus?: string;
  /** Whose tokens open the administrators' API; without them it has no routes. */
  readonly tokens?: TokenConfig;
  /** Whether a debugger can step through the functions on this machine: for the local stack. */
  readonly debuggable: boolean;
};

/** An OpenID provider, and how its access tokens name this service. */
export type TokenConfig = {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that names the tenant, and the one with the role. */
  readonly tenantClaim: string;
  readonly roleClaim: string;
};

const STAGES = {
  production: { stackName: 'LicenseService', keepData: true, logRetentionDays: 180, oldVersionDays: 365 },
  trial: { stackName: 'LicenseServiceTrial', keepData: false, logRetentionDays: 14, oldVersionDays: 30 },
} as const satisfies Record<string, Omit<StageConfig, 'debuggable'>>;

export type StageContext = {
  readonly stage?: unknown;
  readonly alarmTopicArn?: unknown;
  readonly auth0EventBus?: unknown;
  readonly issuer?: unknown;
  readonly audience?: unknown;
  readonly tenantClaim?: unknown;
  readonly roleClaim?: unknown;
  readonly debuggable?: unknown;
};

/** Settings by `cdk deploy -c stage=trial -c alarmTopicArn=arn:…`; without a stage it is production, the careful one. */
export function stageConfig(context: StageContext): StageConfig {
  const stage = context.stage ?? 'production';
  if (stage !== 'production' && stage !== 'trial') {
    throw new Error(`Unknown stage ${String(stage)}: it is one of ${Object.keys(STAGES).join(', ')}`);
  }
  const { alarmTopicArn, auth0EventBus, debuggable } = context;
  const tokens = tokenConfig(context);
  return {
    ...STAGES[stage],
    debuggable: debuggable === true || debuggable === 'true',
    ...(typeof alarmTopicArn === 'string' && { alarmTopicArn }),
    ...(typeof auth0EventBus === 'string' && { auth0EventBus }),
    ...(tokens !== undefined && { tokens }),
  };
}

/** Nobody signs for this one (RFC 2606). */
export const NO_TOKENS: TokenConfig = {
  issuer: 'https://issuer.invalid',
  audience: 'nobody',
  tenantClaim: 'tenant',
  roleClaim: 'role',
};

function tokenConfig({ issuer, audience, tenantClaim = 'tenant', roleClaim = 'role' }: StageContext) {
  if (issuer === undefined && audience === undefined) return undefined;
  if (typeof issuer !== 'string' || !/^https:\/\/[^\s/]+/.test(issuer) || typeof audience !== 'string') {
    throw new Error(
      'Say both: -c issuer=https://… (an OpenID provider) and -c audience=… (what its tokens call this API)',
    );
  }
  // Compared with the token's letter by letter; its key set lies under it.
  return { issuer, audience, tenantClaim: String(tenantClaim), roleClaim: String(roleClaim) };
}
