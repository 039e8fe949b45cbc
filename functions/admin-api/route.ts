import type * as z from 'zod/mini';
import type { AdministerRequest, RequestOf } from '../../shared/administration/administer-request.ts';
import type { RefusalCode } from '../../shared/administration/refusal.ts';
import type { Role } from '../../shared/licensing/vocabulary.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Members of a command's request, as a path, a query or a body names them. */
export type Members = Readonly<Record<string, unknown>>;

/** One route: an administrator's command over HTTP. Everything that serves it, describes it and tests it reads this row. */
export type Route = {
  /** Its name; the description calls it `operationId`. */
  readonly id: string;
  readonly topic:
    | 'tenant'
    | 'licenses'
    | 'folders'
    | 'user cards'
    | 'imports'
    | 'renewals'
    | 'advice'
    | 'history'
    | 'exports';
  readonly summary: string;
  readonly method: Method;
  /** What follows `/tenants/{tenant}`; a variable is a member of the command's request. */
  readonly path: string;
  readonly roles: readonly Role[];
  readonly command: AdministerRequest['command'];
  readonly query: readonly string[];
  /** Members that the body gives, or the one member that the whole body is. */
  readonly body: readonly string[] | string;
  /** What names the version in `If-Match`, where the change demands it. */
  readonly ifMatch?: 'number' | 'text';
  /** Makes the command's members of what path, query and body gave, where the command has other names for them. */
  readonly toCommand?: (members: Members) => Members;
  readonly success: 200 | 202;
  readonly answer: z.ZodMiniType;
  /** The answer's text is sent as a page of a file of this name; `Link` leads to the next page. */
  readonly file?: string;
  /** What the command may refuse with, beside what every route may answer. */
  readonly codes: readonly RefusalCode[];
};

type Row<Command extends AdministerRequest['command']> = Pick<
  Route,
  'topic' | 'summary' | 'method' | 'path' | 'roles' | 'answer' | 'ifMatch' | 'toCommand' | 'file'
> & {
  /** Without it the command's own name. */
  readonly id?: string;
  readonly command: Command;
  readonly query?: readonly Member<Command>[];
  readonly body?: readonly Member<Command>[] | Member<Command>;
  readonly success?: 202;
  readonly codes?: Route['codes'];
};

type Member<Command extends AdministerRequest['command']> = Exclude<
  keyof RequestOf<Command> & string,
  'tenant' | 'actor' | 'command' | 'expectedVersion'
>;

export function route<const Command extends AdministerRequest['command']>(row: Row<Command>): Route {
  return { id: row.command, query: [], body: [], success: 200, codes: [], ...row };
}

export const EVERYBODY: readonly Role[] = ['administrator', 'viewer', 'operator'];
export const OPERATOR: readonly Role[] = ['operator'];
export const ADMINISTRATOR: readonly Role[] = ['administrator'];
/** What an operator does when a tenant is made or something failed there. */
export const ADMINISTRATOR_OR_OPERATOR: readonly Role[] = ['administrator', 'operator'];
