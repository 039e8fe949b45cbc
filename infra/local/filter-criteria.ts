/** Returns whether a record passes the filters of an event source: one of their patterns must match. */
export type FilterCriteria = {
  readonly Filters: readonly { readonly Pattern: string }[];
};

export function passes({ Filters: filters }: FilterCriteria, record: unknown): boolean {
  return filters.length === 0 || filters.some(({ Pattern: pattern }) => fits(JSON.parse(pattern), record));
}

/** Compares objects member by member. A list holds the values that match. Throws for every other kind of rule. */
function fits(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) {
    if (pattern.some((rule) => typeof rule !== 'string')) {
      throw new Error(`The local stack knows filters by plain values only, not ${JSON.stringify(pattern)}`);
    }
    return pattern.includes(value);
  }
  return (
    isObject(pattern) && isObject(value) && Object.entries(pattern).every(([name, inner]) => fits(inner, value[name]))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
