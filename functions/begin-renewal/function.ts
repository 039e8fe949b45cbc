import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 1024,
  timeoutSeconds: 5 * 60,
  environment: ENVIRONMENT,
  grants: {
    items: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    indexes: ['by-expiry'],
  },
  kinds: { writes: ['R', 'T'], deletes: [] },
} as const satisfies FunctionCard;
