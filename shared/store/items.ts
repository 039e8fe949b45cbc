import * as z from 'zod/mini';
import type { SwitchedOff } from '../licensing/history/history.ts';
import { idleTimeThatCounts } from '../licensing/idle-time.ts';
import type { License } from '../licensing/license/license.ts';
import { STEP_NAMES } from '../licensing/login/allocation-steps.ts';
import type { Vacancy } from '../licensing/login/choose-vacancy.ts';
import type { EndedMarks, FormerCard, Session, UserCard } from '../licensing/login/user-card.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { lastDay } from '../licensing/term.ts';
import { type Instant, MINUTE, plus } from '../licensing/time.ts';
import {
  ACCESS,
  CLAIMS_COUNT,
  DENIAL_REASONS,
  ENVIRONMENTS,
  IMPORT_MARKS,
  LEAVER_NOTES,
  LEVELS,
  LICENSE_TYPES,
  LOGIN_OUTCOMES,
  ON_LEAVE,
} from '../licensing/vocabulary.ts';
import { storedMap } from '../platform/map-schema.ts';
import type { Item } from '../platform/ports/table.ts';
import { idleShard, licenseKey, partitions, tenantKey, userCardKey, vacancyKey } from './keys.ts';

/*
 * Encodes and decodes the items of the table. Encoding adds keys and index attributes, and decoding removes them.
 * Decoding throws for an item that does not fit its key. Such an item comes from a fault of ours or was written by
 * hand, never by a user.
 */

/** How long functions may use a tenant that they have read, in milliseconds. */
export const TENANT_KEPT = MINUTE;

const access = z.enum(ACCESS);
const type = z.enum(LICENSE_TYPES);
export const classShape = { type, access, modules: z.string() };
export const termShape = { validFrom: z.string(), expiresOn: z.exactOptional(z.string()) };
export const change = z.object({ actor: z.string(), cause: z.string(), at: z.string() });

/** Of a webhook. */
export const switchedOff = z.object({
  at: z.string(),
  since: z.string(),
  reason: z.string(),
} satisfies Shape<SwitchedOff>);

/** A schema for each member of a type, so that a new member does not compile before it is decoded. */
export type Shape<Value> = { readonly [Name in keyof Value]-?: z.ZodMiniType };

/** What can change in a license's life, besides its term. */
export const stateShape = {
  folderId: z.string(),
  assignedTo: z.exactOptional(z.string()),
  currentUser: z.exactOptional(z.string()),
  since: z.exactOptional(z.string()),
  releasing: z.exactOptional(z.literal(true)),
  heldBackFor: z.exactOptional(z.string()),
  setAsideOn: z.exactOptional(z.string()),
  deletedAt: z.exactOptional(z.string()),
};

const license = z.object({
  ...classShape,
  ...termShape,
  tenant: z.string(),
  serialNumber: z.string(),
  ...stateShape,
  version: z.number(),
  imported: z.object({ importId: z.string(), outcome: z.enum(IMPORT_MARKS), issued: z.string() }),
  change,
} satisfies Shape<License>);

export const receiptStep = z.enum(STEP_NAMES);

export const denialReason = z.enum(DENIAL_REASONS);

const blockedBy = z.object({ serialNumber: z.string(), expiresOn: z.string() });

export const receipt = z.object({
  outcome: z.enum(LOGIN_OUTCOMES),
  reason: z.exactOptional(denialReason),
  blockedBy: z.exactOptional(blockedBy),
  license: z.exactOptional(z.object({ ...classShape, serialNumber: z.string(), folder: z.string() })),
  claimedFolder: z.exactOptional(z.string()),
  step: z.exactOptional(receiptStep),
  steps: z.array(
    z.object({
      step: receiptStep,
      seen: z.number(),
      more: z.boolean(),
      taken: z.boolean(),
      why: z.exactOptional(z.string()),
    }),
  ),
  attempts: z.number(),
  user: z.string(),
  session: z.nullable(z.string()),
  at: z.string(),
});

const noteShape = { ...classShape, ...termShape, folderId: z.string() };

const userCard = z.object({
  tenant: z.string(),
  user: z.string(),
  name: z.exactOptional(z.string()),
  folderId: z.string(),
  access,
  level: z.enum(LEVELS),
  noAccessBy: z.exactOptional(z.literal('claim')),
  leaver: z.exactOptional(z.object({ note: z.enum(LEAVER_NOTES), at: z.string(), source: z.string() })),
  loggedInAt: z.exactOptional(z.string()),
  lastSeen: z.exactOptional(z.string()),
  current: z.exactOptional(
    z.object({
      ...noteShape,
      serialNumber: z.string(),
      releasing: z.exactOptional(z.literal(true)),
    }),
  ),
  sessions: storedMap(
    z.object({
      started: z.string(),
      lastSeen: z.string(),
      provider: z.exactOptional(z.string()),
      application: z.exactOptional(z.string()),
    } satisfies Shape<Session>),
  ),
  ended: storedMap(z.string()),
  assigned: storedMap(z.object(noteShape)),
  linkedIds: z.exactOptional(z.array(z.string())),
  lastReceipt: z.exactOptional(receipt),
  revision: z.number(),
  change,
} satisfies Shape<UserCard>);

const former = z.object({
  name: z.exactOptional(z.string()),
  folderId: z.string(),
  access,
  level: z.enum(LEVELS),
  noAccessBy: z.exactOptional(z.literal('claim')),
  licenses: z.exactOptional(z.array(z.string())),
} satisfies Shape<FormerCard>);

