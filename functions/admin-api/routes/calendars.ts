import * as z from 'zod/mini';
import { addressOfFeed } from '../../../shared/administration/calendars.ts';
import { calendarFeeds, expiryCalendar, newCalendarFeed } from '../answers/calendars.ts';
import { deleted } from '../answers/values.ts';
import { ADMINISTRATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'advice';

const createdFeed = z.object({ feedId: z.string() });

export const calendarRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/expiry-calendar',
    roles: EVERYBODY,
    summary: 'How many licenses end on each day of the coming year, and how many users have or use one of them',
    command: 'get-expiry-calendar',
    answer: expiryCalendar,
    codes: ['busy'],
  }),
  route({
    topic,
    method: 'POST',
    path: '/calendar-feeds',
    roles: ADMINISTRATOR,
    summary:
      'Creates a secret address from which calendar programs read the expiry calendar (iCalendar). It is shown once, and it works without a token until the feed is deleted',
    command: 'create-calendar-feed',
    answer: newCalendarFeed,
    secret: {
      member: 'address',
      make: (keyedHash, tenant, answer) => addressOfFeed(keyedHash, tenant, createdFeed.parse(answer).feedId),
    },
  }),
  route({
    topic,
    method: 'GET',
    path: '/calendar-feeds',
    roles: EVERYBODY,
    summary: 'The calendar feeds of the tenant, without their addresses',
    command: 'list-calendar-feeds',
    answer: calendarFeeds,
  }),
  route({
    topic,
    method: 'DELETE',
    path: '/calendar-feeds/{feedId}',
    roles: ADMINISTRATOR,
    summary: 'Revokes the address of a calendar feed at once. A missing feed is not an error',
    command: 'delete-calendar-feed',
    answer: deleted,
  }),
];
