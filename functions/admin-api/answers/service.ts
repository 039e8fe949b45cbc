import * as z from 'zod/mini';
import { ENVIRONMENTS, RENEWAL_STATUSES, ROLES } from '../../../shared/licensing/vocabulary.ts';
import { count, cursor, day, instant, optional, text } from './values.ts';

export const me = z.strictObject({
  actor: text,
  /** The display name that the token has. */
  name: optional(text),
  role: z.enum(ROLES),
  tenant: optional(text),
  /** The service's own clock, in UTC. */
  now: instant,
  /** The calendar day in the tenant's time zone. */
  today: optional(day),
  timeZone: optional(text),
});

export const tenants = z.strictObject({
  tenants: z.array(
    z.strictObject({
      tenant: text,
      environment: z.enum(ENVIRONMENTS),
      timeZone: text,
      lastActivity: instant,
      cleanedOn: optional(day),
      waiting: z.strictObject({
        renewals: z.array(z.strictObject({ renewalId: text, status: z.enum(RENEWAL_STATUSES), plannedAt: instant })),
        cleanup: optional(z.strictObject({ licenses: count, since: day })),
      }),
    }),
  ),
  cursor,
});
