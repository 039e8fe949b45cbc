import type { AttributeValue, CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { defined } from '../licensing/defined.ts';
import { TryAgain } from '../platform/errors.ts';
import {
  type IndexRange,
  type Item,
  ItemTooLarge,
  type Key,
  type Range,
  type Table,
  type Write,
  type WriteAnswer,
  type WriteRefusal,
} from '../platform/ports/table.ts';
import { TABLE } from '../platform/ports/table-definition.ts';
import { itemOf, marshalled, valuesOf } from './attributes.ts';
import { type DynamoDb, type DynamoDbRefusal, RefusedWrite } from './dynamodb.ts';
import { saysTooLarge } from './dynamodb-fault.ts';
import { expressionsOf } from './expressions.ts';

const BATCH = 100;
const BATCH_TRIES = 8;

/**
 * Returns the table on DynamoDB. The client retries throttled calls. A failed condition and a conflict between
 * transactions are outcomes, not errors. `pause` waits for milliseconds. Throws `TryAgain` when reads of a batch stay
 * throttled.
 */
export function dynamoDbTable(
  dynamoDb: DynamoDb,
  tableName: string,
  pause: (milliseconds: number) => Promise<void>,
): Table {
  const get = async (key: Key): Promise<Item | undefined> => {
    const { Item: found } = await dynamoDb.getItem({
      TableName: tableName,
      Key: marshalled(key),
      ConsistentRead: true,
    });
    return found === undefined ? undefined : itemOf(found);
  };

  const getBatch = async (keys: readonly Key[]): Promise<readonly Item[]> => {
    const items: Item[] = [];
    let asked = keys.map(marshalled);
    for (let tries = 1; asked.length > 0; tries += 1) {
      const { Responses, UnprocessedKeys } = await dynamoDb.batchGetItem({
        RequestItems: { [tableName]: { Keys: asked, ConsistentRead: true } },
      });
      items.push(...(Responses?.[tableName] ?? []).map(itemOf));
      asked = UnprocessedKeys?.[tableName]?.Keys ?? [];
      if (asked.length === 0) break;
      if (tries === BATCH_TRIES) throw new TryAgain('the table is throttled');
      await pause(Math.min(25 * 2 ** tries, 1_000));
    }
    return items;
  };

  const getMany = async (keys: readonly Key[]): Promise<readonly (Item | undefined)[]> => {
    const found = new Map<string, Item>();
    // DynamoDB refuses a batch that names a key twice.
    const asked = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values()];
    for (let start = 0; start < asked.length; start += BATCH) {
      for (const item of await getBatch(asked.slice(start, start + BATCH))) found.set(`${item.pk}\n${item.sk}`, item);
    }
    return keys.map(({ pk, sk }) => found.get(`${pk}\n${sk}`));
  };

  const getAtOnce = async (keys: readonly Key[]): Promise<readonly (Item | undefined)[] | undefined> => {
    if (keys.length === 0) return [];
    const asked = keys.map((one) => ({ Get: { TableName: tableName, Key: marshalled(one) } }));
    try {
      const { Responses = [] } = await dynamoDb.transactGetItems({ TransactItems: asked });
      return keys.map((_, position) => {
        const found = Responses[position]?.Item;
        return found === undefined ? undefined : itemOf(found);
      });
    } catch (error) {
      if (!(error instanceof RefusedWrite)) throw error;
      refusalsOf(error.refusal, keys.length);
      return undefined;
    }
  };

  const query = async ({ pk, from = ' ', to = '~', descending = false, limit }: Range) => {
    const { Items = [], LastEvaluatedKey } = await dynamoDb.query(
      defined({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
        ConsistentRead: true,
        ScanIndexForward: !descending,
        Limit: limit,
      }),
    );
    return { items: Items.map(itemOf), more: LastEvaluatedKey !== undefined };
  };

  const list = async (index: keyof typeof TABLE.indexes, range: IndexRange) => {
    const { partitionKey, sortKey } = TABLE.indexes[index];
    const { partition, from = '\u0000', to = '\u{10FFFF}', descending = false, limit, after } = range;
    const { Items = [], LastEvaluatedKey } = await dynamoDb.query(
      defined({
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#partition': partitionKey, '#sort': sortKey },
        ExpressionAttributeValues: { ':partition': { S: partition }, ':from': { S: from }, ':to': { S: to } },
        ScanIndexForward: !descending,
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: marshalled(after) }),
      }),
    );
    const keys = Items.map((item) => keyOf(valuesOf(item)));
    return LastEvaluatedKey === undefined ? { keys } : { keys, next: cursorOf(valuesOf(LastEvaluatedKey)) };
  };

  const send = async (writes: readonly Write[], only: Write | undefined): Promise<unknown> => {
    if (only === undefined || 'check' in only) {
      return dynamoDb.transactWriteItems({ TransactItems: writes.map((write) => action(tableName, write)) });
    }
    const common = {
      TableName: tableName,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...expressionsOf(only),
    } as const;
    if ('put' in only) return dynamoDb.putItem({ ...common, Item: marshalled(only.put) });
    if ('update' in only) return dynamoDb.updateItem({ ...common, Key: marshalled(only.update) });
    return dynamoDb.deleteItem({ ...common, Key: marshalled(only.delete) });
  };

  /** A single write is a plain call, which costs half as much as a transaction. A single check needs a transaction. */
  const write = async (writes: readonly Write[]): Promise<WriteAnswer> => {
    if (writes.length === 0) return { done: true };
    try {
      await send(writes, writes.length === 1 ? writes[0] : undefined);
      return { done: true };
    } catch (error) {
      if (error instanceof RefusedWrite) return { done: false, refusals: refusalsOf(error.refusal, writes.length) };
      if (error instanceof Error && saysTooLarge(error.name, error.message)) throw new ItemTooLarge(error.message);
      throw error;
    }
  };

  return { get, getMany, getAtOnce, query, list, write };
}

