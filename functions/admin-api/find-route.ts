import type { Route } from './route.ts';

export type Found = {
  readonly route: Route;
  /** The values of the path's variables, as the path has them. */
  readonly variables: Readonly<Record<string, string>>;
};

/** The part of every path before a route's own. */
export const BASE = '/tenants/{tenant}';

const VARIABLE = /^\{(.+)\}$/;

/**
 * The route of a method and a path (which API Gateway has decoded); for a path that knows other methods only, these. No
 * two routes of one method fit one path, so their order does not matter.
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Found | { readonly allowed: readonly string[] } {
  const fitting = routes.flatMap((route) => {
    const variables = variablesOf(`${BASE}${route.path}`, path);
    return variables === undefined ? [] : [{ route, variables }];
  });
  const found = fitting.find(({ route }) => route.method === method);
  return found ?? { allowed: [...new Set(fitting.map(({ route }) => route.method))] };
}

function variablesOf(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = actual[index] ?? '';
    const [, name] = VARIABLE.exec(part) ?? [];
    if (name === undefined ? value !== part : value === '') return undefined;
    if (name !== undefined) variables[name] = value;
  }
  return variables;
}
