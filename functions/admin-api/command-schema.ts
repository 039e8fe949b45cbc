import * as z from 'zod/mini';
import { type AdministerRequest, administerRequest } from '../../shared/administration/administer-request.ts';
import { type JsonSchema, jsonSchema } from './json-schema.ts';

export type ObjectSchema = {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
};

const asObject = z.object({
  properties: z.record(
    z.string(),
    z.custom<JsonSchema>((value) => typeof value === 'object'),
  ),
  required: z._default(z.array(z.string()), []),
});

const made = new Map<string, ObjectSchema>();

/** Returns the members of a command as JSON Schema. They come from the schema that also reads the requests. */
export function commandSchema(command: AdministerRequest['command']): ObjectSchema {
  const known = made.get(command);
  if (known !== undefined) return known;
  const option = administerRequest.def.options.find(({ shape }) => shape.command.def.values[0] === command);
  if (option === undefined) throw new Error(`no schema of the command ${command}`);
  const schema = asObject.parse(jsonSchema(option));
  made.set(command, schema);
  return schema;
}
