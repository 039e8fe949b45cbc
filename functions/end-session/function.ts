import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'URL_SUFFIX'] as const;

export const CARD = {
  memoryMB: 1024,
  timeoutSeconds: 10,
  concurrency: 60,
  traced: false,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  kinds: { writes: ['L', 'V', 'U', 'S'], deletes: ['V'] },
} as const satisfies FunctionCard;
