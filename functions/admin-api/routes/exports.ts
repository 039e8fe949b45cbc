import { exported } from '../answers/exports.ts';
import { EVERYBODY, type Route, route } from '../route.ts';

const topic = 'exports';

export const exportRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/exports/licenses',
    roles: EVERYBODY,
    summary: 'Licenses that match all filters',
    command: 'export-licenses',
    query: [
      ...(['folder', 'state', 'type', 'access', 'modules', 'user', 'expiringBefore', 'sortBy'] as const),
      ...(['format', 'cursor', 'limit'] as const),
    ],
    answer: exported,
    file: 'licenses',
    codes: ['unknown-folder', 'unknown-user'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/exports/user-cards',
    roles: EVERYBODY,
    summary: 'All user cards, or those of a folder',
    command: 'export-user-cards',
    query: ['folder', 'format', 'cursor', 'limit'],
    answer: exported,
    file: 'user-cards',
    codes: ['unknown-folder'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/exports/renewals/{renewalId}',
    roles: EVERYBODY,
    summary: 'All rows of a renewal: the snapshot, the plan, and what became of each license',
    command: 'export-renewal',
    query: ['format', 'cursor', 'limit'],
    answer: exported,
    file: 'renewal',
    codes: ['unknown-renewal'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/exports/history',
    roles: EVERYBODY,
    summary: 'The history of some of the tenant’s days in order. Without a last day, up to today',
    command: 'export-history',
    query: ['from', 'to', 'format', 'cursor', 'limit'],
    answer: exported,
    file: 'history',
  }),
];
