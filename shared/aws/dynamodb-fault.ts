import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { RefusedWrite, type WriteRefusal } from './dynamodb.ts';

/** DynamoDB's answer to a call, as it came. */
export type Answer = { readonly status: number; readonly text: string };

/** A call that DynamoDB did not take, named as the service names it. */
class DynamoDbFault extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const item = z.record(z.string(), z.custom<AttributeValue>());
const told = z.object({
  /** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`. */
  __type: z.string(),
  message: z.optional(z.string()),
  Message: z.optional(z.string()),
  Item: z.exactOptional(item),
  CancellationReasons: z._default(
    z.array(
      z.object({ Code: z.exactOptional(z.string()), Message: z.optional(z.string()), Item: z.exactOptional(item) }),
    ),
    [],
  ),
});

/** What an answer other than 200 says: a refused write, or a fault. */
export function faultOf(operation: string, { status, text }: Answer): Error {
  const read = z.safeParse(told, jsonOf(text));
  if (!read.success)
    return new DynamoDbFault(`HTTP ${status}`, `DynamoDB ${operation} was answered with HTTP ${status}`);
  const { __type, message, Message, Item, CancellationReasons } = read.data;
  const name = __type.slice(__type.indexOf('#') + 1);
  const refusal = refusalOf(name, Item, CancellationReasons);
  if (refusal !== undefined) return new RefusedWrite(refusal);
  return new DynamoDbFault(name, `DynamoDB ${operation}: ${message ?? Message ?? name}`);
}

/** Of a put `Item size has exceeded …`, of an update `Item size to update has exceeded …`. */
const TOO_LARGE = /^(DynamoDB \w+: )?Item size (to update )?has exceeded/;

/** Whether a fault, or the reason of a cancelled transaction, says that an item would have no room. */
export function saysTooLarge(code: string | undefined, message: string | undefined): boolean {
  return (code === 'ValidationException' || code === 'ValidationError') && TOO_LARGE.test(message ?? '');
}

function refusalOf(
  name: string,
  refused: Record<string, AttributeValue> | undefined,
  reasons: (WriteRefusal & { name: 'TransactionCanceledException' })['reasons'],
): WriteRefusal | undefined {
  switch (name) {
    case 'ConditionalCheckFailedException':
      return { name, item: refused };
    case 'TransactionConflictException':
    case 'TransactionInProgressException':
      return { name };
    case 'TransactionCanceledException':
      return { name, reasons };
    default:
      return undefined;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
