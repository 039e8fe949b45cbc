/*
 * Maps keyed by what people choose: serial numbers, claim values, key ids. Such a name may be one that every object
 * inherits (`constructor`, `toString`), or `__proto__`. Read and write these maps only with the functions below. Copy
 * them by spreading or with `Object.fromEntries`, which take every name as it is.
 */

/** Returns the map's own entry under the name, never an inherited one. */
export function entryOf<Entry>(map: { readonly [name: string]: Entry }, name: string): Entry | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Puts an entry into the map. A plain assignment to `__proto__` would replace the prototype. */
export function setEntry<Entry>(map: { [name: string]: Entry }, name: string, entry: Entry): void {
  if (name === '__proto__') {
    Object.defineProperty(map, name, { value: entry, enumerable: true, configurable: true, writable: true });
  } else {
    map[name] = entry;
  }
}
