import type { IncomingMessage } from 'node:http';

/**
 * Returns why a port of the local stack refuses a request, or undefined if it accepts it. A web page of another origin
 * may not use the stack: browsers name the page's origin in `Origin`, and the kind of the request in `Sec-Fetch-Site`.
 * A page whose name was made to lead to this machine shows its name in `Host`. Programs send neither of the two, and
 * the address in `Host`.
 */
export function foreignRequest(
  { headers, method, socket }: Pick<IncomingMessage, 'headers' | 'method' | 'socket'>,
  origins: readonly string[],
): string | undefined {
  const port = socket.localPort;
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) {
    return `This port answers to 127.0.0.1:${port} and localhost:${port} only, not to the Host ${headers.host}.`;
  }
  const { origin } = headers;
  if (origin !== undefined) {
    return origins.includes(origin) ? undefined : `Pages of the origin ${origin} may not use this port.`;
  }
  const site = headers['sec-fetch-site'];
  const isFromOtherPage = site === 'cross-site' || site === 'same-site';
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  return isFromOtherPage && !followsLink ? 'Pages of another origin may not use this port.' : undefined;
}
