import type { Grants } from '../function-card.ts';

/** The grants of the administrators' commands, which both functions need. */
export const ADMINISTER_GRANTS = {
  items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'],
  indexes: ['by-tenant', 'by-folder', 'by-expiry', 'by-idle-deadline'],
  objects: [
    // A form for an upload allows what its signer may do.
    { actions: ['GetObject', 'GetObjectVersion', 'PutObject'], keys: 'tenants/*/uploads/*' },
    { actions: ['GetObject', 'GetObjectVersion', 'PutObject'], keys: 'tenants/*/renewals/*' },
    { actions: ['GetObject', 'GetObjectVersion', 'PutObject'], keys: 'previews/*' },
  ],
  neverPuts: 'tenants/*/*.report.json',
  tellsMissingObjects: true,
  executions: ['StartExecution', 'DescribeExecution', 'StopExecution'],
  stageKey: true,
} as const satisfies Grants;
