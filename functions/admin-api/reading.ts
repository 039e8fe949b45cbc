import type { RequestFault } from '../../shared/platform/validation.ts';

/** What was read of a part of a request, or what is wrong with it. */
export type Reading<Value> = { readonly value: Value } | { readonly faults: readonly RequestFault[] };
