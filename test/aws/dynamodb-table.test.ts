import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { sdkDynamoDb } from '../../shared/aws/sdk-dynamodb.ts';
import { absent, any, atLeast, atMost, different, equal, present } from '../../shared/licensing/clause.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { ItemTooLarge, type Key, type Write } from '../../shared/platform/ports/table.ts';

/* What is sent, and how errors are told. That the expressions mean what they say is the table's contract. */

const dynamoDb = mockClient(DynamoDBClient);
const pauses: number[] = [];
const table = dynamoDbTable(
  sdkDynamoDb(new DynamoDBClient({ region: 'eu-north-1' })),
  'licenses',
  async (milliseconds) => {
    pauses.push(milliseconds);
  },
);

beforeEach(() => {
  dynamoDb.reset();
  pauses.length = 0;
});

const KEY: Key = { pk: 'L#acme#A1', sk: 'LICENSE' };
const AS_KEY = { pk: { S: 'L#acme#A1' }, sk: { S: 'LICENSE' } };
const fault = { $metadata: {}, message: 'refused' };

const UPDATE: Write = {
  update: KEY,
  set: [
    ['currentUser', 'ada'],
    [['sessions', 'one'], { started: 'x' }],
  ],
  remove: ['releasing', ['ended', 'one']],
  add: [['version', 1]],
  onlyIf: [
    equal('version', 1),
    absent('currentUser'),
    present('folderId'),
    different('folderId', 'zOld'),
    atMost('validFrom', '2026-03-02'),
    any(absent('expiresOn'), atLeast('expiresOn', '2026-03-02')),
  ],
};

describe('reads', () => {
  it('are strongly consistent, except those of indexes', async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: { ...AS_KEY, version: { N: '7' } } });
    dynamoDb.on(QueryCommand).resolves({});
    dynamoDb.on(BatchGetItemCommand).resolves({ Responses: { licenses: [AS_KEY] } });

    expect(await table.get(KEY)).toEqual({ ...KEY, version: 7 });
    await table.query({ pk: 'V#acme#root', from: 'w1#', to: 'w2#~', limit: 24 });
    await table.list('by-folder', { partition: 'L#acme#root', limit: 10, after: KEY });
    expect(await table.getMany([KEY])).toEqual([KEY]);

    expect(dynamoDb.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'licenses',
      Key: AS_KEY,
      ConsistentRead: true,
    });
    const [query, list] = dynamoDb.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(query).toEqual({
      TableName: 'licenses',
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: 'V#acme#root' }, ':from': { S: 'w1#' }, ':to': { S: 'w2#~' } },
      ConsistentRead: true,
      ScanIndexForward: true,
      Limit: 24,
    });
    expect(list).toMatchObject({
      IndexName: 'by-folder',
      ExpressionAttributeNames: { '#partition': 'folderKey', '#sort': 'folderSort' },
      ExclusiveStartKey: AS_KEY,
      Limit: 10,
    });
    expect(list).not.toHaveProperty('ConsistentRead');
    expect(dynamoDb.commandCalls(BatchGetItemCommand)[0]?.args[0].input).toMatchObject({
      RequestItems: { licenses: { Keys: [AS_KEY], ConsistentRead: true } },
    });
  });

  it('report more results when DynamoDB ends a page, also an empty one', async () => {
    dynamoDb.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: AS_KEY });

    expect(await table.query({ pk: 'V#acme#root' })).toEqual({ items: [], more: true });
    expect(await table.list('by-tenant', { partition: 'L#acme' })).toEqual({ keys: [], next: KEY });
  });

  it('ask again for keys that a batch left out, with growing pauses (F12)', async () => {
    dynamoDb
      .on(BatchGetItemCommand)
      .resolvesOnce({ UnprocessedKeys: { licenses: { Keys: [AS_KEY] } } })
      .resolvesOnce({ UnprocessedKeys: { licenses: { Keys: [AS_KEY] } } })
      .resolves({ Responses: { licenses: [AS_KEY] } });

    expect(await table.getMany([KEY])).toEqual([KEY]);
    expect(pauses).toHaveLength(2);
    expect(pauses[1]).toBeGreaterThan(pauses[0]!);
  });

  it('throw TryAgain, and never report an absent item, when batches are left out for too long (F12)', async () => {
    dynamoDb.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { licenses: { Keys: [AS_KEY] } } });

    await expect(table.getMany([KEY])).rejects.toThrow(TryAgain);
  });

  it('throw every other error', async () => {
    dynamoDb.on(GetItemCommand).rejects(new ProvisionedThroughputExceededException(fault));

    await expect(table.get(KEY)).rejects.toThrow(ProvisionedThroughputExceededException);
  });
});

