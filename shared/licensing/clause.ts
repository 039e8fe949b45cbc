/**
 * Conditions on an item, as data. The same list of clauses defines a state, is checked in memory by `holds`, and
 * becomes the database's condition, so the three cannot disagree.
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** The path of an attribute: a top-level name, or a name inside a map. */
export type Path = string | readonly [attribute: string, ...names: string[]];

export type Clause =
  | { readonly absent: Path }
  | { readonly present: Path }
  | { readonly equal: Path; readonly to: Value }
  | { readonly different: Path; readonly from: Value }
  | { readonly atLeast: Path; readonly value: string | number }
  | { readonly atMost: Path; readonly value: string | number }
  | { readonly any: readonly Clause[] };

export type Attributes = { readonly [name: string]: unknown };

export function absent(path: Path): Clause {
  return { absent: path };
}

export function present(path: Path): Clause {
  return { present: path };
}

export function equal(path: Path, to: Value): Clause {
  return { equal: path, to };
}

export function different(path: Path, from: Value): Clause {
  return { different: path, from };
}

export function atLeast(path: Path, value: string | number): Clause {
  return { atLeast: path, value };
}

export function atMost(path: Path, value: string | number): Clause {
  return { atMost: path, value };
}

export function any(...clauses: readonly Clause[]): Clause {
  return { any: clauses };
}

/** Returns the clause that the attribute is as it was read: equal to `value`, or absent when there was no value. */
export function asRead(path: Path, value: Value | undefined): Clause {
  return value === undefined ? absent(path) : equal(path, value);
}

/**
 * Returns whether every clause holds of the item. As in DynamoDB, an absent attribute differs from every value and is
 * in no range.
 */
export function holds(clauses: readonly Clause[], item: Attributes | undefined): boolean {
  return clauses.every((clause) => clauseHolds(clause, item ?? {}));
}

function clauseHolds(clause: Clause, item: Attributes): boolean {
  if ('absent' in clause) return valueAt(clause.absent, item) === undefined;
  if ('present' in clause) return valueAt(clause.present, item) !== undefined;
  if ('equal' in clause) return sameValue(valueAt(clause.equal, item), clause.to);
  if ('different' in clause) return !sameValue(valueAt(clause.different, item), clause.from);
  if ('atLeast' in clause) return compare(valueAt(clause.atLeast, item), clause.value, (order) => order >= 0);
  if ('atMost' in clause) return compare(valueAt(clause.atMost, item), clause.value, (order) => order <= 0);
  return clause.any.some((one) => clauseHolds(one, item));
}

function valueAt(path: Path, item: Attributes): unknown {
  let value: unknown = item;
  for (const name of typeof path === 'string' ? [path] : path) {
    if (!isMap(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function compare(value: unknown, other: string | number, fits: (order: number) => boolean): boolean {
  if (typeof value !== typeof other || (typeof value !== 'string' && typeof value !== 'number')) return false;
  return fits(value < other ? -1 : value > other ? 1 : 0);
}

/** Returns whether two values are equal in depth: lists by position, maps by name in any order. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => sameValue(value, other[index]));
  }
  if (isMap(one) && isMap(other)) {
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && sameValue(one[name], other[name]))
    );
  }
  return one === other;
}

function isMap(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
