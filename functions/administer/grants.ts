import type { Grants } from '../function-card.ts';

/** The grants of the administrators' commands, which both functions need. */
export const ADMINISTER_GRANTS = {
  items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'],
  indexes: ['by-tenant', 'by-folder', 'by-expiry', 'by-idle-deadline'],
  objects: [
    { actions: ['GetObject', 'GetObjectVersion', 'PutObject'], keys: 'tenants/*/renewals/*' },
    // Forms for uploads need this as well: a form allows what its signer may do.
    { actions: ['PutObject'], keys: 'tenants/*/uploads/*' },
  ],
  neverPuts: 'tenants/*/*.report.json',
  tellsMissingObjects: true,
  executions: ['StartExecution', 'DescribeExecution', 'StopExecution'],
  stageKey: true,
} as const satisfies Grants;
