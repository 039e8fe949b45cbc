import type { IncomingMessage } from 'node:http';
import { publicCall } from '../../platform/public-call.ts';
import type { FetchJwks } from './key-sets.ts';

/** Well within the time that the strictest provider allows for the whole call. */
const AT_A_LOGIN = 500;
/** On a developer's machine, which may be busy, no provider waits. */
const HERE = 5_000;
const MOST_BYTES = 128 * 1_024;

/**
 * Fetches a key set by https from public addresses only (`publicCall`), without redirects, up to 128 KiB, and within so
 * many milliseconds. With `alsoHere`, also from any port of this machine, where the local stack's providers are.
 */
export function fetchJwksWithin(longestWait: number, { alsoHere = false } = {}): FetchJwks {
  return async (address) => {
    const signal = AbortSignal.timeout(longestWait);
    const response = await get(new URL(address), signal, alsoHere);
    try {
      return await readJson(response);
    } finally {
      response.destroy();
    }
  };
}

export const fetchJwks = fetchJwksWithin(AT_A_LOGIN);
export const fetchJwksAlsoHere = fetchJwksWithin(HERE, { alsoHere: true });

function get(url: URL, signal: AbortSignal, mayBeLocal: boolean): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request, options } = publicCall(url, { mayBeLocal });
    const headers = { accept: 'application/jwk-set+json, application/json' };
    request(url, { ...options, headers, signal }, resolve)
      .on('error', reject)
      .end();
  });
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  if (response.statusCode !== 200) throw new Error(`the key set was answered with ${response.statusCode}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('the key set is too big');
    chunks.push(chunk);
  }
  const keySet: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  return keySet;
}
