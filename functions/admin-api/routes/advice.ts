import { draining, expiring, layout } from '../answers/advice.ts';
import { explanations } from '../answers/receipt.ts';
import { EVERYBODY, type Route, route } from '../route.ts';

const topic = 'advice';

export const adviceRoutes: readonly Route[] = [
  route({
    topic,
    method: 'POST',
    path: '/explanations',
    roles: EVERYBODY,
    summary:
      'Who would get which license, and who would be denied, now or later: a `user`, somebody with a `card` like this, or everybody of a `folder`. Changes nothing',
    command: 'explain',
    onlyReads: true,
    body: [
      ...(['user', 'card', 'folder', 'subfolders', 'at', 'day'] as const),
      ...(['outcome', 'cursor', 'limit'] as const),
    ],
    answer: explanations,
    codes: ['unknown-folder', 'user-card-in-z-old', 'busy'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/layout-check',
    roles: EVERYBODY,
    summary: 'Warnings about the layout of the folders',
    command: 'check-layout',
    answer: layout,
    codes: ['busy'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/expiring-licenses',
    roles: EVERYBODY,
    summary: 'Licenses that end within 90, 30 or 7 days, by their last day, with the users concerned',
    command: 'list-expiring',
    query: ['within', 'cursor', 'limit'],
    answer: expiring,
  }),
  route({
    topic,
    method: 'GET',
    path: '/draining-licenses',
    roles: EVERYBODY,
    summary: 'Licenses that are releasing or set aside and still in use, with the user and the time since when',
    command: 'list-draining',
    query: ['cursor', 'limit'],
    answer: draining,
    codes: ['busy'],
  }),
];
