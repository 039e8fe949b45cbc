import type {
  AttributeValue,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  CancellationReason,
  DeleteItemCommandInput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactGetItemsCommandInput,
  TransactGetItemsCommandOutput,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

/**
 * The operations of DynamoDB that the table uses. Implementations retry a few times when DynamoDB throttles or does not
 * answer, and then throw. They throw any fault of ours at once. They throw a refusal as `RefusedWrite`, also when a
 * read of several items at once meets a write that is under way.
 */
export type DynamoDb = {
  readonly getItem: (input: GetItemCommandInput) => Promise<Pick<GetItemCommandOutput, 'Item'>>;
  readonly batchGetItem: (
    input: BatchGetItemCommandInput,
  ) => Promise<Pick<BatchGetItemCommandOutput, 'Responses' | 'UnprocessedKeys'>>;
  readonly transactGetItems: (
    input: TransactGetItemsCommandInput,
  ) => Promise<Pick<TransactGetItemsCommandOutput, 'Responses'>>;
  readonly query: (input: QueryCommandInput) => Promise<Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'>>;
  readonly putItem: (input: PutItemCommandInput) => Promise<unknown>;
  readonly updateItem: (input: UpdateItemCommandInput) => Promise<unknown>;
  readonly deleteItem: (input: DeleteItemCommandInput) => Promise<unknown>;
  readonly transactWriteItems: (input: TransactWriteItemsCommandInput) => Promise<unknown>;
};

/** How DynamoDB refuses a valid write. This is an outcome, not a fault. */
export type DynamoDbRefusal =
  | { readonly name: 'ConditionalCheckFailedException'; readonly item: Record<string, AttributeValue> | undefined }
  /** A transaction is under way on the item. */
  | { readonly name: 'TransactionConflictException' }
  /** The same transaction is still under way. */
  | { readonly name: 'TransactionInProgressException' }
  /** By the position of the write. */
  | { readonly name: 'TransactionCanceledException'; readonly reasons: readonly CancellationReason[] };

/** A call was refused, and none of its writes was made. */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite';
  readonly refusal: DynamoDbRefusal;

  constructor(refusal: DynamoDbRefusal) {
    super(`DynamoDB refused a write: ${refusal.name}`);
    this.refusal = refusal;
  }
}
