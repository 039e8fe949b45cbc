import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { type DynamoDbRefusal, RefusedWrite } from './dynamodb.ts';

/** The HTTP response of DynamoDB to a call. */
export type Answer = { readonly status: number; readonly text: string };

/** A call that DynamoDB did not accept. Its name is DynamoDB's name of the fault. */
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

/** Returns the error of a response other than 200: a refused write, or a fault. */
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

/** DynamoDB says `Item size has exceeded …` for a put, and `Item size to update has exceeded …` for an update. */
const TOO_LARGE = /^(DynamoDB \w+: )?Item size (to update )?has exceeded/;

/** Returns whether a fault, or the reason of a canceled transaction, says that an item would become too large. */
export function saysTooLarge(code: string | undefined, message: string | undefined): boolean {
  return (code === 'ValidationException' || code === 'ValidationError') && TOO_LARGE.test(message ?? '');
}

function refusalOf(
  name: string,
  refused: Record<string, AttributeValue> | undefined,
  reasons: (DynamoDbRefusal & { name: 'TransactionCanceledException' })['reasons'],
): DynamoDbRefusal | undefined {
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
