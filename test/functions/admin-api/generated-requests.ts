import fc from 'fast-check';
import { encodeSegment } from '../../../functions/admin-api/path-segment.ts';
import type { Operation } from './described.ts';

type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
};

/** Texts that mean something where the requests go, by the name of the member. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** API Gateway takes some 10 KB of address and headers. A token needs a part of it. */
const LONGEST_ADDRESS = 6_000;

const DAYS = { min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true };
const DAYS_AT_LIMITS = ['0000-01-01', '1969-12-31', '1970-01-01', '9999-12-31'];
const INSTANTS_AT_LIMITS = DAYS_AT_LIMITS.flatMap((day) => [`${day}T00:00:00.000Z`, `${day}T23:59:59.999Z`]);

const STRANGE = [
  '',
  ' ',
  '..',
  '~',
  '#',
  'a/b',
  'a?b',
  '__proto__',
  '\u0000',
  '\uFFFF',
  '\uD800',
  '100%',
  'x'.repeat(1_025),
];

/**
 * Characters of one to four bytes, the last of two units. A cut after an odd number of units halves it, or the one
 * after `x`.
 */
const REPEATED = ['x', '\u0000', '€', '\uFFFF', '\u{1F600}'];

/** Texts of exactly so many units, and of one more. */
const ofLength = (most: number) =>
  REPEATED.flatMap((character) =>
    [most, most + 1].flatMap((length) => {
      const count = Math.floor(length / character.length);
      return [character.repeat(count), `x${character.repeat(count - 1)}`];
    }),
  );

/** Any text, long and strange ones too. */
const anyText = ({ minLength = 0, maxLength = 300 }: Schema) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 300) }) },
    fc.constantFrom(...STRANGE),
    fc.constantFrom(...ofLength(maxLength), ...ofLength(200)),
  );

function textOf(schema: Schema, known: readonly string[]): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  if (format === 'date-time') return orAtLimits(fc.date(DAYS), INSTANTS_AT_LIMITS);
  if (format === 'date') return orAtLimits(fc.date(DAYS), DAYS_AT_LIMITS);
  const made = pattern === undefined ? anyText(schema) : matching(new RegExp(pattern, 'u'));
  return known.length === 0 ? made : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, made);
}

function orAtLimits(dates: fc.Arbitrary<Date>, limits: readonly string[]): fc.Arbitrary<string> {
  const texts = dates.map((date) => date.toISOString().slice(0, limits[0]?.length));
  return fc.oneof({ weight: 4, arbitrary: texts }, fc.constantFrom(...limits));
}

/** Classes of Unicode make a large generator: there a text that happens to fit is found sooner. */
function matching(pattern: RegExp): fc.Arbitrary<string> {
  if (!pattern.source.includes('\\p{')) return fc.stringMatching(pattern);
  return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }).filter((text) => pattern.test(text));
}

/** A value that fits a schema. */
function valueFor(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valueFor(one, known, name)));
  switch (schema.type) {
    case 'string':
      return textOf(schema, known[name] ?? []);
    case 'integer':
    case 'number': {
      const { minimum = -3, maximum = 3_000 } = schema;
      return fc.integer({ min: minimum, max: maximum });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, known, name === 'serialNumbers' ? 'serialNumber' : name), {
        minLength: schema.minItems ?? 0,
        maxLength: 5,
      });
    case 'object':
      return schema.properties === undefined
        ? fc.dictionary(
            valueFor(schema.propertyNames ?? { type: 'string' }, known) as fc.Arbitrary<string>,
            valueFor(typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}, known),
            { maxKeys: 3 },
          )
        : objectOf(schema, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueFor(schema, known, name)]),
  );
  return fc.record(members, { requiredKeys: [...required] });
}

/** One member of a body is left out, added, or something else. */
function spoilt(body: unknown): fc.Arbitrary<unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return fc.jsonValue();
  const names = Object.keys(body);
  const name = names.length === 0 ? fc.constant('more') : fc.constantFrom(...names, 'more');
  return fc.tuple(name, fc.option(fc.jsonValue({ maxDepth: 2 }))).map(([one, value]) => {
    const { [one]: _, ...others } = body as Record<string, unknown>;
    return value === null ? others : { ...others, [one]: value };
  });
}

export type GeneratedRequest = {
  readonly operation: Operation;
  /** As a client sends it: encoded. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Requests of an operation: most as its description has them, some with something spoilt. */
export function requestOf(operation: Operation, known: Known): fc.Arbitrary<GeneratedRequest> {
  const { path, parameters, body, method } = operation;
  const ofPlace = (place: string) => {
    const some = parameters.filter(
      (one) => one.in === place && one.name !== 'tenant' && one.name !== 'Idempotency-Key',
    );
    const values = Object.fromEntries(some.map((one) => [one.name, valueFor(one.schema, known, one.name)]));
    const requiredKeys = some.filter(({ required }) => required).map(({ name }) => name);
    return fc.record(values, { requiredKeys }) as fc.Arbitrary<Record<string, unknown>>;
  };
  const sent = body === undefined ? fc.constant(undefined) : valueFor(body.schema, known);
  const spoiltOrNot = sent.chain((value) =>
    value === undefined ? fc.constant(value) : fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, spoilt(value)),
  );
  const key = fc.oneof(fc.uuid(), fc.constantFrom('one', 'two'));
  return fc
    .tuple(ofPlace('path'), ofPlace('query'), ofPlace('header'), spoiltOrNot, key)
    .map(([inThePath, query, headers, value, idempotencyKey]) => {
      const texts = Object.entries(query).map(([name, one]): [string, string] => [name, String(one)]);
      return {
        operation,
        path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
          name === 'tenant' ? 'acme' : encodeSegment(String(inThePath[name])),
        ),
        query: new URLSearchParams(texts).toString(),
        headers: {
          ...Object.fromEntries(Object.entries(headers).map(([name, one]) => [name.toLowerCase(), String(one)])),
          ...(method === 'POST' ? { 'idempotency-key': idempotencyKey } : {}),
        },
        ...(value === undefined ? {} : { body: JSON.stringify(value) }),
      };
    })
    .filter(({ path: address, query }) => address.length + query.length <= LONGEST_ADDRESS);
}
