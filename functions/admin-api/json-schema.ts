import * as z from 'zod/mini';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A schema as the description shows it: what is sent, not what it is read as, and without what JavaScript alone knows. */
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
  // The format says it; the pattern has five lines.
  if (one.format === 'date' || one.format === 'date-time') delete one.pattern;
}
