import * as z from 'zod/mini';
import { LIMITS, MOST_ASSIGNED, MOST_FOLDERS } from '../../shared/licensing/limits.ts';
import { codeTables } from './code-tables.ts';
import { commandSchema } from './command-schema.ts';
import { FILE_TYPES } from './file-answer.ts';
import { type JsonSchema, jsonSchema } from './json-schema.ts';
import { capitalized, namedSchemas } from './named-schemas.ts';
import { operationId } from './operation-id.ts';
import { problemCodes } from './problem-codes.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { memberOf, type Route } from './route.ts';

const TOPICS: Readonly<Record<Route['topic'], string>> = {
  service: 'The caller, the time, and the tenants of the service.',
  tenant: 'Settings, hooks of identity providers, and the audit.',
  licenses: 'Licenses, one by one and many at once.',
  folders: 'The tree of folders that hold licenses and user cards.',
  'user cards': 'Users with their licenses and sessions.',
  imports: 'License files that are uploaded, and the reports of their imports.',
  renewals: 'Replacing licenses that expire: plan, approve, start, watch, undo.',
  usage: 'How full the pools are and were, and what would have been needed.',
  advice: 'Things to look at: the layout of folders, and licenses that end.',
  history: 'Who had which license, when and why.',
  exports: 'Lists as files, a page at a time. The pages, joined in order, are one file.',
};

const DESCRIPTION = `Licenses and permissions of a tenant of Efecte Service Management.

- Every call needs a token. A caller learns nothing about another tenant, not even whether it exists.
- A change of something that has a version requires \`If-Match\` with its \`ETag\`, or \`*\` to change any version. When two callers change the same version, the second one gets 412.
- Every answer to a \`GET\` has an \`ETag\`. With this tag in \`If-None-Match\`, the same \`GET\` gets 304 without a body as long as the answer would be the same. Answers are compressed as \`Accept-Encoding\` allows (\`br\`, \`gzip\`).
- A \`POST\` requires an \`Idempotency-Key\`. For 24 hours, the same request with the same key gets the same answer, and another request with this key gets 422. Answers of 5xx and the problem \`conflict\` are not stored, so the request can be sent again.
- **Ids in a path follow one rule** (see the parameters): a text with other characters than letters, digits, blanks and \`. _ @ + -\` is written \`~\` and its base64url. An id with \`?\`, \`%\` or \`/\` that is only percent-encoded leads to another object.
- Lists come in pages. The \`cursor\` of an answer leads to the next page of the same list. A page that has a \`cursor\` may be short, or even empty.
- Instants are in UTC, and days are calendar days of the tenant. The path of a folder has \`/\` between its levels. The path of the root is empty.
- A caller may send 50 calls a second, and 200 at once after a pause, to each instance of the service; more get 429 \`too-many-calls\`. Calls that read all data of a tenant run one at a time for each tenant (\`audit\`, \`layout-check\`, \`draining-licenses\`, \`usage\`, \`expiry-calendar\`, inactive holders); others get 429 \`busy\` meanwhile. \`Retry-After\` says when to try again.
- A sentence for people has a stable code for programs beside it, and what it names as members. [The tables of all codes](#codes) stand below.
- Problems (RFC 9457) have a stable \`code\` for programs, and a \`detail\` for people.
- Only an operator sets \`customers\`, \`environment\`, \`publicKeys\` and \`providerScopes\` of a tenant. A \`PATCH\` by anybody else that has one of them, with any value, gets 403.
- Lists in settings have limits for the number of entries and for the bytes of each entry: ${limits()}. A tenant has at most ${MOST_FOLDERS} folders beside the root and zOld. A user has at most ${MOST_ASSIGNED} licenses that were assigned by hand. A list that is larger already may stay and shrink, but not grow. A change that does not fit is an \`invalid-request\` that names what to make smaller.`;

function limits(): string {
  return LIMITS.map(({ setting, most, longest }) => `\`${setting}\` ${most} (${longest} bytes)`).join(', ');
}

const TOKEN =
  'An OpenID Connect access token that is valid for at most 24 hours. It must not have the claims of an ID token: `at_hash`, `c_hash`, `s_hash`, `token_use: id`, or a `typ` other than `Bearer`. It may have a `nonce` only with the header `typ: at+jwt` or the claim `typ: Bearer`. The token of an operator has no tenant.';

const IN_PATH =
  'A text of letters, digits, blanks and the signs `.`, `_`, `@`, `+` and `-` is percent-encoded once. **Any other text, and `.`, `..` and the empty text, is written `~` and the base64url of its UTF-8**: `a?b` is `~YT9i`. The gateway decodes a path twice and cuts it at an encoded `?`, so `a%3Fb` would name `a`.';

/** Returns the description of the API (OpenAPI 3.1). It is made from the same routes that serve the API. */
export function openApi(routes: readonly Route[]) {
  const names = namedSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, names) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ESM License Service',
      version: '1.0.0',
      description: `${DESCRIPTION}\n\n${codeTables()}`,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: Object.entries(TOPICS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: TOKEN },
      },
      schemas: {
        ...names.components(),
        ...problemSchemas(),
        'gateway-message': jsonSchema(z.object({ message: z.string() })),
      },
    },
  };
}

type Names = ReturnType<typeof namedSchemas>;

