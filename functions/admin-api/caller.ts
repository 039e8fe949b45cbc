import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export const ROLES = ['administrator', 'viewer', 'operator'] as const;

export type Role = (typeof ROLES)[number];

/** Who calls, as a verified token says. A token is of one tenant, an operator's too. */
export type Caller = { readonly tenant: string; readonly role: Role; readonly actor: string };

/** Undefined without a token that counts; throws only for our own failures. */
export type Identify = (event: APIGatewayProxyEventV2) => Promise<Caller | undefined>;
