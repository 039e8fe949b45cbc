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
 * What the table asks of DynamoDB, in the service's own shapes. Throttling and a service that does not answer are met by
 * a few tries within; what is left of them, and any fault of ours, is thrown. A refusal is thrown as `RefusedWrite`; that
 * of a read of several items at once too, which meets the writes that are under way.
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

/** How DynamoDB refuses a write that was well formed: an answer, not a fault. */
export type WriteRefusal =
  | { readonly name: 'ConditionalCheckFailedException'; readonly item: Record<string, AttributeValue> | undefined }
  /** A transaction is under way on the item. */
  | { readonly name: 'TransactionConflictException' }
  /** The same transaction is still under way. */
  | { readonly name: 'TransactionInProgressException' }
  /** By the position of the write. */
  | { readonly name: 'TransactionCanceledException'; readonly reasons: readonly CancellationReason[] };

/** A write of which nothing was made. */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite';
  readonly refusal: WriteRefusal;

  constructor(refusal: WriteRefusal) {
    super(`DynamoDB refused a write: ${refusal.name}`);
    this.refusal = refusal;
  }
}
