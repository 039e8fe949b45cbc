import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'STAGE_KEY_ARN'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 1 * 60,
  traced: false,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'], stageKey: true },
  kinds: { writes: ['H', 'D', 'P', 'X', 'FIND', 'POOL'], deletes: ['P', 'FIND'] },
} as const satisfies FunctionCard;
