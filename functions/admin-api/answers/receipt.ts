import * as z from 'zod/mini';
import { licenseClass } from './licenses.ts';
import { count, instant, optional, text } from './values.ts';

const step = z.enum(['floating-in-folder', 'floating-in-root', 'dedicated-in-folder', 'dedicated-in-root']);

export const reason = z.enum([
  'no-free-license',
  'assigned-license-expired',
  'no-access',
  'unknown-tenant',
  'session-ended',
  'too-old',
]);

export const receipt = z.strictObject({
  outcome: z.enum(['allocated', 'assigned', 'continued', 'denied']),
  reason: optional(reason),
  license: optional(z.strictObject({ serialNumber: text, ...licenseClass, folder: text })),
  step: optional(step),
  steps: z.array(z.strictObject({ step, seen: count, more: z.boolean(), taken: z.boolean(), why: optional(text) })),
  attempts: count,
  user: text,
  session: z.nullable(text),
  at: instant,
});
