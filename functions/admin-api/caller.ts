import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Bearer } from '../../shared/identity/access-token.ts';

/** Who calls: an operator of any tenant, everybody else of their own. */
export type Caller = Bearer;

/**
 * `unauthorized` without a token that proves anything, `forbidden` for one that gives nobody a role here. Throws when
 * nobody can tell.
 */
export type Identify = (event: APIGatewayProxyEventV2) => Promise<Caller | 'unauthorized' | 'forbidden'>;
