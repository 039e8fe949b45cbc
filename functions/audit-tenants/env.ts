export const ENVIRONMENT = ['TABLE_NAME'] as const;
