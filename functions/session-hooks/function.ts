import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'METRICS_NAMESPACE', 'URL_SUFFIX', 'SECRETS_PREFIX'] as const;

export const CARD = {
  memoryMB: 1769,
  timeoutSeconds: 10,
  concurrency: 120,
  traced: false,
  environment: ENVIRONMENT,
  grants: {
    items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'],
    indexes: ['by-idle-deadline'],
    secrets: true,
  },
  kinds: { writes: ['L', 'V', 'U', 'HOOKEVENT', 'HOOKHEALTH', 'S', 'COGNITO'], deletes: ['V'] },
} as const satisfies FunctionCard;
