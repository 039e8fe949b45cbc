import type { RequestFault } from '../../shared/platform/validation.ts';

/** What was read from a part of a request, or its faults. */
export type Reading<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'faulty'; readonly faults: readonly RequestFault[] };

export function read<Value>(value: Value): Reading<Value> {
  return { kind: 'read', value };
}

export function faulty(...faults: readonly RequestFault[]): Extract<Reading<never>, { readonly kind: 'faulty' }> {
  return { kind: 'faulty', faults };
}
