import * as z from 'zod/mini';

/*
 * Maps whose names people choose (`licensing/entries.ts`). zod's own record leaves out `__proto__` without a word.
 */

/** A stored map, with every name in it. Throws for an entry that does not fit. */
export function storedMap<Entry>(entry: z.ZodMiniType<Entry>) {
  return z.pipe(
    z.custom<Readonly<Record<string, unknown>>>(isMap),
    z.transform(
      (map): Readonly<Record<string, Entry>> =>
        Object.fromEntries(Object.entries(map).map(([name, value]) => [name, z.parse(entry, value)])),
    ),
  );
}

/** A map that somebody sends; `__proto__` is refused, which nobody has to be called here. */
export function sentMap<Entry>(name: z.ZodMiniType<string, string>, entry: z.ZodMiniType<Entry, unknown>) {
  return z.pipe(
    z.transform((map: unknown, { issues }) => {
      if (isMap(map) && Object.hasOwn(map, '__proto__')) {
        issues.push({ code: 'custom', input: map, path: ['__proto__'], message: 'is no name that can be kept here' });
      }
      return map;
    }),
    z.record(name, entry),
  );
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
