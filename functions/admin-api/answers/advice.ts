import * as z from 'zod/mini';
import { LAYOUT_WARNINGS } from '../../../shared/licensing/advice/layout-check.ts';
import { licenseMembers, userNames } from './licenses.ts';
import { count, cursor, day, optional, text } from './values.ts';

export const layout = z.strictObject({
  warnings: z.array(
    z.strictObject({
      warning: z.enum(LAYOUT_WARNINGS),
      code: z.enum(LAYOUT_WARNINGS),
      text,
      folder: text,
      count,
      serialNumbers: optional(z.array(text)),
      users: optional(z.array(text)),
    }),
  ),
});
export const expiring = z.strictObject({
  licenses: z.array(
    z.strictObject({
      ...licenseMembers,
      ...userNames,
      daysLeft: count,
      within: z.union([z.literal(7), z.literal(30), z.literal(90)]),
      users: z.array(text),
    }),
  ),
  cursor,
});
export const draining = z.strictObject({
  licenses: z.array(
    z.strictObject({
      ...licenseMembers,
      ...userNames,
      why: z.enum(['releasing', 'set-aside']),
      setAsideOn: optional(day),
      overdue: z.boolean(),
    }),
  ),
  cursor,
});
