import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 30,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem'], secrets: true },
  kinds: { writes: [], deletes: [] },
} as const satisfies FunctionCard;
