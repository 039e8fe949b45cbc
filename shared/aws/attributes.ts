import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, Key } from '../store/table.ts';

export function marshalled(item: Item | Key): Record<string, AttributeValue> {
  return marshall(item);
}

/** Throws for attributes without a key. */
export function itemOf(attributes: Record<string, AttributeValue>): Item {
  const item: unknown = unmarshall(attributes);
  if (!isItem(item)) throw new Error('the table told of an item without its key');
  return item;
}

/** Nothing more is checked here, where every item of every window passes: what an item says, `items.ts` decodes. */
function isItem(item: unknown): item is Item {
  return typeof item === 'object' && item !== null && hasKey(item);
}

function hasKey(item: object): boolean {
  return 'pk' in item && typeof item.pk === 'string' && 'sk' in item && typeof item.sk === 'string';
}
