import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 5 * 60,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'Query', 'UpdateItem', 'DeleteItem'] },
  kinds: { writes: ['R', 'T'], deletes: ['T'] },
} as const satisfies FunctionCard;
