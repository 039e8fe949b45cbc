import * as z from 'zod/mini';

/**
 * What proves an event of EventBridge. Nobody but AWS puts events whose source begins with `aws.`, and nobody but the
 * partner those of `aws.partner/…` on the partner's bus.
 */
export const COGNITO_ON_THE_BUS = {
  source: 'aws.cognito-idp',
  types: ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
} as const;

export const AUTH0_ON_THE_BUS = { sourcePrefix: 'aws.partner/auth0.com/', types: ['Auth0 log'] } as const;

const envelope = z.object({ source: z.string(), 'detail-type': z.string() });

/** Whether it has the form of EventBridge's events, whoever sent it. */
export function isBusEvent(event: unknown): boolean {
  return z.safeParse(envelope, event).success;
}

/** The provider that an event of EventBridge is of, by its source and its type; undefined when it is of none of them. */
export function busSenderOf(event: unknown): 'cognito' | 'auth0' | undefined {
  const { data } = z.safeParse(envelope, event);
  if (data === undefined) return undefined;
  const { source, 'detail-type': type } = data;
  const isOneOf = (types: readonly string[]) => types.includes(type);
  if (source === COGNITO_ON_THE_BUS.source && isOneOf(COGNITO_ON_THE_BUS.types)) return 'cognito';
  if (source.startsWith(AUTH0_ON_THE_BUS.sourcePrefix) && isOneOf(AUTH0_ON_THE_BUS.types)) return 'auth0';
  return undefined;
}

export const NOT_OF_THE_BUS = 'the event is not of the source and the type that the provider sends';
