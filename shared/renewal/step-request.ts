import * as z from 'zod/mini';
import { tenantId } from '../runtime/decoding.ts';
import { RenewalStopped } from '../runtime/errors.ts';

const renewalId = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be 1 to 40 of the characters A-Z, a-z, 0-9, _ and -'));

/** What names a renewal. */
export const renewalRequest = z.object({ tenant: tenantId, renewalId });
export type RenewalRequest = z.infer<typeof renewalRequest>;

export const batchRequest = z.object({ tenant: tenantId, renewalId, batch: z.int().check(z.minimum(0)) });
export type BatchRequest = z.infer<typeof batchRequest>;

/** Reads a step's input. Throws `RenewalStopped`: what was edited by hand does not get better by trying again (F58). */
export function readStepRequest<Request>(schema: z.ZodMiniType<Request>, input: unknown): Request {
  const reading = z.safeParse(schema, input);
  if (reading.success) return reading.data;
  const faults = reading.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`,
  );
  throw new RenewalStopped(`the input cannot be used: ${faults.join('; ')}`);
}
