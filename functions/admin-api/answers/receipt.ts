import * as z from 'zod/mini';
import { codesOf } from '../../../shared/licensing/sentences.ts';
import { LOGIN_OUTCOMES } from '../../../shared/licensing/vocabulary.ts';
import { denialReason, receiptStep as step } from '../../../shared/store/items.ts';
import { licenseClass } from './licenses.ts';
import { code, count, cursor, day, instant, optional, text } from './values.ts';

const members = {
  outcome: z.enum(LOGIN_OUTCOMES),
  reason: optional(denialReason),
  blockedBy: optional(z.strictObject({ serialNumber: text, expiresOn: day })),
  license: optional(z.strictObject({ serialNumber: text, ...licenseClass, folder: text })),
  claimedFolder: optional(text),
  step: optional(step),
  reasonText: optional(text),
  steps: z.array(
    z.strictObject({
      step,
      seen: count,
      more: z.boolean(),
      taken: z.boolean(),
      why: optional(text),
      whyCode: code('step'),
    }),
  ),
  attempts: count,
  user: text,
  session: z.nullable(text),
  at: instant,
};

export const receipt = z.strictObject(members);

/** The receipt that a login would get now. `hasUserCard` is false if no user has that id yet. */
export const explanation = z.strictObject({ ...members, hasUserCard: optional(z.literal(false)) });

const { attempts: _, session: _s, at: _a, ...foreseen } = members;

/** Who would get what. `people` are those of the page, and `counts` and `denied` count all. */
export const explanations = z.strictObject({
  at: instant,
  day,
  assumptions: z.array(z.strictObject({ code: z.enum(codesOf('explanation')), text })),
  counts: z.strictObject({ people: count, allocated: count, assigned: count, continued: count, denied: count }),
  denied: z.partialRecord(denialReason, count),
  people: z.array(
    z.strictObject({
      ...foreseen,
      user: optional(text),
      name: optional(text),
      hasUserCard: optional(z.literal(false)),
    }),
  ),
  cursor,
});
