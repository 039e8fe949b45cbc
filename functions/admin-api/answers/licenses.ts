import * as z from 'zod/mini';
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
