/*
 * Maps keyed by what people choose: serial numbers, claim values, key ids. Such a name may be one that every object
 * inherits (`constructor`, `toString`), or `__proto__`, so these maps are read and written through here, and copied by
 * spreading or `Object.fromEntries`, which take every name as it is.
 */

/** What the map holds under the name; never what it only inherits. */
export function entryOf<Entry>(map: { readonly [name: string]: Entry }, name: string): Entry | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Puts an entry into the map. An assignment would take `__proto__` as another prototype. */
export function setEntry<Entry>(map: { [name: string]: Entry }, name: string, entry: Entry): void {
  if (name === '__proto__') {
    Object.defineProperty(map, name, { value: entry, enumerable: true, configurable: true, writable: true });
  } else {
    map[name] = entry;
  }
}
