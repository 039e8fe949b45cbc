export const ENVIRONMENT = ['TABLE_NAME', 'BUCKET_NAME', 'STAGE_KEY_ARN'] as const;
