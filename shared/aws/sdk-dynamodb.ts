import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDb, RefusedWrite } from './dynamodb.ts';

/** Returns DynamoDB through the SDK, for every function except those for which a user waits at login. */
export function sdkDynamoDb(client: DynamoDBClient): DynamoDb {
  const refused = (error: unknown): never => {
    if (error instanceof ConditionalCheckFailedException) {
      throw new RefusedWrite({ name: 'ConditionalCheckFailedException', item: error.Item });
    }
    if (error instanceof TransactionConflictException) throw new RefusedWrite({ name: 'TransactionConflictException' });
    if (error instanceof TransactionInProgressException) {
      throw new RefusedWrite({ name: 'TransactionInProgressException' });
    }
    if (error instanceof TransactionCanceledException) {
      throw new RefusedWrite({ name: 'TransactionCanceledException', reasons: error.CancellationReasons ?? [] });
    }
    throw error;
  };
  return {
    getItem: (input) => client.send(new GetItemCommand(input)),
    batchGetItem: (input) => client.send(new BatchGetItemCommand(input)),
    transactGetItems: (input) => client.send(new TransactGetItemsCommand(input)).catch(refused),
    query: (input) => client.send(new QueryCommand(input)),
    putItem: (input) => client.send(new PutItemCommand(input)).catch(refused),
    updateItem: (input) => client.send(new UpdateItemCommand(input)).catch(refused),
    deleteItem: (input) => client.send(new DeleteItemCommand(input)).catch(refused),
    transactWriteItems: (input) => client.send(new TransactWriteItemsCommand(input)).catch(refused),
  };
}
