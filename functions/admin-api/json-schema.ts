import * as z from 'zod/mini';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Returns a schema for the API's description: as values are sent, and without limits that only JavaScript has. */
export function jsonSchema(schema: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...shown } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema: one }) => simplify(one),
  });
  return shown;
}

function simplify(one: JsonSchema): void {
  if (one.minimum === Number.MIN_SAFE_INTEGER) delete one.minimum;
  if (one.maximum === Number.MAX_SAFE_INTEGER) delete one.maximum;
  // The format says the same as the pattern, which has five lines.
  if (one.format === 'date' || one.format === 'date-time') delete one.pattern;
}
