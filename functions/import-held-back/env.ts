export const ENVIRONMENT = ['TABLE_NAME', 'BUCKET_NAME'] as const;
