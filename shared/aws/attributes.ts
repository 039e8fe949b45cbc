import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Value } from '../licensing/clause.ts';
import { setEntry } from '../licensing/entries.ts';
import type { Item, Key } from '../platform/ports/table.ts';

/*
 * Values as DynamoDB writes them, and back: the one place for it. The SDK's own `marshall` asks a map for its
 * `constructor`, and its `unmarshall` assigns names: neither keeps maps whose names people choose.
 * Nor does what the SDK makes of an answer keep a name `__proto__`: in the table it is `~__proto__` (and that, should
 * somebody be called so, `~~__proto__`).
 */

/** The name of an attribute, or of an entry of a map, as it stands in the table. */
export function attributeName(name: string): string {
  return /^~*__proto__$/.test(name) ? `~${name}` : name;
}

function nameOf(attribute: string): string {
  return /^~+__proto__$/.test(attribute) ? attribute.slice(1) : attribute;
}

export function marshalled(item: Item | Key): Record<string, AttributeValue> {
  return attributesOf(item);
}

/** Throws for what DynamoDB would not give back as it is: no value, and numbers that no text stands for exactly. */
export function attributeOf(value: Value): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        throw new Error(`the table cannot keep the number ${value}`);
      }
      return { N: String(value) };
    case 'object':
      if (value === null) return { NULL: true };
      if (isList(value)) return { L: value.map(attributeOf) };
      return { M: attributesOf(value) };
    default:
      throw new Error(`the table cannot keep a value of type ${typeof value}`);
  }
}

function attributesOf(map: { readonly [name: string]: Value }): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(map)) attributes[attributeName(name)] = attributeOf(value);
  return attributes;
}

/** Throws for attributes without a key. */
export function itemOf(attributes: Record<string, AttributeValue>): Item {
  const item = valuesOf(attributes);
  if (!isItem(item)) throw new Error('the table told of an item without its key');
  return item;
}

export function valuesOf(attributes: Record<string, AttributeValue>): { readonly [name: string]: Value } {
  const map: { [name: string]: Value } = {};
  for (const [name, attribute] of Object.entries(attributes)) setEntry(map, nameOf(name), asValue(attribute));
  return map;
}

/** A number that a hand wrote too large comes as the nearest one: what may count, the reader of the item decides. */
function asValue(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map(asValue);
  if (attribute.M !== undefined) return valuesOf(attribute.M);
  throw new Error(`the service writes no attributes of the kind ${Object.keys(attribute).join(', ')}`);
}

function isList(value: readonly Value[] | { readonly [name: string]: Value }): value is readonly Value[] {
  return Array.isArray(value);
}

/** Nothing more is checked here, where every item of every window passes: what an item says, `items.ts` decodes. */
function isItem(item: { readonly [name: string]: Value }): item is Item {
  return typeof item['pk'] === 'string' && typeof item['sk'] === 'string';
}
