import type { FunctionCard } from '../function-card.ts';

export const ENVIRONMENT = [
  'BUCKET_NAME',
  'ISSUER',
  'CONSOLE_CLIENT_ID',
  'CONSOLE_SCOPES',
  'CONSOLE_PROVIDER_ORIGINS',
] as const;

export const CARD = {
  memoryMB: 512,
  timeoutSeconds: 10,
  environment: ENVIRONMENT,
  grants: { items: [] },
  kinds: { writes: [], deletes: [] },
} as const satisfies FunctionCard;
