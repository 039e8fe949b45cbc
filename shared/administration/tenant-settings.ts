import { createPublicKey } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { DEFAULT_IDLE_TIME, LONGEST_IDLE_TIME, SHORTEST_IDLE_TIME } from '../licensing/idle-time.ts';
import { grownBeyond, type Lists } from '../licensing/limits.ts';
import { claimsCount, type TenantSettings } from '../licensing/tenant/tenant.ts';
import {
  ACCESS,
  CLAIMS_COUNT,
  type ClaimsCount,
  ENVIRONMENTS,
  LICENSE_TYPES,
  ON_LEAVE,
} from '../licensing/vocabulary.ts';
import { sentMap } from '../platform/map-schema.ts';
import type { RequestFault } from '../platform/validation.ts';

const text = (longest: number) =>
  z.string().check(
    z.refine((value) => value.trim() !== '', 'must not be empty'),
    z.maxLength(longest, `must have at most ${longest} characters`),
  );

const customers = z.array(text(200)).check(z.minLength(1, 'must name at least one customer text of license files'));

const timeZone = z
  .string()
  .check(z.refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Helsinki or UTC'));

const idleTimeout = z.pipe(
  z
    .string()
    .check(
      z.refine(
        (value) => milliseconds(value) >= SHORTEST_IDLE_TIME && milliseconds(value) <= LONGEST_IDLE_TIME,
        'must be an ISO 8601 duration from PT5M (5 minutes) to P30D (30 days), such as PT8H',
      ),
    ),
  z.transform(milliseconds),
);

const publicKey = z.pipe(
  z
    .string()
    .check(z.refine((value) => spki(value) !== undefined, 'must be an Ed25519 public key: PEM, or SPKI in base64')),
  z.transform((value) => spki(value) ?? value),
);

/** The id of a key, as signatures name it. */
const keyId = z
  .string()
  .check(z.regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of the characters A-Z, a-z, 0-9, ., _ and -'));

export const poolThreshold = z.strictObject({
  folder: z.string().check(z.maxLength(1_024, 'must have at most 1024 characters')),
  type: z.enum(LICENSE_TYPES),
  access: z.enum(ACCESS),
  free: z.int().check(z.refine((free) => free >= 1 && free <= 1_000, 'must be 1 to 1000 free licenses')),
});

const providerScope = z
  .string()
  .check(
    z.regex(
      /^(cognito:[A-Za-z0-9_-]{1,100}|auth0:[A-Za-z0-9._-]{1,200})$/,
      'must be cognito:POOL or auth0:TENANT, such as cognito:eu-north-1_Lp4QzT7aB',
    ),
  );

const optional = {
  environment: z.exactOptional(z.enum(ENVIRONMENTS)),
  idleTimeout: z.exactOptional(idleTimeout),
  cleanupHour: z.exactOptional(
    z.int().check(z.refine((hour) => hour >= 0 && hour <= 23, 'must be an hour of the day, 0 to 23')),
  ),
  setAsideWarningDays: z.exactOptional(
    z.int().check(z.refine((days) => days >= 0 && days <= 3_650, 'must be a number of days, 0 to 3650')),
  ),
  refuseWithoutLicense: z.exactOptional(z.boolean()),
  claims: z.exactOptional(z.enum(CLAIMS_COUNT)),
  onLeave: z.exactOptional(z.enum(ON_LEAVE)),
  folderClaims: z.exactOptional(
    z.strictObject({
      folders: sentMap(z.string(), z.string()),
      moveExisting: z.exactOptional(z.boolean()),
    }),
  ),
  publicKeys: z.exactOptional(sentMap(keyId, publicKey)),
  poolThresholds: z.exactOptional(z.array(poolThreshold)),
  providerScopes: z.exactOptional(z.array(providerScope)),
};

/** The settings of a new tenant. A missing setting gets its default. An unknown name is a fault. */
export const newSettings = z.strictObject({ customers, timeZone, ...optional });

/** The settings to change. A missing setting stays as it is. */
export const changedSettings = z.strictObject({
  customers: z.exactOptional(customers),
  timeZone: z.exactOptional(timeZone),
  ...optional,
});

export function withDefaults(given: z.infer<typeof newSettings>): TenantSettings {
  const defaults = {
    environment: 'cloud',
    idleTimeout: DEFAULT_IDLE_TIME,
    cleanupHour: 3,
    setAsideWarningDays: 7,
    refuseWithoutLicense: false,
    folderClaims: { folders: {}, moveExisting: false },
    publicKeys: {},
  } as const;
  return withChanges({ ...defaults, customers: given.customers, timeZone: given.timeZone }, given);
}

/**
 * Returns the settings with the given changes. A list or map is replaced as a whole. `claims` and the older
 * `folderClaims.moveExisting` mean the same. If a request has both, `claims` counts. Both are stored with the same
 * meaning.
 */
export function withChanges(settings: TenantSettings, changes: z.infer<typeof changedSettings>): TenantSettings {
  const { claims: given, folderClaims, ...others } = changes;
  const before = claimsCount(settings);
  const claims = given ?? claimsOf(folderClaims?.moveExisting) ?? before;
  return {
    ...settings,
    ...others,
    folderClaims: { ...settings.folderClaims, ...folderClaims, moveExisting: claims === 'each-login' },
    ...(claims === before ? {} : { claims }),
  };
}

function claimsOf(moveExisting: boolean | undefined): ClaimsCount | undefined {
  if (moveExisting === undefined) return undefined;
  return moveExisting ? 'each-login' : 'at-creation';
}

/** Settings that decide which licenses and sign-ins belong to the tenant, and whose signatures are trusted. */
const OPERATORS_ALONE = ['customers', 'environment', 'publicKeys', 'providerScopes'] as const;

/** Returns the members of a change that only an operator may set, whatever their values are. */
export function operatorsMembers(given: z.infer<typeof changedSettings>): readonly string[] {
  return OPERATORS_ALONE.filter((name) => given[name] !== undefined);
}

/** Returns a fault for each list that would exceed its limit and grow. */
export function tenantLimitFaults(before: TenantSettings | undefined, after: TenantSettings): readonly RequestFault[] {
  return grownBeyond(before === undefined ? {} : listsOf(before), listsOf(after));
}

function listsOf({
  customers,
  folderClaims,
  publicKeys,
  poolThresholds = [],
  providerScopes = [],
}: TenantSettings): Lists {
  return {
    customers,
    providerScopes,
    folderClaims: Object.entries(folderClaims.folders).map(([claim, path]) => `${claim} ${path}`),
    publicKeys: Object.entries(publicKeys).map(([keyId, key]) => `${keyId} ${key}`),
    poolThresholds: poolThresholds.map((pool) => JSON.stringify(pool)),
  };
}

/** Returns the settings as people write them: the idle time as a duration, and defaults for what is not set. */
export function viewSettings(settings: TenantSettings) {
  const idle = Temporal.Duration.from({ milliseconds: settings.idleTimeout }).round({ largestUnit: 'hour' });
  const { onLeave = 'keep' } = settings;
  return { ...settings, claims: claimsCount(settings), onLeave, idleTimeout: idle.toString() };
}

/**
 * Returns whether a name is a time zone. Offsets such as `+02:00` are not, because they have no daylight saving time.
 */
function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Returns the milliseconds of an ISO 8601 duration of days (24 hours), hours, minutes and seconds. Returns 0 for any
 * other text.
 */
function milliseconds(text: string): number {
  try {
    return Math.round(Temporal.Duration.from(text).total('milliseconds'));
  } catch {
    return 0;
  }
}

/**
 * Returns a public key as PEM. Returns undefined for any other text, also for a private key, which must not be sent
 * here.
 */
function spki(text: string): string | undefined {
  if (text.includes('PRIVATE KEY')) return undefined;
  try {
    const key = text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'pem', type: 'spki' }).toString() : undefined;
  } catch {
    return undefined;
  }
}
