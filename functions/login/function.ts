import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'METRICS_NAMESPACE', 'URL_SUFFIX'] as const;

export const CARD = {
  memoryMB: 1024,
  // The claim gives up after 2 s; the rest of the 10 s is for a cold start and a slow table.
  timeoutSeconds: 10,
  concurrency: 120,
  traced: false,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'], indexes: ['by-idle-deadline'] },
  kinds: { writes: ['L', 'V', 'U', 'S'], deletes: ['V'] },
} as const satisfies FunctionCard;
