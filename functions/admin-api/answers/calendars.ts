import * as z from 'zod/mini';
import { count, day, instant, text } from './values.ts';

export const expiryCalendar = z.strictObject({
  from: day,
  to: day,
  /** Without the days on which nothing ends. */
  days: z.array(z.strictObject({ day, licenses: count, users: count })),
});

const feed = { feedId: text, createdAt: instant };
/** The address has a secret. It is shown to the request that creates the feed, and never again. */
export const newCalendarFeed = z.strictObject({ ...feed, address: text });
export const calendarFeeds = z.strictObject({ feeds: z.array(z.strictObject(feed)) });
