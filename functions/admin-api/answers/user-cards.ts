import * as z from 'zod/mini';
import { LEAVER_NOTES, LEVELS } from '../../../shared/licensing/vocabulary.ts';
import { PROVIDERS } from '../../../shared/sign-in/providers/providers.ts';
import { access, license } from './licenses.ts';
import { receipt } from './receipt.ts';
import { code, count, cursor, instant, named, optional, text } from './values.ts';

const cardMembers = {
  user: text,
  name: optional(text),
  folder: text,
  access,
  level: z.enum(LEVELS),
  noAccessBy: optional(z.literal('claim')),
  leaver: optional(z.strictObject({ note: z.enum(LEAVER_NOTES), at: instant, source: text })),
  linkedIds: optional(z.array(text)),
  lastSeen: optional(instant),
  licenseInformation: text,
  licenseInformationCode: code('licenseInformation'),
  licenseInformationMembers: named,
  version: count,
};

const session = {
  /** Null stands for the user as a whole, of a provider that names no session. */
  session: z.nullable(text),
  started: instant,
  lastSeen: instant,
};

/** The provider, and the provider's id of the application, that was seen last in the session. */
const sessionOrigin = { provider: optional(z.enum(PROVIDERS)), application: optional(text) };

export const userCard = z.strictObject({
  ...cardMembers,
  currentLicense: optional(license),
  assignedLicenses: z.array(license),
  sessions: z.array(z.strictObject(session)),
  lastReceipt: optional(receipt),
});
export const userCards = z.strictObject({ userCards: z.array(z.strictObject(cardMembers)), cursor });
export const sessions = z.strictObject({
  sessions: z.array(
    z.strictObject({
      user: text,
      name: optional(text),
      folder: text,
      ...session,
      ...sessionOrigin,
      serialNumber: optional(text),
    }),
  ),
  cursor,
});
export const endedSessions = z.strictObject({ ended: count, license: optional(text), nowFree: z.boolean() });
export const removed = z.strictObject({ removed: z.literal(true), ended: count, released: z.array(text) });
export const erased = z.strictObject({
  erased: z.literal(true),
  pseudonym: text,
  entries: count,
  renewals: count,
  renewalsNotOver: z.array(text),
});

/** The result for each card, or the result that it would have. */
export const cardChanges = z.strictObject({
  results: z.array(
    z.union([
      z.strictObject({ user: text, done: z.literal(true), version: count }),
      z.strictObject({ user: text, done: z.literal(false), error: z.looseObject({ code: text, message: text }) }),
    ]),
  ),
  cursor,
});

/** Who holds dedicated licenses and was not seen since; the licenses can be given to `change-licenses` as they are. */
export const inactiveHolders = z.strictObject({
  notSeenSince: instant,
  holders: z.array(
    z.strictObject({
      user: text,
      name: optional(text),
      folder: text,
      lastSeen: optional(instant),
      createdAt: instant,
      licenses: z.array(license),
    }),
  ),
  cursor,
});

/**
 * What a link moved, or would move: licenses to the card, expired ones released, sessions ended; the card that the id
 * had.
 */
export const linkedId = z.strictObject({
  user: text,
  linkedId: text,
  licenses: z.array(text),
  released: z.array(text),
  sessions: count,
  card: optional(z.strictObject({ name: optional(text), folder: text, access, level: z.enum(LEVELS) })),
});
/** The licenses that went back with the id. */
export const unlinkedId = z.strictObject({
  user: text,
  linkedId: text,
  unlinked: z.literal(true),
  licenses: z.array(text),
});
