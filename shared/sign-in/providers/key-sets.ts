import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod/mini';
import { type Instant, MINUTE } from '../../licensing/time.ts';

/** Fetches a key set within a limit of time and size. Throws when it fails. */
export type FetchJwks = (address: string) => Promise<unknown>;

/** The signing keys of providers, in the form that jose needs. */
export type KeySets = (source: string | JSONWebKeySet, now: Instant) => JWTVerifyGetKey;

/** The keys could not be fetched, so nothing is known about the token, and it may be sent again. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const LONGEST_AGE = 10 * MINUTE;
/** Unknown key ids, or a provider that is down, cause at most one fetch in this time. */
const PAUSE = MINUTE / 6;
/** How long keys are used that cannot be fetched again, so that logins go on when a provider is down for a night. */
const LONGEST_STALE_AGE = 24 * 60 * MINUTE;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

type Cached = { readonly keys: JWTVerifyGetKey; readonly fetchedAt: number };
type Entry = { cached?: Cached; pausedUntil: number; running?: Promise<Cached | undefined> };

/**
 * Caches key sets for ten minutes, and fetches them again at once for an unknown key id (a rotation). Keys stay
 * imported, so with a known key the verification of a token costs only the signature check.
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
