import * as z from 'zod/mini';
import type { Template } from './template.ts';

export type Route = {
  /** The route's key in the event: `POST /hooks/{tenant}/{provider}`. */
  readonly key: string;
  readonly method: string;
  readonly parts: readonly string[];
  readonly functionArn: string;
  /** The logical id of the route's authorizer. */
  readonly authorizer: string | undefined;
};

const routeProperties = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z._default(z.string(), 'NONE'),
  AuthorizerId: z.optional(z.string()),
});
const integrationProperties = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});

/** Returns the routes of the template's HTTP API, each with the function that serves it. */
export function routesIn(template: Template): readonly Route[] {
  const integrations = new Map(
    template
      .ofType('AWS::ApiGatewayV2::Integration')
      .map(([logicalId, { Properties }]) => [`integrations/${logicalId}`, integrationProperties.parse(Properties)]),
  );
  return template.ofType('AWS::ApiGatewayV2::Route').map(([logicalId, { Properties }]) => {
    const { RouteKey: key, Target, AuthorizationType, AuthorizerId } = routeProperties.parse(Properties);
    const integration = integrations.get(Target);
    if (integration === undefined) throw new Error(`The route ${key} has no integration that the local stack knows`);
    const [method = '', path = ''] = key.split(' ');
    const authorizer = AuthorizationType === 'NONE' ? undefined : (AuthorizerId ?? logicalId);
    return { key, method, parts: path.split('/').slice(1), functionArn: integration.IntegrationUri, authorizer };
  });
}

export type RouteMatch = {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
};

/**
 * Returns the route that API Gateway would choose for a decoded path. A full match comes before a greedy one, named
 * parts come before variables, and a named method comes before `ANY`.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const parts = path.split('/').slice(1);
  return routes
    .filter((route) => route.method === 'ANY' || route.method === method)
    .flatMap((route) => {
      const pathParameters = parametersOf(route, parts);
      return pathParameters === undefined ? [] : [{ route, pathParameters }];
    })
    .toSorted((a, b) => rank(a.route).localeCompare(rank(b.route)))[0];
}

const VARIABLE = /^\{(.+?)(\+?)\}$/;

function parametersOf({ parts }: Route, actual: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [place, part] of parts.entries()) {
    const [, name, greedy] = VARIABLE.exec(part) ?? [];
    const value = greedy ? actual.slice(place).join('/') : actual[place];
    // `/console/` fits `/console/{path+}`, with an empty rest.
    if (greedy && place === actual.length - 1 && value === '') return { ...parameters, [name ?? '']: '' };
    if (!value || (name === undefined && value !== part)) return undefined;
    if (name !== undefined) parameters[name] = value;
    if (greedy) return parameters;
  }
  return parts.length === actual.length ? parameters : undefined;
}

/** Orders routes by how specific they are, the most specific first. */
function rank({ method, parts }: Route): string {
  const kinds = parts.map((part) => (part.endsWith('+}') ? '2' : part.startsWith('{') ? '1' : '0'));
  return `${kinds.includes('2') ? 'greedy' : 'full'} ${kinds.join('')} ${method === 'ANY' ? '1' : '0'}`;
}
