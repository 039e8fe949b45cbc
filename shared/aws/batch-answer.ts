/** What a function says of a batch of a stream or a queue: which records are to come again. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

export function failuresOf(identifiers: readonly string[]): BatchAnswer {
  return { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) };
}
