import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Bearer } from '../../shared/sign-in/providers/access-token.ts';

/** The caller. An operator may call for any tenant, and everybody else for their own. */
export type Caller = Bearer;

/**
 * A call that is not allowed: `unauthorized` without a valid token, `forbidden` for a token that gives its subject no
 * role. The reason says which check fails, and never what the token contains.
 */
export type Refused =
  | { readonly refused: 'unauthorized'; readonly reason: string }
  | { readonly refused: 'forbidden'; readonly reason: string; readonly actor: string };

/** Throws when the identity provider's keys are not available. */
export type Identify = (event: APIGatewayProxyEventV2) => Promise<Caller | Refused>;
