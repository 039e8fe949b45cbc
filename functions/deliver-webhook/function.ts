import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'URL_SUFFIX', 'SECRETS_PREFIX', 'UNDELIVERED_QUEUE_ARN'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 30,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'Query', 'UpdateItem'], secrets: true },
  kinds: { writes: ['WEBHOOK'], deletes: [] },
} as const satisfies FunctionCard;
