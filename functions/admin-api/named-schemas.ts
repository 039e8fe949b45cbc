import * as z from 'zod/mini';
import * as advice from './answers/advice.ts';
import * as calendars from './answers/calendars.ts';
import * as folders from './answers/folders.ts';
import * as history from './answers/history.ts';
import * as imports from './answers/imports.ts';
import * as licenses from './answers/licenses.ts';
import * as receipt from './answers/receipt.ts';
import * as renewals from './answers/renewals.ts';
import * as service from './answers/service.ts';
import * as tenant from './answers/tenant.ts';
import * as usage from './answers/usage.ts';
import * as userCards from './answers/user-cards.ts';
import { type JsonSchema, jsonSchema } from './json-schema.ts';

const ANSWERS = {
  ...advice,
  ...calendars,
  ...folders,
  ...history,
  ...imports,
  ...licenses,
  ...receipt,
  ...renewals,
  ...service,
  ...tenant,
  ...usage,
  ...userCards,
};

/**
 * Returns functions that give schemas names. `named` adds a schema under a name, and returns the reference to it.
 * `withReferences` replaces every part of a schema that equals an answer's schema by a reference. `components` returns
 * all named schemas.
 */
export function namedSchemas() {
  const answers = Object.entries(ANSWERS).flatMap(([name, schema]): [string, JsonSchema][] =>
    schema instanceof z.ZodMiniType ? [[capitalized(name), jsonSchema(schema)]] : [],
  );
  const names = new Map(answers.map(([name, schema]) => [JSON.stringify(schema), name]));
  const schemas: Record<string, unknown> = {};

  const withReferences = (part: unknown): unknown => {
    const name = names.get(JSON.stringify(part));
    return name === undefined ? inside(part) : { $ref: `#/components/schemas/${name}` };
  };

  /** Leaves the part itself as it is, because it is the definition of its name. */
  const inside = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(withReferences);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withReferences(value)]));
  };

  for (const [name, schema] of answers) schemas[name] = inside(schema);
  return {
    withReferences,
    named: (name: string, schema: JsonSchema): object => {
      const reference = withReferences(schema);
      if (typeof reference === 'object' && reference !== null && '$ref' in reference) return reference;
      schemas[name] = reference;
      return { $ref: `#/components/schemas/${name}` };
    },
    components: () => schemas,
  };
}

/** Returns the name with a capital first letter, unlike the names of problems: `License`. */
export function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
