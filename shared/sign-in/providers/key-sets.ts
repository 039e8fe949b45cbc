import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod/mini';
import { type Instant, MINUTE } from '../../licensing/time.ts';

/** Fetches a key set, in a bounded time and size; throws when it cannot. */
export type FetchJwks = (address: string) => Promise<unknown>;

/** The signing keys of providers, as jose asks for them. */
export type KeySets = (source: string | JSONWebKeySet, now: Instant) => JWTVerifyGetKey;

/** The keys could not be had: nothing is known about the token, and it may be sent again. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const LONGEST_AGE = 10 * MINUTE;
/** A sender of unknown key ids, or a provider that is down, causes no more than one fetch in this time. */
const PAUSE = MINUTE / 6;
/** Keys that cannot be fetched again are used this long: a provider that is down for a night does not end the logins. */
const LONGEST_STALE_AGE = 24 * 60 * MINUTE;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

type Cached = { readonly keys: JWTVerifyGetKey; readonly fetchedAt: number };
type Entry = { cached?: Cached; pausedUntil: number; running?: Promise<Cached | undefined> };

/**
 * Keeps fetched key sets for ten minutes, and fetches again at once for an unknown key id (a rotation). Keys stay
 * imported, so that with a known one a token's verification costs nothing but the signature.
 */
export function cachedKeySets(fetchJwks: FetchJwks): KeySets {
  const fetched = new Map<string, Entry>();
  const given = new WeakMap<JSONWebKeySet, JWTVerifyGetKey>();

  async function refresh(address: string, entry: Entry, now: number): Promise<Cached | undefined> {
    entry.running ??= load(address, now).finally(() => {
      delete entry.running;
    });
    const cached = await entry.running;
    if (cached === undefined) entry.pausedUntil = now + PAUSE;
    else entry.cached = cached;
    return cached;
  }

  async function load(address: string, now: number): Promise<Cached | undefined> {
    try {
      const { keys } = z.parse(keySet, await fetchJwks(address));
      return { keys: createLocalJWKSet({ keys }), fetchedAt: now };
    } catch {
      return undefined;
    }
  }

  function fromAddress(address: string, now: number): JWTVerifyGetKey {
    return async (header, token) => {
      const entry: Entry = fetched.get(address) ?? { pausedUntil: 0 };
      fetched.set(address, entry);
      let cached = entry.cached;
      const isOld = cached === undefined || now - cached.fetchedAt >= LONGEST_AGE;
      if (isOld && now >= entry.pausedUntil) cached = (await refresh(address, entry, now)) ?? cached;
      if (cached === undefined || now - cached.fetchedAt > LONGEST_STALE_AGE) {
        throw new KeysUnavailable('the signing keys could not be fetched');
      }
      try {
        return await cached.keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || now < entry.pausedUntil) throw error;
        entry.pausedUntil = now + PAUSE;
        const fresh = await refresh(address, entry, now);
        if (fresh === undefined) throw new KeysUnavailable('the signing keys could not be fetched again');
        return fresh.keys(header, token);
      }
    };
  }

  return (source, now) => {
    if (typeof source === 'string') return fromAddress(source, Date.parse(now));
    const keys = given.get(source) ?? createLocalJWKSet(source);
    given.set(source, keys);
    return keys;
  };
}
