import * as z from 'zod/mini';
import { count, cursor, text } from './values.ts';

/** The text is sent, and the rest tells of it. */
export const exported = z.strictObject({ format: z.enum(['csv', 'json-lines']), rows: count, text, cursor });
