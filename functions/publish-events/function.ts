import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'EVENT_BUS_NAME', 'METRICS_NAMESPACE'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 1 * 60,
  traced: false,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'Query', 'PutItem'], publishes: true },
  kinds: { writes: ['G'], deletes: [] },
} as const satisfies FunctionCard;
