import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'BUCKET_NAME', 'IMPORT_QUEUE_ARN', 'STAGE_KEY_ARN', 'URL_SUFFIX'] as const;

export const CARD = {
  memoryMB: 1769,
  timeoutSeconds: 15 * 60,
  concurrency: 20,
  environment: ENVIRONMENT,
  grants: {
    items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'Query'],
    objects: [
      { actions: ['GetObject', 'GetObjectVersion'], keys: 'tenants/*/uploads/*' },
      { actions: ['PutObject'], keys: 'tenants/*/uploads/*.report.json' },
    ],
    tellsMissingObjects: true,
    stageKey: true,
  },
  kinds: { writes: ['L', 'V', 'U', 'I', 'K', 'C', 'NAME'], deletes: ['V'] },
} as const satisfies FunctionCard;
