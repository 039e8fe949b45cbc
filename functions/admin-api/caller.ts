import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Bearer } from '../../shared/sign-in/providers/access-token.ts';

/** Who calls: an operator of any tenant, everybody else of their own. */
export type Caller = Bearer;

/**
 * Nobody who may call: `unauthorized` without a token that proves anything, `forbidden` for one that gives its subject
 * no role here. The reason tells what fails, never what the token holds.
 */
export type Refused =
  | { readonly refused: 'unauthorized'; readonly reason: string }
  | { readonly refused: 'forbidden'; readonly reason: string; readonly actor: string };

/** Throws when nobody can tell. */
export type Identify = (event: APIGatewayProxyEventV2) => Promise<Caller | Refused>;
