import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answerRequest } from '../../../functions/admin-api/answer-request.ts';
import type { CallRate } from '../../../functions/admin-api/call-rate.ts';
import type { Caller } from '../../../functions/admin-api/caller.ts';
import type { AdministerRequest } from '../../../shared/administration/administer-request.ts';
import type { AdministerDeps } from '../../../shared/administration/deps.ts';
import { executeCommand } from '../../../shared/administration/execute-command.ts';
import { defined } from '../../../shared/licensing/defined.ts';
import type { Role } from '../../../shared/licensing/vocabulary.ts';
import type { SessionDeps } from '../../../shared/sign-in/sessions/deps.ts';
import { signDownload, signUploadForm } from '../../fakes/command-world.ts';
import { memoryExecutions } from '../../fakes/memory-executions.ts';
import { memoryObjects } from '../../fakes/memory-objects.ts';
import { keyedHash } from '../../fakes/world.ts';

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: unknown;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
  readonly text: string;
};

const REFUSED = {
  unauthorized: { refused: 'unauthorized', reason: 'there is no bearer token' },
  forbidden: { refused: 'forbidden', reason: 'the token has no role', actor: 'mallory' },
} as const;

export const OLGA: Caller = { role: 'administrator', tenant: 'acme', actor: 'olga' };

/** What API Gateway makes of a call. */
function eventOf({ method, path, query = '', headers = {}, body }: Call): APIGatewayProxyEventV2 {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return defined({
    rawPath: path,
    rawQueryString: query,
    headers: { ...type, ...headers },
    requestContext: { http: { method, path } },
    body: text,
    isBase64Encoded: false,
  }) as APIGatewayProxyEventV2;
}

const isJson = (headers: Answer['headers'] = {}) => /json$/.test(String(headers['content-type']));

/** The administrator's API on a world, as the function composes it, and what it logs. */
export function apiOn(
  session: SessionDeps & Partial<Pick<AdministerDeps, 'objects' | 'executions'>>,
  rate: CallRate = () => 0,
) {
  const logged: unknown[][] = [];
  const log = (...line: unknown[]) => void logged.push(line);
  const renewals = {
    longestCall: 30_000,
    objects: memoryObjects(),
    executions: memoryExecutions(),
    signUploadForm,
    signDownload,
  };
  const administration = { ...renewals, ...session, log, keyedHash, cardHints: new Map(), vacancyHints: new Map() };
  let keys = 0;
  const call = async (given: Call, caller: Caller | 'unauthorized' | 'forbidden' = OLGA): Promise<Answer> => {
    keys += 1;
    const key = given.method === 'POST' ? { 'idempotency-key': `key-${keys}` } : {};
    const deps = {
      ...session,
      log,
      keyedHash,
      callRate: rate,
      identify: async () => (typeof caller === 'string' ? REFUSED[caller] : caller),
      administer: (request: AdministerRequest, role: Role) => executeCommand(administration, request, role),
    };
    const answer = await answerRequest(deps, eventOf({ ...given, headers: { ...key, ...given.headers } }));
    const text = answer.body ?? '';
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers ?? {},
      text,
      body: isJson(answer.headers) ? JSON.parse(text) : {},
    };
  };
  return { call, logged, caller: OLGA, ...renewals };
}
