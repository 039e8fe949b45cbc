import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApi } from '../../../functions/admin-api/open-api.ts';
import { ROUTES } from '../../../functions/admin-api/routes.ts';

type Schema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly body: { readonly required: boolean; readonly schema: Schema } | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly description: string;
};

export type Document = { readonly paths: Record<string, Record<string, unknown>>; readonly components: object };

/** The operations of a description, whoever serves it. */
export function operationsOf(document: Document): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { operationId, parameters, requestBody, responses, description } = operation as {
        operationId: string;
        parameters: Operation['parameters'];
        requestBody?: { required: boolean; content: Content };
        responses: Operation['responses'];
        description: string;
      };
      const json = requestBody?.content['application/json'];
      const body = json && {
        required: requestBody?.required === true,
        schema: resolved(document, json.schema) as Schema,
      };
      return { id: operationId, method: method.toUpperCase(), path, parameters, body, responses, description };
    }),
  );
}

/** Puts the named schemas in the places of their references. */
function resolved({ components }: Pick<Document, 'components'>, part: unknown): unknown {
  if (Array.isArray(part)) return part.map((one) => resolved({ components }, one));
  if (typeof part !== 'object' || part === null) return part;
  const { schemas } = components as { schemas: Readonly<Record<string, unknown>> };
  const name = '$ref' in part ? String(part.$ref).split('/').at(-1) : undefined;
  if (name !== undefined) return resolved({ components }, schemas[name]);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved({ components }, value)]));
}

export const DOCUMENT: Document = JSON.parse(JSON.stringify(openApi(ROUTES)));

/** Finds what an answer has that the description does not say, or lacks; undefined when it fits. */
export function checker(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'document', components: document.components }, 'document');
  const validators = new Map<Schema, ReturnType<typeof ajv.compile>>();
  const validatorOf = (schema: Schema) => {
    const known = validators.get(schema);
    if (known !== undefined) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
    const made = ajv.compile(JSON.parse(text));
    validators.set(schema, made);
    return made;
  };
  return (operation: Operation, answer: { status: number; type: string; body: unknown }): string | undefined => {
    const response = operation.responses[answer.status];
    if (response === undefined) return `${operation.id} does not answer ${answer.status}`;
    if (response.content === undefined)
      return answer.type === '' ? undefined : `${operation.id} ${answer.status} has a body`;
    const content = response.content[answer.type];
    if (content === undefined) return `${operation.id} does not answer ${answer.type} with ${answer.status}`;
    const validate = validatorOf(content.schema);
    return validate(answer.body) ? undefined : `${operation.id} ${answer.status}: ${ajv.errorsText(validate.errors)}`;
  };
}

/** The problem codes that an operation may answer with. */
export function codesOf({ responses }: Operation): readonly string[] {
  return Object.values(responses).flatMap(({ content }) => {
    const schema = content?.['application/problem+json']?.schema as
      | { $ref?: string; oneOf?: { $ref: string }[] }
      | undefined;
    return (schema?.oneOf ?? [schema]).flatMap((one) => one?.$ref?.split('/').at(-1) ?? []);
  });
}
