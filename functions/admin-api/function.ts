import { ADMINISTER_GRANTS } from '../administer/grants.ts';
import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = [
  'TABLE_NAME',
  'BUCKET_NAME',
  'STATE_MACHINE_ARN',
  'STAGE_KEY_ARN',
  'ISSUER',
  'AUDIENCE',
  'TENANT_CLAIM',
  'ROLE_CLAIM',
] as const;

export const CARD = {
  memoryMB: 1769,
  // API Gateway waits 30 s. A longer call would still change things after its caller got an error.
  timeoutSeconds: 29,
  concurrency: 50,
  environment: ENVIRONMENT,
  grants: ADMINISTER_GRANTS,
  kinds: {
    deletes: ['V', 'U', 'R', 'T', 'P', 'E', 'S', 'HOOK', 'HOOKSCOPE', 'COGNITO', 'WEBHOOK', 'CALENDAR', 'IDEMPOTENCY'],
  },
} as const satisfies FunctionCard;
