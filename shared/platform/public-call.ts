import { lookup as lookUp } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isCallable, isLoopback, isPublicAddress, type Reach } from './public-address.ts';

/** The URL, or what its name leads to, is not on the public internet. */
export class InnerAddress extends Error {
  override readonly name = 'InnerAddress';
}

/**
 * How a URL that somebody else has chosen is called. The address is judged as it is connected to, so that a name that
 * leads elsewhere the second time leads nowhere. No redirect is followed. Throws `InnerAddress` for a URL that may not
 * be called.
 */
export function publicCall(url: URL, reach: Reach) {
  if (!isCallable(url, reach)) throw new InnerAddress('only public addresses are called, by https');
  return isLoopback(url)
    ? { request: httpRequest, options: { agent: false } }
    : { request: httpsRequest, options: { agent: false, lookup: publicLookUp } };
}

/** All addresses of a name, or an error when one of them is an inner one. */
export const publicLookUp: LookupFunction = publicLookUpBy(lookUp);

export function publicLookUpBy(ask: typeof lookUp): LookupFunction {
  return (hostname, options, callback) => {
    ask(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return callback(error ?? new Error('no address'), '');
      if (!addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new InnerAddress('the name leads to an inner address'), '');
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
