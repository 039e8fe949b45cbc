import type { FetchJwks } from './key-sets.ts';

/** Well inside the 0.8 s that the most impatient provider leaves us for everything. */
const AT_A_LOGIN = 500;
/** Nobody is impatient on this machine, which may be busy. */
const HERE = 5_000;
const MOST_BYTES = 128 * 1_024;

/**
 * Only https, no redirects, 128 KiB, and no longer than so many milliseconds. `alsoHere`: of any port of this machine as
 * well, where the local stack's providers are.
 */
export function fetchJwksWithin(longestWait: number, { alsoHere = false } = {}): FetchJwks {
  return async (address) => {
    const { protocol, hostname } = new URL(address);
    const isHere = protocol === 'http:' && hostname === '127.0.0.1';
    if (protocol !== 'https:' && !(alsoHere && isHere)) throw new Error('a key set is fetched by https only');
    return fetchJson(address, longestWait);
  };
}

export const fetchJwks = fetchJwksWithin(AT_A_LOGIN);
export const fetchJwksAlsoHere = fetchJwksWithin(HERE, { alsoHere: true });

async function fetchJson(address: string, longestWait: number): Promise<unknown> {
  const response = await fetch(address, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(longestWait),
  });
  if (!response.ok || response.body === null) throw new Error(`the key set was answered with ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('the key set is too big');
    chunks.push(chunk);
  }
  const keySet: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  return keySet;
}
