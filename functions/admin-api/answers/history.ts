import * as z from 'zod/mini';
import type { LicenseFacts } from '../../../shared/licensing/license/license.ts';
import { ROLES } from '../../../shared/licensing/vocabulary.ts';
import { denialReason, type Shape } from '../../../shared/store/items.ts';
import { access, licenseClass } from './licenses.ts';
import { switchedOff } from './tenant.ts';
import { count, cursor, day, instant, optional, text } from './values.ts';

const facts = {
  folder: text,
  validFrom: day,
  expiresOn: optional(day),
  assignedTo: optional(text),
  currentUser: optional(text),
  since: optional(instant),
  releasing: optional(z.literal(true)),
  heldBackFor: optional(text),
  setAsideOn: optional(day),
  deletedAt: optional(instant),
} satisfies Shape<Omit<LicenseFacts, 'folderId'> & { readonly folder: string }>;
const change = { actor: text, cause: text, at: instant };
const entries = z.array(
  z.union([
    z.strictObject({
      kind: z.literal('license'),
      ...change,
      serialNumber: text,
      ...licenseClass,
      version: count,
      before: optional(z.strictObject(facts)),
      after: z.strictObject(facts),
    }),
    z.strictObject({
      kind: z.literal('denied'),
      at: instant,
      user: text,
      session: z.nullable(text),
      folder: text,
      access,
      reason: denialReason,
    }),
    z.strictObject({ kind: z.literal('webhook-off'), ...switchedOff.shape }),
  ]),
);
export const history = z.strictObject({ entries, cursor });
/** Either the one day, or the first and the last day of the range. */
export const historyOfDays = z.strictObject({
  day: optional(day),
  from: optional(day),
  to: optional(day),
  entries,
  cursor,
});
const licenseThen = z.strictObject({
  serialNumber: text,
  ...licenseClass,
  version: count,
  ...facts,
  lastChange: z.strictObject(change),
});
export const userAsOf = z.strictObject({ user: text, at: instant, licenses: z.array(licenseThen) });
export const folderAsOf = z.strictObject({ folder: text, at: instant, licenses: z.array(licenseThen), cursor });
export const asOf = z.union([
  z.strictObject({ serialNumber: text, at: instant, known: z.literal(false) }),
  z.strictObject({ at: instant, known: z.literal(true), ...licenseThen.shape }),
]);

const version = optional(z.union([count, text]));
/** `outcome` is `begun` until the outcome is known, and then `done` or the code of the refusal. */
export const commands = z.strictObject({
  commands: z.array(
    z.strictObject({
      at: instant,
      command: text,
      role: z.enum(ROLES),
      actor: text,
      about: z.record(text, z.union([text, count, z.array(text)])),
      outcome: text,
      finishedAt: optional(instant),
      fromVersion: version,
      toVersion: version,
    }),
  ),
  cursor,
});
