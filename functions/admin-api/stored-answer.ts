import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { equal } from '../../shared/licensing/clause.ts';
import { DAY, epochSeconds, plus } from '../../shared/licensing/time.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { answerPartKey, requestKey } from '../../shared/store/keys.ts';
import type { HttpAnswer } from './problems.ts';

const answer = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  /** The first part of the compressed body. The other parts are items of their own. */
  body: z.string(),
  parts: z.int(),
});

const storedRequest = z.object({
  fingerprint: z.string(),
  begunAt: z.string(),
  ttl: z.int(),
  answer: z.exactOptional(answer),
});

/** A request with an `Idempotency-Key`. It has no answer yet while its command runs. */
export type StoredRequest = z.infer<typeof storedRequest>;

export type StoredAnswer = z.infer<typeof answer>;

/** How many characters of a body one item holds. An item of the table has at most 400 KB. */
const PART = 350_000;

export function decodeRequest(item: Item): StoredRequest {
  return storedRequest.parse(item);
}

/** Returns the TTL of what is stored of a request, in seconds since 1970. */
export function expiryOf({ begunAt }: Pick<StoredRequest, 'begunAt'>): number {
  return epochSeconds(plus(begunAt, DAY));
}

export type RequestName = { readonly tenant: string; readonly digest: string };

/** Stores the answer with its request, unless a later call has begun the request again. */
export async function storeAnswer(
  table: Table,
  { tenant, digest }: RequestName,
  { begunAt }: Pick<StoredRequest, 'begunAt'>,
  { statusCode = 200, headers = {}, body = '' }: HttpAnswer,
): Promise<void> {
  const key = requestKey(tenant, digest);
  const packed = gzipSync(body).toString('base64');
  const [first = '', ...others] = packed.match(PARTS) ?? [];
  const ttl = expiryOf({ begunAt });
  for (const [index, text] of others.entries()) {
    await table.write([{ put: { ...answerPartKey(tenant, digest, index + 1), text, ttl } }]);
  }
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const value = { statusCode, headers: texts, body: first, parts: others.length };
  await table.write([{ update: key, set: [['answer', value]], onlyIf: [equal('begunAt', begunAt)] }]);
}

const PARTS = new RegExp(`.{1,${PART}}`, 'g');

const part = z.object({ text: z.string() });

/** Reads the answer as it was first given. */
export async function readAnswer(
  table: Table,
  { tenant, digest }: RequestName,
  { statusCode, headers, body, parts }: StoredAnswer,
): Promise<HttpAnswer> {
  const keys = Array.from({ length: parts }, (_, index) => answerPartKey(tenant, digest, index + 1));
  const others = (await table.getMany(keys)).map((item) => part.parse(item).text);
  return { statusCode, headers, body: gunzipSync(Buffer.from([body, ...others].join(''), 'base64')).toString() };
}
