import * as z from 'zod/mini';

/*
 * The values in answers. The API's description shows them, so they have no check that JSON Schema cannot express.
 */

export const day = z.iso.date();
export const instant = z.iso.datetime();
export const count = z.int().check(z.minimum(0));
export const text = z.string();
export const optional = z.exactOptional;
/** Leads to the next page. Absent on the last page. */
export const cursor = optional(text);
export const deleted = z.strictObject({ deleted: z.literal(true) });
