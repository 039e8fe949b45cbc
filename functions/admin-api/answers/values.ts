import * as z from 'zod/mini';
import { codesOf, type Subject } from '../../../shared/licensing/sentences.ts';

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

/** The code of a sentence, and what the sentence names. The description has a table of all codes. */
export const code = (subject: Subject) => optional(z.enum(codesOf(subject)));
export const named = optional(z.record(z.string(), text));
