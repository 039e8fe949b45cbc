import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { ChangedItem } from '../history/changed-item.ts';
import { itemOf } from './attributes.ts';

const image = z.custom<Record<string, AttributeValue>>((value) => typeof value === 'object' && value !== null);

/**
 * An event of the table's stream. Each record is decoded on its own, so that an invalid one does not affect the others.
 */
export const streamEvent = z.object({
  Records: z.array(z.object({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) })),
});
export type StreamEvent = z.infer<typeof streamEvent>;

const images = z.object({ SequenceNumber: z.string(), OldImage: z.optional(image), NewImage: z.optional(image) });

const keys = z.object({ Keys: z.object({ pk: z.object({ S: z.string() }) }) });

/**
 * Returns the tenant whose item a record is about, from the item's key, or undefined when the key cannot be read
 * either.
 */
export function tenantOfRecord({ dynamodb }: StreamEvent['Records'][number]): string | undefined {
  const reading = keys.safeParse(dynamodb);
  return reading.success ? /^[A-Z]+#([a-z0-9-]{1,40})(?:#|$)/.exec(reading.data.Keys.pk.S)?.[1] : undefined;
}

/** Reads the item before and after a change. Throws for a record without readable items. */
export function changedItemOf({ dynamodb }: StreamEvent['Records'][number]): ChangedItem {
  const { SequenceNumber: sequenceNumber, OldImage, NewImage } = images.parse(dynamodb);
  return {
    sequenceNumber,
    ...(OldImage === undefined ? {} : { before: itemOf(OldImage) }),
    ...(NewImage === undefined ? {} : { after: itemOf(NewImage) }),
  };
}
