export const ENVIRONMENT = ['TABLE_NAME', 'METRICS_NAMESPACE'] as const;
