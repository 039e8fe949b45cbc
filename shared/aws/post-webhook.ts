import { lookup as lookUp } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopback, isPublicAddress } from '../events/webhook-address.ts';

/** What came of a delivery: the status that answered, or why there was none. */
export type PostAnswer = { readonly status: number } | { readonly failed: 'address' | 'time' | 'connection' };

export type PostWebhook = (
  url: string,
  message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
) => Promise<PostAnswer>;

/** All of one delivery: name, connection, request and the answer's head. */
const ANSWERED_WITHIN = 5_000;

class InnerAddress extends Error {}

/**
 * Posts by https to public addresses only. The address is judged as it is connected to, so that a name that leads
 * elsewhere the second time leads nowhere; redirects are not followed, and of the answer only the status is read.
 */
export function postWebhook({
  mayBeLocal,
  answeredWithin = ANSWERED_WITHIN,
}: {
  readonly mayBeLocal: boolean;
  readonly answeredWithin?: number;
}): PostWebhook {
  return (text, { body, headers }) => {
    const url = new URL(text);
    const isLocal = mayBeLocal && isLoopback(url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!isLocal && (url.protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host)))) {
      return Promise.resolve({ failed: 'address' });
    }
    const open = isLocal ? httpRequest : httpsRequest;
    return new Promise((resolve) => {
      const lookup = isLocal ? {} : { lookup: publicLookUp };
      const call = open(url, { method: 'POST', agent: false, headers, ...lookup }, (response) => {
        resolve({ status: response.statusCode ?? 0 });
        response.destroy();
      });
      const timer = setTimeout(() => {
        resolve({ failed: 'time' });
        call.destroy();
      }, answeredWithin);
      call.on('error', (error) => resolve({ failed: error instanceof InnerAddress ? 'address' : 'connection' }));
      call.on('close', () => clearTimeout(timer));
      call.end(body);
    });
  };
}

/** All addresses of a name, or an error when one of them is an inner one. */
export const publicLookUp: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) return callback(error ?? new Error('no address'), '');
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(new InnerAddress(), '');
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
