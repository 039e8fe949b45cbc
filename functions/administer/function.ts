import type { FunctionCard } from '../function-card.ts';
import { ADMINISTER_GRANTS } from './grants.ts';

export const ENVIRONMENT = ['TABLE_NAME', 'BUCKET_NAME', 'STATE_MACHINE_ARN', 'STAGE_KEY_ARN'] as const;

export const CARD = {
  memoryMB: 1769,
  // The audit, moving many licenses and planning a renewal take longer than a command for one item.
  timeoutSeconds: 5 * 60,
  concurrency: 10,
  environment: ENVIRONMENT,
  grants: ADMINISTER_GRANTS,
  kinds: { deletes: ['V', 'U', 'R', 'T', 'P', 'E', 'S', 'HOOK', 'HOOKSCOPE', 'COGNITO', 'WEBHOOK'] },
} as const satisfies FunctionCard;
