import type { IncomingMessage } from 'node:http';

/** The names of this machine. The port may be another one, because people forward ports. */
const HERE = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/**
 * Returns why a port of the local stack refuses a request, or undefined if it accepts the request. Web pages may not
 * use the stack, except pages of the given origins. A browser names the page's origin in `Origin`, and says in
 * `Sec-Fetch-Site` where a request without it comes from. A page whose name was made to lead to this machine has that
 * name in `Host`. Programs send neither of the first two, and the address as `Host`.
 */
export function foreignRequest(
  { headers, method }: Pick<IncomingMessage, 'headers' | 'method'>,
  origins: readonly string[] = [],
): string | undefined {
  const { host, origin } = headers;
  if (!HERE.test(host ?? '')) return 'This port answers to 127.0.0.1 and localhost only, not to another Host.';
  if (origin !== undefined) {
    return origins.includes(origin) ? undefined : 'Pages of this Origin may not use this port.';
  }
  const site = headers['sec-fetch-site'];
  const isFromOtherPage = site === 'cross-site' || site === 'same-site';
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  return isFromOtherPage && !followsLink ? 'Pages of another origin may not use this port.' : undefined;
}