const endedMarks = z.object({
  tenant: z.string(),
  user: z.string(),
  ended: storedMap(z.string()),
  linkedTo: z.exactOptional(z.string()),
  was: z.exactOptional(former),
} satisfies Shape<EndedMarks>);

const vacancy = z.object({ ...termShape, serialNumber: z.string(), type, access, folderId: z.string() });

const tenant = z.object({
  tenant: z.string(),
  settings: z.object({
    customers: z.array(z.string()),
    timeZone: z.string(),
    environment: z.enum(ENVIRONMENTS),
    idleTimeout: z.pipe(z.unknown(), z.transform(idleTimeThatCounts)),
    cleanupHour: z.number(),
    setAsideWarningDays: z.number(),
    refuseWithoutLicense: z.boolean(),
    claims: z.exactOptional(z.enum(CLAIMS_COUNT)),
    onLeave: z.exactOptional(z.enum(ON_LEAVE)),
    folderClaims: z.object({ folders: storedMap(z.string()), moveExisting: z.boolean() }),
    publicKeys: storedMap(z.string()),
    poolThresholds: z.exactOptional(z.array(z.object({ folder: z.string(), access, type, free: z.number() }))),
    providerScopes: z.exactOptional(z.array(z.string())),
  }),
  folders: storedMap(z.object({ name: z.string(), parent: z.string(), mergedInto: z.exactOptional(z.string()) })),
  idleShortenedAt: z.exactOptional(z.string()),
  version: z.number(),
  change,
} satisfies Shape<Omit<Tenant, 'tenantId'> & { readonly tenant: string }>);

/**
 * Returns the item of a license. A deleted license leaves the indexes, except for a list of its own: it can be read and
 * restored (R31).
 */
export function licenseItem(value: License): Item {
  const key = licenseKey(value.tenant, value.serialNumber);
  if (value.deletedAt !== undefined) {
    const deleted = partitions.deletedLicenses(value.tenant);
    return { ...value, ...key, tenantKey: deleted, tenantSort: value.serialNumber };
  }
  const ofTenant = partitions.licensesOfTenant(value.tenant);
  return {
    ...value,
    ...key,
    tenantKey: ofTenant,
    tenantSort: value.serialNumber,
    folderKey: partitions.licensesOfFolder(value.tenant, value.folderId),
    folderSort: value.serialNumber,
    expiryKey: ofTenant,
    expirySort: `${lastDay(value)}#${value.serialNumber}`,
  };
}

export function licenseOf(item: Item): License {
  return license.parse(item);
}

/**
 * Returns the item of a card with its index attributes. `idleAt` is its idle deadline, undefined when no session is
 * open.
 */
export function userCardItem(value: UserCard, idleAt: string | undefined): Item {
  return {
    ...value,
    ...userCardKey(value.tenant, value.user),
    ...cardPlace(value),
    ...(idleAt === undefined ? {} : idleAttributes(value, idleAt)),
  };
}

/** Returns the index attributes that list a card in its tenant and its folder. */
export function cardPlace(card: Pick<UserCard, 'tenant' | 'user' | 'folderId'>) {
  return {
    tenantKey: partitions.userCardsOfTenant(card.tenant),
    tenantSort: card.user,
    folderKey: partitions.userCardsOfFolder(card.tenant, card.folderId),
    folderSort: card.user,
  };
}

/** Returns the index attributes that list a card by its idle deadline. */
export function idleAttributes(card: Pick<UserCard, 'tenant' | 'user'>, idleAt: string) {
  return { idleKey: partitions.idle(idleShard(card.tenant)), idleSort: `${idleAt}#${card.tenant}#${card.user}` };
}

/**
 * Returns index attributes that list a tenant among its cards after its idle time was made shorter. The entry is due
 * when no function uses the former time any more: from then on, all writes to cards follow the new one.
 */
function shortenedAttributes(tenantId: string, at: Instant) {
  return { idleKey: partitions.idle(idleShard(tenantId)), idleSort: `${plus(at, 2 * TENANT_KEPT)}#${tenantId}#` };
}

/** Decodes a card, or the marks of ended sessions of a user whose logout came before any login. */
export function userCardOf(item: Item): UserCard | EndedMarks {
  return 'folderId' in item ? userCard.parse(item) : endedMarks.parse(item);
}

export function isUserCard(card: UserCard | EndedMarks | undefined): card is UserCard {
  return card !== undefined && 'folderId' in card;
}

/** Returns the item of a license's vacancy. */
export function vacancyItem(value: License): Item {
  const { serialNumber, folderId, validFrom } = value;
  const expiresOn = value.expiresOn === undefined ? {} : { expiresOn: value.expiresOn };
  return {
    ...vacancyKey(value),
    serialNumber,
    type: value.type,
    access: value.access,
    folderId,
    validFrom,
    ...expiresOn,
  };
}

export function vacancyOf(item: Item): Vacancy {
  return vacancy.parse(item);
}

/** Returns the item of a tenant with its index attributes. */
export function tenantItem(value: Tenant): Item {
  const { tenantId, ...members } = value;
  const { idleShortenedAt } = members;
  return {
    ...members,
    ...tenantKey(tenantId),
    tenant: tenantId,
    tenantKey: partitions.tenants(),
    tenantSort: tenantId,
    ...(idleShortenedAt === undefined ? {} : shortenedAttributes(tenantId, idleShortenedAt)),
  };
}

export function tenantOf(item: Item): Tenant {
  const { tenant: tenantId, ...members } = tenant.parse(item);
  return { tenantId, ...members };
}
