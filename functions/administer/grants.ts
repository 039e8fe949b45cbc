import type { Grants } from '../function-card.ts';

/** The calls that the administrator's commands make, whether they come directly or over HTTP. */
export const ADMINISTER_GRANTS = {
  items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'],
  indexes: ['by-tenant', 'by-folder', 'by-expiry', 'by-idle-deadline'],
  objects: [
    { actions: ['GetObject', 'GetObjectVersion', 'PutObject'], keys: 'tenants/*/renewals/*' },
    // Also for the forms of uploads: they may do what their signer may.
    { actions: ['PutObject'], keys: 'tenants/*/uploads/*' },
  ],
  neverPuts: 'tenants/*/*.report.json',
  tellsMissingObjects: true,
  executions: ['StartExecution', 'DescribeExecution', 'StopExecution'],
  stageKey: true,
} as const satisfies Grants;
