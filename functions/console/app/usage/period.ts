const DAY_MS = 86_400_000;

export const PERIODS = ['31', '7', '90', '365'] as const;
export type Period = (typeof PERIODS)[number];

/** The service answers by hour for at most so many days. */
export const MOST_DAYS_BY_HOUR = 31;

/** Returns the days of a period that ends today. */
export function daysUntil(today: string, days: number): { readonly from: string; readonly to: string } {
  return { from: new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10), to: today };
}
