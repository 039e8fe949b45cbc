import type * as z from 'zod/mini';
import type { AdministerRequest, OneTenantRequest, RequestOf } from '../../shared/administration/administer-request.ts';
import type { RefusalCode } from '../../shared/administration/refusal.ts';
import type { Role } from '../../shared/licensing/vocabulary.ts';
import type { KeyedHash } from '../../shared/platform/keyed-hash.ts';
import type { Caller } from './caller.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Members of a request, by the names that path, query and body have for them. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * A route, which makes an administrator's command available over HTTP. It is served, described and tested from here.
 */
export type Route = {
  /** The name of the route. The API's description has it as `operationId`. */
  readonly id: string;
  readonly topic:
    | 'service'
    | 'tenant'
    | 'licenses'
    | 'folders'
    | 'user cards'
    | 'imports'
    | 'renewals'
    | 'usage'
    | 'advice'
    | 'history'
    | 'exports';
  readonly summary: string;
  readonly method: Method;
  /** The path. Its variables are members of the command's request. */
  readonly path: string;
  readonly roles: readonly Role[];
  readonly command: AdministerRequest['command'];
  readonly query: readonly string[];
  /** The members that the body has, or the name of the one member that is the whole body. */
  readonly body: readonly string[] | string;
  /** The type of the version in `If-Match`, if the change requires it. */
  readonly ifMatch?: 'number' | 'text';
  /** Set if the route changes nothing although it is a POST, because its question needs a body. */
  readonly onlyReads?: true;
  /** Converts the members of path, query and body to those of the command, if they differ. */
  readonly toCommand?: (members: Members) => Members;
  /** Returns the members of the command that come from the token. */
  readonly fromCaller?: (caller: Caller) => Members;
  readonly success: 200 | 202;
  readonly answer: z.ZodMiniType;
  /** The answer with 202, if the route also has results that are read later. */
  readonly later?: z.ZodMiniType;
  /** The name of the file that the answer is downloaded as, a page at a time. `Link` leads to the next page. */
  readonly file?: string;
  /**
   * The member of the answer that is a secret. An answer is stored for its `Idempotency-Key` without it, and the secret
   * is made again each time the answer is given.
   */
  readonly secret?: {
    readonly member: string;
    readonly make: (keyedHash: KeyedHash, tenant: string, answer: object) => Promise<string>;
  };
  /** The codes of the command's refusals, beside the problems that every route has. */
  readonly codes: readonly RefusalCode[];
};

type Row<Command extends AdministerRequest['command']> = Pick<
  Route,
  | 'topic'
  | 'summary'
  | 'method'
  | 'path'
  | 'roles'
  | 'answer'
  | 'later'
  | 'ifMatch'
  | 'onlyReads'
  | 'toCommand'
  | 'fromCaller'
  | 'file'
  | 'secret'
> & {
  /** The command's name by default. */
  readonly id?: string;
  readonly command: Command;
  readonly query?: readonly (Member<Command> | 'actor')[];
  readonly body?: readonly Member<Command>[] | Member<Command>;
  readonly success?: 202;
  readonly codes?: Route['codes'];
};

type Member<Command extends AdministerRequest['command']> = Exclude<
  keyof RequestOf<Command> & string,
  'tenant' | 'actor' | 'command' | 'expectedVersion'
>;

/**
 * Returns the command's member for a parameter. The command's own actor is the caller, so a filter has another name.
 */
export function memberOf(parameter: string): string {
  return parameter === 'actor' ? 'by' : parameter;
}

/** Returns a route of one tenant. Its path stands below `/tenants/{tenant}`. */
export function route<const Command extends OneTenantRequest['command']>(row: Row<Command>): Route {
  return serviceRoute({ ...row, path: `/tenants/{tenant}${row.path}` });
}

/** Returns a route whose path names no tenant. The command gets the tenant of the token, if there is one. */
export function serviceRoute<const Command extends AdministerRequest['command']>(row: Row<Command>): Route {
  return { id: row.command, query: [], body: [], success: 200, codes: [], ...row };
}

export const EVERYBODY: readonly Role[] = ['administrator', 'viewer', 'operator'];
export const OPERATOR: readonly Role[] = ['operator'];
export const ADMINISTRATOR: readonly Role[] = ['administrator'];
/** For tasks that an operator does as well, when a tenant is set up or something has failed. */
export const ADMINISTRATOR_OR_OPERATOR: readonly Role[] = ['administrator', 'operator'];
