/** The response to a batch of a stream or a queue: the records to deliver again. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** Returns the response that asks for these records again. `identifiers` are sequence numbers or message ids. */
export function failuresOf(identifiers: readonly string[]): BatchAnswer {
  return { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) };
}
