import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { absent, equal } from '../../shared/licensing/clause.ts';
import { DAY, plus } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Key, Table } from '../../shared/platform/ports/table.ts';
import { requestKey } from '../../shared/store/keys.ts';
import { type HttpAnswer, problem, unreadable } from './problems.ts';
import {
  decodeRequest,
  expiryOf,
  readAnswer,
  type StoredAnswer,
  type StoredRequest,
  storeAnswer,
} from './stored-answer.ts';

export type AnswerOnceDeps = { readonly table: Table; readonly clock: Clock };

/** Longer than a call can last, in milliseconds. A call that began earlier has died. */
export const LONGEST_CALL = 30_000;

const KEY = /^[!-~]{1,255}$/;

/**
 * Answers a request with an `Idempotency-Key` once. For 24 hours, the same request with the same key gets the stored
 * answer, and another request with this key is refused. The beginning of a request is stored before its command runs.
 * If the process dies, a later request with the key runs the command again. This is safe, because each command is
 * idempotent or depends on the version that the caller saw. An answer that asks for a retry is not stored.
 */
export async function answerOnce(
  deps: AnswerOnceDeps,
  event: APIGatewayProxyEventV2,
  { tenant, actor }: { readonly tenant: string; readonly actor: string },
  answer: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const header = event.headers['idempotency-key'] ?? '';
  if (!KEY.test(header)) {
    return unreadable([
      { place: 'Idempotency-Key', text: 'must be 1 to 255 visible ASCII characters, and a new one for each request' },
    ]);
  }
  const digest = sha256([actor, header]);
  const begun = { fingerprint: fingerprintOf(event), begunAt: deps.clock.now() };
  const start = await begin(deps, requestKey(tenant, digest), begun);
  switch (start.kind) {
    case 'in-progress':
      return inProgress();
    case 'reused':
      return reused();
    case 'answered':
      return readAnswer(deps.table, { tenant, digest }, start.answer);
    case 'begun':
      break;
  }

  const given = await answer().catch(async (error: unknown) => {
    await forget(deps, requestKey(tenant, digest), begun);
    throw error;
  });
  if (isStored(given)) await storeAnswer(deps.table, { tenant, digest }, begun, given);
  else await forget(deps, requestKey(tenant, digest), begun);
  return given;
}

type Begun = Pick<StoredRequest, 'fingerprint' | 'begunAt'>;

type Start =
  | { readonly kind: 'begun' }
  | { readonly kind: 'in-progress' }
  /** The key belongs to another request. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer };

/** Stores that the request has begun, unless an earlier request with its key is stored. */
async function begin({ table, clock }: AnswerOnceDeps, key: Key, begun: Begun): Promise<Start> {
  const item = { ...key, ...begun, ttl: expiryOf(begun) };
  const first = await table.write([{ put: item, onlyIf: [absent('pk')] }]);
  if (first.done) return { kind: 'begun' };
  const [refusal] = first.refusals;
  if (refusal?.because !== 'condition' || refusal.item === undefined) return { kind: 'in-progress' };
  const earlier = decodeRequest(refusal.item);
  const now = clock.now();
  // DynamoDB's TTL is lazy, so the time is compared here.
  if (now < plus(earlier.begunAt, DAY)) {
    if (earlier.fingerprint !== begun.fingerprint) return { kind: 'reused' };
    if (earlier.answer !== undefined) return { kind: 'answered', answer: earlier.answer };
    if (now < plus(earlier.begunAt, LONGEST_CALL)) return { kind: 'in-progress' };
  }
  const { done } = await table.write([{ put: item, onlyIf: [equal('begunAt', earlier.begunAt)] }]);
  return { kind: done ? 'begun' : 'in-progress' };
}

async function forget({ table }: AnswerOnceDeps, key: Key, { begunAt }: Begun): Promise<void> {
  await table.write([{ delete: key, onlyIf: [equal('begunAt', begunAt)] }]);
}

function isStored({ statusCode = 500, body = '' }: HttpAnswer): boolean {
  return statusCode < 500 && statusCode !== 429 && !(statusCode === 409 && JSON.parse(body).code === 'conflict');
}

function fingerprintOf({
  requestContext,
  rawPath,
  rawQueryString,
  headers,
  body = '',
}: APIGatewayProxyEventV2): string {
  return sha256([requestContext.http.method, rawPath, rawQueryString, headers['if-match'] ?? '', body]);
}

function sha256(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function inProgress(): HttpAnswer {
  const detail = 'The same request is still being processed. Send it again in a moment.';
  return problem('in-progress', detail, {}, { 'retry-after': '5' });
}

function reused(): HttpAnswer {
  return problem('idempotency-key-reused', 'The key belongs to another request. Choose a new one for this request.');
}
