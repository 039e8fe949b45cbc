import { lookup as lookUp } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isCallable, isLoopback, isPublicAddress, type Reach } from './public-address.ts';

/** The URL, or the address of its host name, is not on the public internet. */
export class InnerAddress extends Error {
  override readonly name = 'InnerAddress';
}

/**
 * Returns how to call a URL that somebody else has chosen. The address is judged at the moment of connecting, so a host
 * name that later resolves to an inner address is not called. Redirects are not followed. Throws `InnerAddress` for a
 * URL that must not be called.
 */
export function publicCall(url: URL, reach: Reach) {
  if (!isCallable(url, reach)) throw new InnerAddress('only public addresses are called, by https');
  return isLoopback(url)
    ? { request: httpRequest, options: { agent: false } }
    : { request: httpsRequest, options: { agent: false, lookup: publicLookUp } };
}

/** Looks up all addresses of a host name. Fails with `InnerAddress` when one of them is not public. */
export const publicLookUp: LookupFunction = publicLookUpBy(lookUp);

/** Returns a look-up by `ask` that accepts public addresses only. */
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
