import type { Route } from './route.ts';

export type Found = {
  readonly kind: 'found';
  readonly route: Route;
  /** The values of the path's variables, as they stand in the path. */
  readonly variables: Readonly<Record<string, string>>;
};

const VARIABLE = /^\{(.+)\}$/;

/**
 * Finds the route for a method and a path, which API Gateway has decoded. If the path only allows other methods,
 * returns these. No two routes with the same method fit the same path, so their order does not matter.
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Found | { readonly kind: 'not-found'; readonly allowed: readonly string[] } {
  const fitting = routes.flatMap((route) => {
    const variables = variablesOf(route.path, path);
    return variables === undefined ? [] : [{ kind: 'found' as const, route, variables }];
  });
  const found = fitting.find(({ route }) => route.method === method);
  return found ?? { kind: 'not-found', allowed: [...new Set(fitting.map(({ route }) => route.method))] };
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
