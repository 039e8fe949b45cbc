import * as z from 'zod/mini';

/** What the answers are made of; as the description shows them, so without a check that JSON Schema has no words for. */
export const day = z.iso.date();
export const instant = z.iso.datetime();
export const count = z.int().check(z.minimum(0));
export const text = z.string();
export const optional = z.exactOptional;
/** Leads to the next page; absent on the last one. */
export const cursor = optional(text);
export const deleted = z.strictObject({ deleted: z.literal(true) });
