import createClient from 'openapi-fetch';
import type { paths } from '../described/api.ts';
import { renewToken, token } from '../sign-in/session.ts';
import { encodeSegment } from './path-segment.ts';
import { Problem } from './problem.ts';
import { sendPatiently } from './send-patiently.ts';
import { waitShown } from './waits.ts';

/** The API, as its description types it. Path texts are written by the rule of the API. */
export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  pathSerializer: (path, values) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeSegment(String(values[name] ?? ''))),
  fetch: fetchWithToken,
});

/** Sends a request with the token of the session. */
export async function fetchWithToken(request: Request): Promise<Response> {
  const answer = await sendWithToken(request.clone());
  // The clock of the service may be ahead of the browser's: then the token has ended although it looks valid.
  return answer.status === 401 && (await renewToken()) ? sendWithToken(request) : answer;
}

async function sendWithToken(request: Request): Promise<Response> {
  request.headers.set('authorization', `Bearer ${(await token()) ?? ''}`);
  return sendPatiently(request, { send: fetch, wait: waitShown });
}

type Call<T> = Promise<{ data?: T | undefined; error?: unknown; response: Response }>;

/** Returns the body of an answer. Throws a `Problem` for an answer that is not a success. */
export async function read<T>(call: Call<T>): Promise<T> {
  const { data, error, response } = await call;
  if (data === undefined || !response.ok) throw Problem.of(response.status, error);
  return data;
}

/** The header that names the version which a change is meant for. */
export const ifMatch = (version: number | string) => ({ 'If-Match': `"${version}"` });

/** A new key for one intent. It is kept when the same change is sent again. */
export const newIntent = () => crypto.randomUUID();
export const intent = (key: string) => ({ 'Idempotency-Key': key });
