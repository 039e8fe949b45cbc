import * as z from 'zod/mini';
import { count, optional, text } from './values.ts';

export const folder = z.strictObject({ folder: text });
export const folders = z.strictObject({
  folders: z.array(z.strictObject({ folder: text, licenses: count, userCards: count })),
  version: count,
});

const moved = { done: z.boolean(), error: optional(z.looseObject({ code: text, message: text })) };
/** What one call moved; with `preview`, how much would be moved and which settings would follow. */
export const mergedFolder = z.union([
  z.strictObject({
    folder: text,
    licenses: z.array(z.strictObject({ serialNumber: text, ...moved })),
    userCards: z.array(z.strictObject({ user: text, ...moved })),
    more: z.boolean(),
  }),
  z.strictObject({ count: z.strictObject({ licenses: count, userCards: count }), settings: z.array(text) }),
]);
