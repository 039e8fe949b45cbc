import * as z from 'zod/mini';

/** Where a secret is. It does not contain a tenant, so no tenant can name another's secret. */
export type SecretReference = { readonly kind: (typeof KINDS)[number]; readonly name: string };

const KINDS = ['secretsmanager', 'ssm', 'file'] as const;

const REFERENCE = /^(secretsmanager|ssm|file):([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/;

export const NOT_A_REFERENCE =
  'must be a reference to a secret, never the secret itself: secretsmanager:NAME, ssm:NAME, or file:NAME on the local stack';

export const secretReference = z.string().check(z.regex(REFERENCE, NOT_A_REFERENCE));

/** Returns the reference, or undefined when the text is not a reference. */
export function readReference(text: string): SecretReference | undefined {
  const [, kind, name = ''] = REFERENCE.exec(text) ?? [];
  const known = KINDS.find((each) => each === kind);
  return known === undefined ? undefined : { kind: known, name };
}
