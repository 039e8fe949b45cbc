import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 2 * 60,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'] },
  kinds: { writes: ['L', 'V', 'U', 'R'], deletes: ['V'] },
} as const satisfies FunctionCard;
