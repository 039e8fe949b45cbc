export const ENVIRONMENT = ['TABLE_NAME', 'STAGE_KEY_ARN'] as const;
