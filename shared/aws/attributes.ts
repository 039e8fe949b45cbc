import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Value } from '../licensing/clause.ts';
import { setEntry } from '../licensing/entries.ts';
import type { Item, Key } from '../platform/ports/table.ts';

/*
 * Converts values to DynamoDB attributes and back. This is the only place for it. The SDK's own `marshall` asks a map
 * for its `constructor`, and its `unmarshall` assigns names, so neither keeps maps whose names people choose. The SDK's
 * parsed responses do not keep a name `__proto__` either. In the table it is stored as `~__proto__`, and the name
 * `~__proto__` as `~~__proto__`.
 */

/** Returns the name of an attribute, or of an entry of a map, as it is stored in the table. */
export function attributeName(name: string): string {
  return /^~*__proto__$/.test(name) ? `~${name}` : name;
}

function nameOf(attribute: string): string {
  return /^~+__proto__$/.test(attribute) ? attribute.slice(1) : attribute;
}

/** Converts an item or a key to DynamoDB attributes. Throws as `attributeOf` does. */
export function marshalled(item: Item | Key): Record<string, AttributeValue> {
  return attributesOf(item);
}

/**
 * Converts a value to an attribute. Throws for a value that DynamoDB would not return unchanged: a missing value, or a
 * number that its text does not represent exactly.
 */
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

/** Converts attributes to an item. Throws for attributes without a key. */
export function itemOf(attributes: Record<string, AttributeValue>): Item {
  const item = valuesOf(attributes);
  if (!isItem(item)) throw new Error('the table returned an item without its key');
  return item;
}

/** Converts DynamoDB attributes to values by name. Throws for kinds of attributes that the service does not write. */
export function valuesOf(attributes: Record<string, AttributeValue>): { readonly [name: string]: Value } {
  const map: { [name: string]: Value } = {};
  for (const [name, attribute] of Object.entries(attributes)) setEntry(map, nameOf(name), asValue(attribute));
  return map;
}

/**
 * Converts an attribute to a value. A number that was written by hand and is too large becomes the nearest one. Who
 * reads the item decides whether it is acceptable.
 */
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

/** Checks only the key, since every item of every window passes here. `items.ts` decodes the rest. */
function isItem(item: { readonly [name: string]: Value }): item is Item {
  return typeof item['pk'] === 'string' && typeof item['sk'] === 'string';
}
