import * as z from 'zod/mini';
import { count, cursor, day, instant, optional, text } from './values.ts';

const type = z.enum(['dedicated', 'floating']);
export const access = z.enum(['write', 'read']);
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
  state: z.enum(['free', 'assigned', 'in-use', 'releasing', 'held-back', 'set-aside', 'expired', 'not-yet-valid']),
  version: count,
};

export const license = z.strictObject(licenseMembers);
export const licenses = z.strictObject({ licenses: z.array(license), cursor });

/** Of each license by itself; with `preview` only how many are meant. */
export const changes = z.union([
  z.strictObject({
    results: z.array(
      z.strictObject({
        serialNumber: text,
        done: z.boolean(),
        error: optional(z.looseObject({ code: text, message: text })),
      }),
    ),
    cursor,
  }),
  z.strictObject({ count, cursor }),
]);
