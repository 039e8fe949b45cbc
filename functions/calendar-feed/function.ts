import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 1024,
  timeoutSeconds: 29,
  concurrency: 10,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'BatchGetItem'], indexes: ['by-expiry'] },
  kinds: { writes: [], deletes: [] },
} as const satisfies FunctionCard;