describe('writes', () => {
  it('of one item are plain writes with their condition, and return the item that refused it', async () => {
    dynamoDb.onAnyCommand().resolves({});

    await table.write([{ put: { ...KEY, a: 1 }, onlyIf: [absent('pk')] }]);
    await table.write([UPDATE]);
    await table.write([{ delete: KEY, onlyIf: [present('pk')] }]);

    expect(dynamoDb.commandCalls(TransactWriteItemsCommand)).toHaveLength(0);
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'licenses',
      Item: { ...AS_KEY, a: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(#0)',
      ExpressionAttributeNames: { '#0': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const update = dynamoDb.commandCalls(UpdateItemCommand)[0]!.args[0].input;
    expect(resolved(update.UpdateExpression, update)).toBe(
      'SET currentUser = "ada", sessions.one = {"started":{"S":"x"}} REMOVE releasing, ended.one ADD version 1',
    );
    expect(resolved(update.ConditionExpression, update)).toBe(
      'version = 1 AND attribute_not_exists(currentUser) AND attribute_exists(folderId) AND folderId <> "zOld" ' +
        'AND validFrom <= "2026-03-02" AND (attribute_not_exists(expiresOn) OR expiresOn >= "2026-03-02")',
    );
    expect(update.ReturnValuesOnConditionCheckFailure).toBe('ALL_OLD');
    expect(dynamoDb.commandCalls(DeleteItemCommand)[0]?.args[0].input).toMatchObject({
      Key: AS_KEY,
      ConditionExpression: 'attribute_exists(#0)',
    });
  });

  it('of several items are one transaction, and so is a single condition check', async () => {
    dynamoDb.onAnyCommand().resolves({});

    await table.write([{ put: { ...KEY } }, UPDATE, { delete: KEY }, { check: KEY, onlyIf: [present('pk')] }]);
    await table.write([{ check: KEY, onlyIf: [present('pk')] }]);

    const [group, check] = dynamoDb.commandCalls(TransactWriteItemsCommand).map(({ args }) => args[0].input);
    expect(group?.TransactItems?.map((action) => Object.keys(action))).toEqual([
      ['Put'],
      ['Update'],
      ['Delete'],
      ['ConditionCheck'],
    ]);
    expect(group?.TransactItems?.[0]?.Put).not.toHaveProperty('ConditionExpression');
    for (const action of group?.TransactItems ?? []) {
      expect(Object.values(action)[0]).toMatchObject({
        TableName: 'licenses',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
    }
    expect(check?.TransactItems).toHaveLength(1);
  });

  it('send nothing for an empty list', async () => {
    expect(await table.write([])).toEqual({ done: true });
    expect(dynamoDb.calls()).toHaveLength(0);
  });
});

describe('refusals', () => {
  const TWO: readonly Write[] = [UPDATE, { delete: { pk: 'V#acme#root', sk: 'w1#x' }, onlyIf: [present('pk')] }];

  const canceled = (...CancellationReasons: TransactionCanceledException['CancellationReasons'] & object) =>
    dynamoDb.on(TransactWriteItemsCommand).rejects(new TransactionCanceledException({ ...fault, CancellationReasons }));

  it('name the position and the present item (F13)', async () => {
    canceled({ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { ...AS_KEY, version: { N: '2' } } });

    expect(await table.write(TWO)).toEqual({
      done: false,
      refusals: [undefined, { because: 'condition', item: { ...KEY, version: 2 } }],
    });
  });

  it('without an item mean that the item does not exist', async () => {
    canceled({ Code: 'ConditionalCheckFailed' }, {});

    expect(await table.write(TWO)).toEqual({
      done: false,
      refusals: [{ because: 'condition', item: undefined }, undefined],
    });
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    '%s is a conflict, because the outcome is not known (F13)',
    async (Code) => {
      canceled({ Code: 'ConditionalCheckFailed' }, { Code });

      expect(await table.write(TWO)).toEqual({
        done: false,
        refusals: [{ because: 'condition', item: undefined }, { because: 'conflict' }],
      });
    },
  );

  it.each(['ValidationError', 'ItemCollectionSizeLimitExceeded', 'DuplicateItem', 'AccessDenied'])(
    '%s is a fault of the service, and thrown',
    async (Code) => {
      canceled({ Code }, { Code: 'None' });

      await expect(table.write(TWO)).rejects.toThrow(Code);
    },
  );

  it.each([
    ['Item size has exceeded the maximum allowed size', ItemTooLarge],
    ['Item size to update has exceeded the maximum allowed size', ItemTooLarge],
    ['One or more parameter values were invalid', Error],
  ])('%j is reported alike for one write and for several', async (message, kind) => {
    dynamoDb.on(PutItemCommand).rejects(Object.assign(new Error(message), { name: 'ValidationException' }));
    canceled({ Code: 'None' }, { Code: 'ValidationError', Message: message });

    const plain = await table.write([{ put: KEY }]).catch((error: unknown) => error);
    const group = await table.write(TWO).catch((error: unknown) => error);

    expect([plain, group].map((error) => error instanceof ItemTooLarge)).toEqual(
      [plain, group].map(() => kind === ItemTooLarge),
    );
    expect([plain, group]).toEqual([expect.any(Error), expect.any(Error)]);
  });

  it('a transactional read reports a concurrent write, and throws every other error', async () => {
    dynamoDb
      .on(TransactGetItemsCommand)
      .rejectsOnce(
        new TransactionCanceledException({ ...fault, CancellationReasons: [{ Code: 'TransactionConflict' }] }),
      )
      .rejects(new TransactionCanceledException({ ...fault, CancellationReasons: [{ Code: 'ValidationError' }] }));

    expect(await table.getAtOnce([KEY])).toBeUndefined();
    await expect(table.getAtOnce([KEY])).rejects.toThrow('ValidationError');
  });

  it('a transaction that still runs is a conflict for each of its writes', async () => {
    dynamoDb.on(TransactWriteItemsCommand).rejects(new TransactionInProgressException(fault));

    expect(await table.write(TWO)).toEqual({
      done: false,
      refusals: [{ because: 'conflict' }, { because: 'conflict' }],
    });
  });

  it('a plain write is refused by its condition, or by a concurrent transaction on its item', async () => {
    dynamoDb
      .on(UpdateItemCommand)
      .rejectsOnce(new ConditionalCheckFailedException({ ...fault, Item: { ...AS_KEY } }))
      .rejectsOnce(new ConditionalCheckFailedException(fault))
      .rejectsOnce(new TransactionConflictException(fault))
      .rejects(new ProvisionedThroughputExceededException(fault));

    expect(await table.write([UPDATE])).toEqual({ done: false, refusals: [{ because: 'condition', item: KEY }] });
    expect(await table.write([UPDATE])).toEqual({ done: false, refusals: [{ because: 'condition', item: undefined }] });
    expect(await table.write([UPDATE])).toEqual({ done: false, refusals: [{ because: 'conflict' }] });
    await expect(table.write([UPDATE])).rejects.toThrow(ProvisionedThroughputExceededException);
  });
});

/** The expression with its placeholders' names and values in their places. */
function resolved(
  expression: string | undefined,
  input: Pick<UpdateItemCommandInput, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>,
): string {
  return (expression ?? '')
    .replace(/#\d+/g, (name) => input.ExpressionAttributeNames?.[name] ?? name)
    .replace(/:\d+(?![\w])/g, (name) => {
      const [type, value] = Object.entries(input.ExpressionAttributeValues?.[name] ?? {})[0] ?? [];
      return type === 'N' ? `${value}` : type === undefined ? name : JSON.stringify(value);
    });
}
