import * as z from 'zod/mini';
import { RenewalStopped } from '../platform/errors.ts';
import { tenantId } from '../platform/validation.ts';

/** Short enough for the name of an execution, `<tenant>.<renewalId>.<number>`, which has at most 80 characters. */
export const renewalId = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,36}$/, 'must be 1 to 36 of the characters A-Z, a-z, 0-9, _ and -'));

/** The ids of a renewal. */
export const renewalRequest = z.object({ tenant: tenantId, renewalId });
export type RenewalRequest = z.infer<typeof renewalRequest>;

const position = z.int().check(z.minimum(0));

/** The rows from `from` to below `to`. */
export const batchRequest = z.object({ tenant: tenantId, renewalId, from: position, to: position });
export type BatchRequest = z.infer<typeof batchRequest>;

/**
 * Reads a step's input. Throws `RenewalStopped` for an input that was edited by hand, because a retry would not help
 * (F58).
 */
export function readStepRequest<Request>(schema: z.ZodMiniType<Request>, input: unknown): Request {
  const reading = z.safeParse(schema, input);
  if (reading.success) return reading.data;
  const faults = reading.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`,
  );
  throw new RenewalStopped(`the input cannot be used: ${faults.join('; ')}`);
}
