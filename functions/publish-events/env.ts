export const ENVIRONMENT = ['TABLE_NAME', 'EVENT_BUS_NAME'] as const;