function operation(route: Route, names: Names) {
  return {
    operationId: operationId(route.id),
    summary: route.summary,
    description: `For the ${route.roles.length > 1 ? 'roles' : 'role'} ${route.roles.map((role) => `\`${role}\``).join(', ')}.`,
    tags: [route.topic],
    parameters: [...pathParameters(route), ...queryParameters(route), ...headers(route)],
    ...requestBody(route, names),
    responses: {
      [route.success]: success(route, names),
      ...(route.later === undefined ? {} : { 202: success({ ...route, answer: route.later }, names) }),
      ...unchanged(route),
      ...problemResponses(problemCodes(route)),
      500: GATEWAY,
    },
  };
}

function pathParameters({ path, command }: Route) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return names.map((name) => {
    const { pattern, enum: values } = commandSchema(command).properties[name] ?? {};
    const text = { type: 'string', ...(pattern && { pattern }), ...(values && { enum: values }) };
    const isFree = pattern === undefined && values === undefined;
    return {
      name,
      in: 'path',
      required: true,
      ...(isFree ? { description: IN_PATH, schema: { ...text, minLength: 1 } } : { schema: text }),
    };
  });
}

function queryParameters({ query, command }: Route) {
  const { properties, required } = commandSchema(command);
  return query.map((name) => ({
    name,
    in: 'query',
    required: required.includes(memberOf(name)),
    schema: properties[memberOf(name)] ?? {},
  }));
}

function headers({ method, ifMatch }: Route) {
  const header = (name: string, description: string, schema: JsonSchema, required = true) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string', ...schema },
  });
  const tag = { pattern: '^(\\*|"[!#-~]*")$' };
  return [
    ...(method === 'GET'
      ? [header('If-None-Match', 'The ETag of an earlier answer.', { pattern: '^[!-~]([ -~]*[!-~])?$' }, false)]
      : []),
    ...(ifMatch === undefined ? [] : [header('If-Match', 'The ETag that was read, or `*`.', tag)]),
    ...(method === 'POST'
      ? [header('Idempotency-Key', 'A text that the caller chooses for this request, such as a UUID.', KEY_SCHEMA)]
      : []),
  ];
}

const KEY_SCHEMA = { minLength: 1, maxLength: 255, pattern: '^[!-~]+$' };

function requestBody({ id, method, body, path, command }: Route, { named }: Names) {
  if (method === 'GET' || (method === 'DELETE' && body.length === 0)) return {};
  const { properties, required } = commandSchema(command);
  const content = (schema: JsonSchema | undefined, isRequired: boolean) => ({
    requestBody: {
      required: isRequired,
      content: { 'application/json': { schema: named(`${capitalized(operationId(id))}Request`, schema ?? {}) } },
    },
  });
  if (typeof body === 'string') return content(properties[body], true);
  const needed = body.filter((name) => required.includes(name) && !path.includes(`{${name}}`));
  const members = Object.fromEntries(body.map((name) => [name, properties[name] ?? {}]));
  const schema = { type: 'object', properties: members, required: needed, additionalProperties: false } as const;
  return content(schema, needed.length > 0);
}

const ETAG = { description: 'For `If-None-Match`, and for `If-Match` of a change.', schema: { type: 'string' } };

function unchanged({ method }: Route) {
  return method === 'GET' ? { 304: { description: 'Unchanged since that ETag', headers: { ETag: ETAG } } } : {};
}

function success(route: Route, { named }: Names) {
  const { id, method, answer, summary, file } = route;
  if (file !== undefined) return fileResponse(route);
  const schema = jsonSchema(answer);
  const isVersioned = [schema, ...(schema.anyOf ?? [])].some(
    (one) => typeof one === 'object' && Object.hasOwn(one.properties ?? {}, 'version'),
  );
  return {
    description: summary,
    ...(isVersioned || method === 'GET' ? { headers: { ETag: ETAG } } : {}),
    content: { 'application/json': { schema: named(`${capitalized(operationId(id))}Answer`, schema) } },
  };
}

function fileResponse({ summary }: Route) {
  const link = {
    description: 'Leads to the next page, with `rel="next"`. Absent on the last page.',
    schema: { type: 'string' },
  };
  const content = Object.values(FILE_TYPES).map((type) => [type, { schema: { type: 'string' } }]);
  return { description: summary, headers: { Link: link, ETag: ETAG }, content: Object.fromEntries(content) };
}

function problemResponses(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => {
      const schemas = some.map((code) => ({ $ref: `#/components/schemas/${code}` }));
      const content = {
        'application/problem+json': { schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas } },
      };
      const description = some.map((code) => PROBLEMS[code].title).join('; ');
      const isGateways = status === 401 || status === 429;
      const headers = status === 429 ? { headers: { 'Retry-After': RETRY_AFTER } } : {};
      return [status, { description, ...headers, content: isGateways ? { ...content, ...GATEWAY_CONTENT } : content }];
    }),
  );
}

const RETRY_AFTER = {
  description:
    'In how many seconds to try again. API Gateway’s own answer, to too many calls of all callers, does not say it.',
  schema: { type: 'string', pattern: '^\\d+$' },
};

/** Answers of API Gateway itself, when it rejects a request or gets no answer from the service. */
const GATEWAY_CONTENT = { 'application/json': { schema: { $ref: '#/components/schemas/gateway-message' } } };
const GATEWAY = {
  description: 'The service failed. Send the same request again, a POST with the same key',
  content: GATEWAY_CONTENT,
};

function problemSchemas() {
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([code, { status, title, extras = {} }]) => {
      const members = {
        type: z.literal(`/openapi.json#/components/schemas/${code}`),
        title: z.literal(title),
        status: z.literal(status),
        code: z.literal(code),
        detail: z.string(),
      };
      return [code, { ...jsonSchema(z.strictObject({ ...extras, ...members })), title }];
    }),
  );
}