function action(tableName: string, write: Write): TransactWriteItem {
  const common = {
    TableName: tableName,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...expressionsOf(write),
  } as const;
  if ('put' in write) return { Put: { ...common, Item: marshalled(write.put) } };
  if ('update' in write) {
    const { UpdateExpression = '' } = common;
    return { Update: { ...common, UpdateExpression, Key: marshalled(write.update) } };
  }
  if ('delete' in write) return { Delete: { ...common, Key: marshalled(write.delete) } };
  const { ConditionExpression = '' } = common;
  return { ConditionCheck: { ...common, ConditionExpression, Key: marshalled(write.check) } };
}

function refusalsOf(refusal: DynamoDbRefusal, writes: number): readonly (WriteRefusal | undefined)[] {
  switch (refusal.name) {
    case 'ConditionalCheckFailedException':
      return [failedCondition(refusal.item)];
    case 'TransactionCanceledException':
      return refusal.reasons.map(refusalOf);
    case 'TransactionConflictException':
    case 'TransactionInProgressException':
      return Array.from({ length: writes }, () => ({ because: 'conflict' }));
  }
}

/**
 * Converts the reason for one write of a canceled transaction. Throttling counts as a conflict, so the caller waits and
 * retries. Throws for any other reason, which is a fault of ours.
 */
function refusalOf(reason: CancellationReason): WriteRefusal | undefined {
  switch (reason.Code) {
    case 'None':
    case undefined:
      return undefined;
    case 'ConditionalCheckFailed':
      return failedCondition(reason.Item);
    case 'TransactionConflict':
    case 'ThrottlingError':
    case 'ProvisionedThroughputExceeded':
      return { because: 'conflict' };
    default:
      if (saysTooLarge(reason.Code, reason.Message)) throw new ItemTooLarge(reason.Message);
      throw new Error(`a transaction was refused: ${reason.Code}`);
  }
}

function failedCondition(item: Record<string, AttributeValue> | undefined): WriteRefusal {
  return { because: 'condition', item: item === undefined ? undefined : itemOf(item) };
}

const key = z.object({ pk: z.string(), sk: z.string() });
const cursor = z.catchall(key, z.string());

function keyOf(item: unknown): Key {
  return key.parse(item);
}

/**
 * Reads the key at which an index's page ends. It includes the attributes of the index, and callers pass it back as it
 * is.
 */
function cursorOf(item: unknown): Key {
  return cursor.parse(item);
}
