import * as z from 'zod/mini';
import { foreign } from './session-event.ts';

/**
 * The proof of an event of EventBridge: only AWS can send events whose source begins with `aws.`, and only the partner
 * those of `aws.partner/…` on the partner's bus.
 */
export const COGNITO_ON_THE_BUS = {
  source: 'aws.cognito-idp',
  types: ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
} as const;

export const AUTH0_ON_THE_BUS = { sourcePrefix: 'aws.partner/auth0.com/', types: ['Auth0 log'] } as const;

const envelope = z.object({ source: z.string(), 'detail-type': z.string() });

/** Returns whether the input has the form of an EventBridge event, whoever sent it. */
export function isBusEvent(event: unknown): boolean {
  return z.safeParse(envelope, event).success;
}

/**
 * Returns the provider of an EventBridge event by its source and type. Returns undefined when it belongs to none of
 * them.
 */
export function busSenderOf(event: unknown): 'cognito' | 'auth0' | undefined {
  const { data } = z.safeParse(envelope, event);
  if (data === undefined) return undefined;
  const { source, 'detail-type': type } = data;
  const isOneOf = (types: readonly string[]) => types.includes(type);
  if (source === COGNITO_ON_THE_BUS.source && isOneOf(COGNITO_ON_THE_BUS.types)) return 'cognito';
  if (source.startsWith(AUTH0_ON_THE_BUS.sourcePrefix) && isOneOf(AUTH0_ON_THE_BUS.types)) return 'auth0';
  return undefined;
}

export const NOT_OF_THE_BUS = foreign('the event is not of the source and the type that the provider sends');
