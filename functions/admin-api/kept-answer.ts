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
  /** The first part of the body, compressed; the others stand beside it. */
  body: z.string(),
  parts: z.int(),
});

const kept = z.object({
  fingerprint: z.string(),
  begunAt: z.string(),
  ttl: z.int(),
  answer: z.exactOptional(answer),
});

/** A request with an `Idempotency-Key`: begun, and later answered. */
export type Kept = z.infer<typeof kept>;

/** Characters of one item: a table's item has at most 400 KB. */
const PART = 350_000;

export function keptOf(item: Item): Kept {
  return kept.parse(item);
}

/** When what is kept of a request is garbage, as the table's time to live counts. */
export function keptUntil({ begunAt }: Pick<Kept, 'begunAt'>): number {
  return epochSeconds(plus(begunAt, DAY));
}

export type RequestName = { readonly tenant: string; readonly digest: string };

/** Keeps an answer beside its request, unless somebody else has begun the request again meanwhile. */
export async function keepAnswer(
  table: Table,
  { tenant, digest }: RequestName,
  { begunAt }: Pick<Kept, 'begunAt'>,
  { statusCode = 200, headers = {}, body = '' }: HttpAnswer,
): Promise<void> {
  const key = requestKey(tenant, digest);
  const packed = gzipSync(body).toString('base64');
  const [first = '', ...others] = packed.match(PARTS) ?? [];
  const ttl = keptUntil({ begunAt });
  for (const [index, text] of others.entries()) {
    await table.write([{ put: { ...answerPartKey(tenant, digest, index + 1), text, ttl } }]);
  }
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const value = { statusCode, headers: texts, body: first, parts: others.length };
  await table.write([{ update: key, set: [['answer', value]], onlyIf: [equal('begunAt', begunAt)] }]);
}

const PARTS = new RegExp(`.{1,${PART}}`, 'g');

const part = z.object({ text: z.string() });

/** The answer as it was given. */
export async function readAnswer(
  table: Table,
  { tenant, digest }: RequestName,
  { statusCode, headers, body, parts }: NonNullable<Kept['answer']>,
): Promise<HttpAnswer> {
  const keys = Array.from({ length: parts }, (_, index) => answerPartKey(tenant, digest, index + 1));
  const others = (await table.getMany(keys)).map((item) => part.parse(item).text);
  return { statusCode, headers, body: gunzipSync(Buffer.from([body, ...others].join(''), 'base64')).toString() };
}
