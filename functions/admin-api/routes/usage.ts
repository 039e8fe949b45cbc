import { needs, peaks, pools, usage } from '../answers/usage.ts';
import { EVERYBODY, type Route, route } from '../route.ts';

const topic = 'usage';

export const usageRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/pools',
    roles: EVERYBODY,
    summary: 'How many licenses each folder has of each class, by their state, some seconds late',
    command: 'get-pools',
    answer: pools,
  }),
  route({
    topic,
    method: 'GET',
    path: '/usage',
    roles: EVERYBODY,
    summary: 'Peak use by class and folder, and denials by reason, for each day. Without days, for today',
    command: 'get-usage',
    query: ['from', 'to'],
    answer: usage,
    codes: ['busy'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/usage/peaks',
    roles: EVERYBODY,
    summary:
      'Peak use beside what was owned, and denials, by day for at most 400 days or by hour for at most 31. Without days, for today',
    command: 'list-peaks',
    query: ['by', 'from', 'to', 'cursor', 'limit'],
    answer: peaks,
    codes: ['busy'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/needs',
    roles: EVERYBODY,
    summary:
      'How many licenses each pool would have needed, by day or by hour, and what that assumes. Without days, for the last 31',
    command: 'get-needs',
    query: ['by', 'from', 'to', 'folder'],
    codes: ['unknown-folder', 'busy'],
    answer: needs,
  }),
];
