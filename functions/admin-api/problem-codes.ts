import type { ProblemCode } from './problems.ts';
import type { Route } from './route.ts';

/** Returns the problems that a route may answer with: those of its command, and those of its method. */
export function problemCodes({ method, command, ifMatch, onlyReads, codes }: Route): readonly ProblemCode[] {
  const isChange = method !== 'GET';
  const all: readonly (ProblemCode | false)[] = [
    'unauthorized',
    'forbidden',
    'invalid-request',
    'too-many-calls',
    command !== 'create-tenant' && command !== 'list-tenants' && 'unknown-tenant',
    isChange && 'too-large',
    isChange && 'unsupported-media-type',
    isChange && !onlyReads && 'conflict',
    ifMatch !== undefined && 'precondition-required',
    ifMatch !== undefined && 'stale-version',
    method === 'POST' && 'idempotency-key-reused',
    method === 'POST' && 'in-progress',
    ...codes,
  ];
  return [...new Set(all.flatMap((code) => code || []))];
}
