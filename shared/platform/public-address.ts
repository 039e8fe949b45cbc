import { BlockList, isIP } from 'node:net';

/**
 * Addresses that a URL chosen by somebody else must not reach: this machine, private and link-local networks, and
 * addresses that stand for others.
 */
const INNER = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  INNER.addSubnet(network, prefix, 'ipv4');
}
/** The part of IPv6 that is assigned to the public internet. Tunnels into IPv4 are among the inner addresses. */
const PUBLIC_IPV6 = new BlockList();
PUBLIC_IPV6.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  INNER.addSubnet(network, prefix, 'ipv6');
}

/** Returns whether an IPv4 or IPv6 address is on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !INNER.check(address, 'ipv4');
  return isIP(address) === 6 && PUBLIC_IPV6.check(address, 'ipv6') && !INNER.check(address, 'ipv6');
}

/** Returns whether the URL leads to this machine by http. Only the local stack calls such a URL. */
export function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && hostname === '127.0.0.1';
}

/** `mayBeLocal` is set only on the local stack, whose receivers and providers are on this machine. */
export type Reach = { readonly mayBeLocal?: boolean };

/**
 * Returns whether the service may call a URL that somebody else has chosen: by https on the public internet, without a
 * password. An address in digits is judged here. A host name is looked up and judged at each call (`public-call.ts`).
 */
export function isCallable(url: URL, { mayBeLocal = false }: Reach = {}): boolean {
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  if (isLoopback(url)) return mayBeLocal;
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  return url.protocol === 'https:' && (isIP(host) === 0 ? host.includes('.') : isPublicAddress(host));
}

const LONGEST = 2_048;

export const NOT_AN_ADDRESS =
  'must be an https address on the public internet, without a password, of at most 2048 characters';

/** Returns whether a tenant may use this address for its webhook or for the keys of its provider. */
export function isWebhookAddress(text: string, reach: Reach = {}): boolean {
  const url = text.length <= LONGEST ? URL.parse(text) : null;
  return url !== null && isCallable(url, reach);
}
