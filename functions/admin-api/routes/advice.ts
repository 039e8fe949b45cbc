import { draining, expiring, layout, usage } from '../answers/advice.ts';
import { EVERYBODY, type Route, route } from '../route.ts';

const topic = 'advice';

export const adviceRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/layout-check',
    roles: EVERYBODY,
    summary: 'What is worth a look in the tree of folders; warnings only',
    command: 'check-layout',
    answer: layout,
  }),
  route({
    topic,
    method: 'GET',
    path: '/expiring-licenses',
    roles: EVERYBODY,
    summary: 'What ends within 90, 30 or 7 days, by its last day, with the users concerned',
    command: 'list-expiring',
    query: ['within', 'cursor', 'limit'],
    answer: expiring,
  }),
  route({
    topic,
    method: 'GET',
    path: '/draining-licenses',
    roles: EVERYBODY,
    summary: 'What is releasing or set aside and still in use, by whom and since when',
    command: 'list-draining',
    query: ['cursor', 'limit'],
    answer: draining,
  }),
  route({
    topic,
    method: 'GET',
    path: '/usage',
    roles: EVERYBODY,
    summary: 'Peak use per class and folder, and denials by reason, day by day; today without days',
    command: 'get-usage',
    query: ['from', 'to'],
    answer: usage,
  }),
];
