import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { absent, equal } from '../../shared/licensing/clause.ts';
import { DAY, plus } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Key, Table } from '../../shared/platform/ports/table.ts';
import { requestKey } from '../../shared/store/keys.ts';
import { type Kept, keepAnswer, keptOf, keptUntil, readAnswer } from './kept-answer.ts';
import { type HttpAnswer, problem, unreadable } from './problems.ts';

export type AnswerOnceDeps = { readonly table: Table; readonly clock: Clock };

/** Longer than a call can last: who began it so long ago does not go on with it. */
const LONGEST_CALL = 30_000;

const KEY = /^[!-~]{1,255}$/;

/**
 * Answers a request with an `Idempotency-Key` once: the same one again within 24 hours gets the same answer, another one
 * with the same key is refused. That it has begun is written before anything is done. Where a process died in between
 * the request is made again: each command is idempotent, or conditional on the version that the caller saw. An answer
 * that asks to try again is not kept.
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
      { place: 'Idempotency-Key', text: 'must be 1 to 255 visible characters, another one per request' },
    ]);
  }
  const digest = sha256([actor, header]);
  const begun = { fingerprint: fingerprintOf(event), begunAt: deps.clock.now() };
  const earlier = await begin(deps, requestKey(tenant, digest), begun);
  if (earlier === 'under way') return underWay();
  if (earlier?.fingerprint !== undefined && earlier.fingerprint !== begun.fingerprint) return reused();
  if (earlier?.answer !== undefined) return readAnswer(deps.table, { tenant, digest }, earlier.answer);

  const given = await answer().catch(async (error: unknown) => {
    await forget(deps, requestKey(tenant, digest), begun);
    throw error;
  });
  if (isKept(given)) await keepAnswer(deps.table, { tenant, digest }, begun, given);
  else await forget(deps, requestKey(tenant, digest), begun);
  return given;
}

type Begun = Pick<Kept, 'fingerprint' | 'begunAt'>;

/** What there is of an earlier request with the key; undefined: this one has begun now. */
async function begin(
  { table, clock }: AnswerOnceDeps,
  key: Key,
  begun: Begun,
): Promise<Kept | 'under way' | undefined> {
  const item = { ...key, ...begun, ttl: keptUntil(begun) };
  const first = await table.write([{ put: item, onlyIf: [absent('pk')] }]);
  if (first.done) return undefined;
  const [refusal] = first.refusals;
  if (refusal?.because !== 'condition' || refusal.item === undefined) return 'under way';
  const earlier = keptOf(refusal.item);
  const now = clock.now();
  // The table deletes what is over when it likes.
  const isOver = now >= plus(earlier.begunAt, DAY);
  if (!isOver && (earlier.answer !== undefined || earlier.fingerprint !== begun.fingerprint)) return earlier;
  if (!isOver && now < plus(earlier.begunAt, LONGEST_CALL)) return 'under way';
  const { done } = await table.write([{ put: item, onlyIf: [equal('begunAt', earlier.begunAt)] }]);
  return done ? undefined : 'under way';
}

async function forget({ table }: AnswerOnceDeps, key: Key, { begunAt }: Begun): Promise<void> {
  await table.write([{ delete: key, onlyIf: [equal('begunAt', begunAt)] }]);
}

function isKept({ statusCode = 500, body = '' }: HttpAnswer): boolean {
  return statusCode < 500 && !(statusCode === 409 && JSON.parse(body).code === 'conflict');
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

function underWay(): HttpAnswer {
  const detail = 'The same request was sent before and has no answer yet. Send it again in a moment.';
  return problem('in-progress', detail, {}, { 'retry-after': '5' });
}

function reused(): HttpAnswer {
  return problem('idempotency-key-reused', 'The key belongs to another request. Choose a new one for this request.');
}
