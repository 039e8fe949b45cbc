import * as z from 'zod/mini';
import { count, text } from './values.ts';

export const folder = z.strictObject({ folder: text });
export const folders = z.strictObject({
  folders: z.array(z.strictObject({ folder: text, licenses: count, userCards: count })),
  version: count,
});
