import * as z from 'zod/mini';

/*
 * Maps whose names people choose (`licensing/entries.ts`). zod's own record silently drops `__proto__`.
 */

/** Returns the schema of a stored map, which keeps every name. Parsing throws for an entry that does not fit. */
export function storedMap<Entry>(entry: z.ZodMiniType<Entry>) {
  return z.pipe(
    z.custom<Readonly<Record<string, unknown>>>(isMap),
    z.transform(
      (map): Readonly<Record<string, Entry>> =>
        Object.fromEntries(Object.entries(map).map(([name, value]) => [name, z.parse(entry, value)])),
    ),
  );
}

/** Returns the schema of a map in a request. It refuses the name `__proto__`, which nobody needs here. */
export function sentMap<Entry>(name: z.ZodMiniType<string, string>, entry: z.ZodMiniType<Entry, unknown>) {
  return z.pipe(
    z.transform((map: unknown, { issues }) => {
      if (isMap(map) && Object.hasOwn(map, '__proto__')) {
        issues.push({ code: 'custom', input: map, path: ['__proto__'], message: 'is not allowed as a name' });
      }
      return map;
    }),
    z.record(name, entry),
  );
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
