import * as z from 'zod/mini';
import { ACCESS, LEVELS, LOGIN_KINDS } from '../../shared/licensing/vocabulary.ts';
import { instant, providerId, tenantId } from '../../shared/platform/validation.ts';

const MAX_TEXT = 1_024;

const text = z.string().check(z.maxLength(MAX_TEXT, `must have at most ${MAX_TEXT} characters`));

/** The request of `login`. A session id of null, or none, stands for the user as a whole. */
export const loginRequest = z.object({
  tenant: tenantId,
  user: providerId,
  session: z.optional(z.nullable(providerId)),
  kind: z._default(z.enum(LOGIN_KINDS), 'login'),
  at: z.optional(instant),
  claims: z._default(
    z.object({
      folder: z.exactOptional(text),
      access: z.exactOptional(z.enum(ACCESS)),
      level: z.exactOptional(z.enum(LEVELS)),
      name: z.exactOptional(text),
    }),
    {},
  ),
});

export type LoginEvent = z.infer<typeof loginRequest>;
