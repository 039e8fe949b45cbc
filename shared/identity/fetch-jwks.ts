import type { FetchJwks } from './key-sets.ts';

/** Well inside the 0.8 s that the most impatient provider leaves us for everything. */
const LONGEST_WAIT = 500;
const MOST_BYTES = 128 * 1_024;

/** Only https, no redirects, half a second, 128 KiB. */
export const fetchJwks: FetchJwks = async (address) => {
  if (!address.startsWith('https://')) throw new Error('a key set is fetched by https only');
  return fetchJson(address);
};

/** The same, and of any port of this machine: the local stack's providers may be there. */
export const fetchJwksAlsoHere: FetchJwks = (address) => {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && hostname === '127.0.0.1' ? fetchJson(address) : fetchJwks(address);
};

async function fetchJson(address: string): Promise<unknown> {
  const response = await fetch(address, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(LONGEST_WAIT),
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
