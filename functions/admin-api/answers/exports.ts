import * as z from 'zod/mini';
import { count, cursor, text } from './values.ts';

/** The text is the body; the rest becomes headers. */
export const exported = z.strictObject({
  format: z.enum(['csv', 'json-lines']),
  rows: count,
  part: count,
  text,
  cursor,
});
