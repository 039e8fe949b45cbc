import * as z from 'zod/mini';
import { licenseChange } from '../../../shared/administration/administer-request.ts';
import { ACCESS, LICENSE_STATES, LICENSE_TYPES } from '../../../shared/licensing/vocabulary.ts';
import { count, cursor, day, instant, optional, text } from './values.ts';

const type = z.enum(LICENSE_TYPES);
export const access = z.enum(ACCESS);
export const licenseClass = { type, access, modules: text };

export const licenseMembers = {
  serialNumber: text,
  ...licenseClass,
  validFrom: day,
  expiresOn: optional(day),
  folder: text,
  assignedTo: optional(text),
  currentUser: optional(text),
  since: optional(instant),
  state: z.enum(LICENSE_STATES),
  deletedAt: optional(instant),
  version: count,
};

export const license = z.strictObject(licenseMembers);
/** The names of a license's users, where their cards have names. */
export const userNames = { assignedToName: optional(text), currentUserName: optional(text) };
export const licenses = z.strictObject({
  licenses: z.array(z.strictObject({ ...licenseMembers, ...userNames })),
  cursor,
});

/** `undo` is a change that makes the license what it was. With `version`, it fits into `changes` of another request. */
const result = z.union([
  z.strictObject({ serialNumber: text, done: z.literal(true), version: count, undo: optional(licenseChange) }),
  z.strictObject({
    serialNumber: text,
    done: z.literal(false),
    error: z.looseObject({ code: text, message: text }),
  }),
]);

/** How many licenses are meant, how many would be changed, and how many would be refused with which code. */
const totals = {
  count,
  done: count,
  refused: z.array(z.strictObject({ code: text, count })),
};

/** The result of each license. The first page of a preview also has the totals; `countedAll` is false beyond 25,000. */
export const changes = z.union([
  z.strictObject({ results: z.array(result), cursor }),
  z.strictObject({ ...totals, countedAll: optional(z.boolean()), results: z.array(result), cursor }),
]);

/** The license that each user got or would get, or the refusal. */
export const assignments = z.strictObject({
  results: z.array(
    z.union([
      z.strictObject({ user: text, done: z.literal(true), serialNumber: text, version: count }),
      z.strictObject({ user: text, done: z.literal(false), error: z.looseObject({ code: text, message: text }) }),
    ]),
  ),
  cursor,
});
