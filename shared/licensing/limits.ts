/** The most folders of a tenant, not counting the root and zOld. */
export const MOST_FOLDERS = 500;

/**
 * The most licenses that an administrator may assign to one user. With many more, the user card has no room for its
 * sessions.
 */
export const MOST_ASSIGNED = 500;

/**
 * The limits of every list in a tenant's settings: at most `most` entries, each of at most `longest` bytes. They are
 * tight because a stranger's call may cost what a list costs: for every call, the hook's secrets are read and its keys
 * are tried.
 */
export const LIMITS = [
  { setting: 'customers', most: 50, longest: 800, what: 'customer texts' },
  { setting: 'folderClaims', most: 1_000, longest: 4_096, what: 'claim values, each with its path' },
  { setting: 'publicKeys', most: 20, longest: 300, what: 'keys' },
  { setting: 'poolThresholds', most: 200, longest: 4_200, what: 'pools' },
  // As many as the hooks of Cognito and of Auth0 may have together.
  { setting: 'providerScopes', most: 80, longest: 210, what: 'scopes' },
  // Each may be an item in the transaction that stores the hook, and its text is part of the item's key.
  { setting: 'tenants', most: 40, longest: 1_024, what: 'tenants of the provider' },
  // Two are active during a rotation.
  { setting: 'authorization', most: 4, longest: 120, what: 'references' },
  { setting: 'secret', most: 4, longest: 120, what: 'references' },
  { setting: 'clientState', most: 4, longest: 120, what: 'references' },
  { setting: 'issuer', most: 4, longest: 2_048, what: 'issuers' },
  { setting: 'audience', most: 4, longest: 2_048, what: 'audiences' },
  { setting: 'jwks', most: 20, longest: 8_192, what: 'keys' },
  { setting: 'appId', most: 1, longest: 200, what: 'application' },
  { setting: 'clientIds', most: 50, longest: 200, what: 'applications' },
  { setting: 'types', most: 20, longest: 100, what: 'types of events' },
] as const;

type Limited = (typeof LIMITS)[number]['setting'];

/** The lists of a tenant's, a hook's or a webhook's settings, each entry as one text. */
export type Lists = Readonly<Partial<Record<Limited, readonly string[]>>>;

export type BeyondLimit = { readonly place: string; readonly text: string };

/**
 * Returns each list that has grown beyond its limit, with a text for people. Only growth is limited: a list that is
 * already larger may stay as it is, and shrink.
 */
export function grownBeyond(before: Lists, after: Lists): readonly BeyondLimit[] {
  return LIMITS.flatMap(({ setting, most, longest, what }) => {
    const old = before[setting] ?? [];
    const now = after[setting] ?? [];
    const known = new Set(old);
    const place = `settings.${setting}`;
    const isLonger = now.length > most && now.length > old.length;
    const hasLonger = now.some((entry) => !known.has(entry) && bytesOf(entry) > longest);
    return [
      ...(isLonger ? [{ place, text: `must be at most ${most} ${what}` }] : []),
      ...(hasLonger ? [{ place, text: `must have at most ${longest} bytes in each entry` }] : []),
    ];
  });
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
