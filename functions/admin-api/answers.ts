import * as z from 'zod/mini';

/** What the commands answer, as the API describes it. A test holds every answer against these. */
const day = z.iso.date();
const instant = z.iso.datetime();
const count = z.int().check(z.minimum(0));
const text = z.string();
const optional = z.exactOptional;

const type = z.enum(['dedicated', 'floating']);
const access = z.enum(['write', 'read']);
const licenseClass = { type, access, modules: text };

const licenseMembers = {
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
const cursor = optional(text);

export const license = z.strictObject(licenseMembers);
export const licenses = z.strictObject({ licenses: z.array(license), cursor });
export const deleted = z.strictObject({ deleted: z.literal(true) });

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
