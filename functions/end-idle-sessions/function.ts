import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = ['TABLE_NAME'] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 5 * 60,
  environment: ENVIRONMENT,
  grants: { items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem'], indexes: ['by-idle-deadline'] },
  // `T`: a tenant with a shortened idle time stays in the index until its sessions have been looked at.
  kinds: { writes: ['L', 'V', 'U', 'S', 'T'], deletes: ['V'] },
} as const satisfies FunctionCard;
