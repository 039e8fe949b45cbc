import * as z from 'zod/mini';
import { LOGIN_OUTCOMES } from '../../../shared/licensing/vocabulary.ts';
import { denialReason, receiptStep as step } from '../../../shared/store/items.ts';
import { licenseClass } from './licenses.ts';
import { count, day, instant, optional, text } from './values.ts';

const members = {
  outcome: z.enum(LOGIN_OUTCOMES),
  reason: optional(denialReason),
  blockedBy: optional(z.strictObject({ serialNumber: text, expiresOn: day })),
  license: optional(z.strictObject({ serialNumber: text, ...licenseClass, folder: text })),
  claimedFolder: optional(text),
  step: optional(step),
  steps: z.array(z.strictObject({ step, seen: count, more: z.boolean(), taken: z.boolean(), why: optional(text) })),
  attempts: count,
  user: text,
  session: z.nullable(text),
  at: instant,
};

export const receipt = z.strictObject(members);

/** The receipt that a login would get now. `hasUserCard` is false if no user has that id yet. */
export const explanation = z.strictObject({ ...members, hasUserCard: optional(z.literal(false)) });
