import * as z from 'zod/mini';

/** A schema of the description: the part of JSON Schema that `json-schema.ts` writes. */
type Schema = {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly items?: Schema | undefined;
  readonly prefixItems?: readonly Schema[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: boolean | Schema | undefined;
};

const schema: z.ZodMiniType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.optional(z.string()),
    type: z.optional(z.union([z.string(), z.array(z.string())])),
    const: z.optional(z.unknown()),
    enum: z.optional(z.array(z.unknown())),
    anyOf: z.optional(z.array(schema)),
    oneOf: z.optional(z.array(schema)),
    items: z.optional(schema),
    prefixItems: z.optional(z.array(schema)),
    properties: z.optional(z.record(z.string(), schema)),
    required: z.optional(z.array(z.string())),
    additionalProperties: z.optional(z.union([z.boolean(), schema])),
  }),
);
const contents = z.record(z.string(), z.object({ schema }));
const operation = z.object({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema })),
  requestBody: z.optional(z.object({ required: z.boolean(), content: contents })),
  responses: z.record(z.string(), z.object({ content: z.optional(contents) })),
});
const description = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});
type Operation = z.infer<typeof operation>;

/**
 * Returns the types of the API's description, as openapi-fetch takes them. They are those of `openapi-typescript`, which
 * needs the programming interface of TypeScript 5 and cannot be installed beside TypeScript 7 (decision 41).
 */
export function describeApi(document: object): string {
  const { paths, components } = description.parse(document);
  const operations = Object.entries(paths).map(
    ([path, methods]) =>
      `  ${quoted(path)}: {\n${Object.entries(methods)
        .map(([method, one]) => `    /** ${one.summary} */\n    ${method}: ${operationType(one)};\n`)
        .join('')}  };\n`,
  );
  const schemas = Object.entries(components.schemas).map(([name, one]) => `  ${quoted(name)}: ${typeOf(one)};\n`);
  return `export type paths = {\n${operations.join('')}};\nexport type Schemas = {\n${schemas.join('')}};\n`;
}

function operationType({ parameters, requestBody, responses }: Operation): string {
  const places = ['path', 'query', 'header'].map((place) => {
    const some = parameters.filter((parameter) => parameter.in === place);
    if (some.length === 0) return `${place}?: never`;
    const members = some.map(({ name, required, schema: one }) =>
      required ? `${quoted(name)}: ${typeOf(one)}` : `${quoted(name)}?: ${typeOf(one)} | undefined`,
    );
    return `${place}${some.some(({ required }) => required) ? '' : '?'}: { ${members.join('; ')} }`;
  });
  const body =
    requestBody === undefined
      ? 'requestBody?: never'
      : `requestBody${requestBody.required ? '' : '?'}: { content: ${contentType(requestBody.content)} }`;
  const answers = Object.entries(responses).map(
    ([status, { content }]) => `${status}: { headers: {}; content${content ? '' : '?'}: ${contentType(content)} }`,
  );
  return `{ parameters: { ${places.join('; ')} }; ${body}; responses: { ${answers.join('; ')} } }`;
}

function contentType(content: z.infer<typeof contents> | undefined): string {
  if (content === undefined) return 'never';
  return `{ ${Object.entries(content)
    .map(([type, { schema: one }]) => `${quoted(type)}: ${typeOf(one)}`)
    .join('; ')} }`;
}

function typeOf(one: Schema): string {
  const { $ref, anyOf, oneOf, items, prefixItems } = one;
  if ($ref !== undefined) return `Schemas[${quoted($ref.split('/').at(-1) ?? '')}]`;
  if (one.const !== undefined) return JSON.stringify(one.const);
  if (one.enum !== undefined) return union(one.enum.map((value) => JSON.stringify(value)));
  const some = anyOf ?? oneOf;
  if (some !== undefined) return union(some.map(typeOf));
  if (typeof one.type === 'object') return union(one.type.map((type) => typeOf({ ...one, type })));
  switch (one.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      if (prefixItems !== undefined) return `[${prefixItems.map(typeOf).join(', ')}]`;
      return `(${items === undefined ? 'unknown' : typeOf(items)})[]`;
    case 'object':
      return objectType(one);
    default:
      return 'unknown';
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, one]) => `${quoted(name)}${required.includes(name) ? '' : '?'}: ${typeOf(one)}`,
  );
  if (typeof additionalProperties === 'object') {
    // A member beside the named ones may have any value: TypeScript then wants the named ones to fit it as well.
    const other = members.length > 0 ? 'unknown' : typeOf(additionalProperties);
    members.push(`[name: string]: ${other}`);
  }
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
}

const union = (types: readonly string[]) => [...new Set(types)].join(' | ');

const quoted = (name: string) => `'${name}'`;
