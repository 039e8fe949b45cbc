/** The filters of an event source: a record passes when one of their patterns fits. */
export type FilterCriteria = {
  readonly Filters: readonly { readonly Pattern: string }[];
};

export function passes({ Filters: filters }: FilterCriteria, record: unknown): boolean {
  return filters.length === 0 || filters.some(({ Pattern: pattern }) => fits(JSON.parse(pattern), record));
}

/** Objects are looked into, lists are the values that may stand there; another kind of rule is an error, never ignored. */
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
