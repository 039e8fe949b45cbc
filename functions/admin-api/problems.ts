import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import type { RefusalCode } from '../../shared/administration/refusal.ts';
import { RENEWAL_STATUSES } from '../../shared/licensing/vocabulary.ts';
import type { RequestFault } from '../../shared/platform/validation.ts';

/** Problems of HTTP, beside the refusals of commands. */
type HttpCode =
  | 'unauthorized'
  | 'not-found'
  | 'method-not-allowed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'precondition-required'
  | 'idempotency-key-reused'
  | 'in-progress'
  | 'too-many-calls';

export type ProblemCode = RefusalCode | HttpCode;

export type ProblemKind = {
  readonly status: number;
  readonly title: string;
  /** Further members of a problem with this code. */
  readonly extras?: z.core.$ZodShape;
};

const fault = z.strictObject({ place: z.string(), text: z.string() });
const version = z.union([z.int(), z.string()]);
const someText = z.exactOptional(z.string());

/** Every problem that the API answers with, by its stable code. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  unauthorized: { status: 401, title: 'There is no valid token' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  'not-found': { status: 404, title: 'There is nothing under this path' },
  'method-not-allowed': { status: 405, title: 'This path does not allow the method' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'precondition-required': { status: 428, title: 'The request does not name the version that it changes' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'in-progress': { status: 409, title: 'The same request is still being processed' },
  'too-many-calls': { status: 429, title: 'This caller calls too often', extras: { retryAfter: z.int() } },
  busy: {
    status: 429,
    title: 'Another call is reading all data of the tenant',
    extras: { retryAfter: z.int() },
  },
  'unknown-tenant': { status: 404, title: 'There is no such tenant' },
  'unknown-license': { status: 404, title: 'There is no such license' },
  'unknown-user': { status: 404, title: 'There is no such user card' },
  'unknown-folder': { status: 404, title: 'There is no such folder' },
  'unknown-import': { status: 404, title: 'There is no such finished import' },
  'unknown-preview': { status: 404, title: 'There is no such preview of an import' },
  'unknown-upload': { status: 404, title: 'There is no such upload' },
  'unknown-renewal': { status: 404, title: 'There is no such renewal' },
  'unknown-hook': { status: 404, title: 'There is no such hook' },
  'unknown-webhook': { status: 404, title: 'There is no webhook' },
  'in-use': { status: 409, title: 'It is in use', extras: { currentUser: someText, since: someText } },
  assigned: { status: 409, title: 'It is assigned to somebody', extras: { assignedTo: z.string() } },
  'folder-not-empty': {
    status: 409,
    title: 'Something stands in the folder, or names it',
    extras: { licenses: z.int(), userCards: z.int(), settings: z.array(z.string()) },
  },
  'not-dedicated': { status: 409, title: 'The license is floating' },
  'has-license': { status: 409, title: 'The user has a license of the same class', extras: { serialNumber: someText } },
  'no-free-license': { status: 409, title: 'No license of the class is free' },
  'held-back': { status: 409, title: 'The license is held back for a renewal' },
  'set-aside': { status: 409, title: 'It is in zOld, where licenses wait for deletion' },
  expired: { status: 409, title: 'The term of the license has ended', extras: { expiresOn: z.string() } },
  deleted: { status: 410, title: 'It was deleted', extras: { deletedAt: z.string() } },
  'user-card-in-z-old': { status: 409, title: 'A user card cannot be in zOld' },
  'renewal-running': {
    status: 409,
    title: 'Another renewal is not finished',
    extras: {
      renewalId: z.string(),
      status: z.enum(RENEWAL_STATUSES),
      until: someText,
      heldUpBy: z.array(z.strictObject({ serialNumber: z.string(), user: z.string(), since: someText })),
    },
  },
  'own-erasure': { status: 409, title: 'Nobody can erase themselves' },
  'stale-version': {
    status: 412,
    title: 'It has changed since it was read',
    extras: { version: z.exactOptional(version) },
  },
  'invalid-request': {
    status: 400,
    title: 'The request is invalid',
    extras: {
      faults: z.array(fault),
      shortfall: z.exactOptional(z.array(z.looseObject({ serialNumber: z.string() }))),
    },
  },
  conflict: {
    status: 409,
    title: 'A concurrent change, or the present state, does not allow it',
    extras: {
      renewalId: someText,
      status: someText,
      differences: z.exactOptional(z.array(z.looseObject({ what: z.string() }))),
    },
  },
};

/** Returns the URI of a problem's description, which is in the API's own document. */
function problemType(code: ProblemCode): string {
  return `/openapi.json#/components/schemas/${code}`;
}

export type Extras = Readonly<Record<string, unknown>>;

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** Returns an answer with problem details (RFC 9457). */
export function problem(
  code: ProblemCode,
  detail: string,
  extras: Extras = {},
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  const { status, title } = PROBLEMS[code];
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ ...extras, type: problemType(code), title, status, code, detail }),
  };
}

export function unreadable(faults: readonly RequestFault[]): HttpAnswer {
  return problem('invalid-request', faults.map(({ place, text }) => `${place}: ${text}`).join('; '), { faults });
}
