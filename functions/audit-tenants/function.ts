import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 15 * 60,
  environment: ENVIRONMENT,
  grants: {
    items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'],
    indexes: ['by-tenant'],
  },
  kinds: { writes: ['L', 'V', 'U', 'T', 'POOL'], deletes: ['V'] },
} as const satisfies FunctionCard;
