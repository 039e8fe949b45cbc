import { asOf, commands, folderAsOf, history, historyOfDays, userAsOf } from '../answers/history.ts';
import { ADMINISTRATOR_OR_OPERATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'history';

export const historyRoutes: readonly Route[] = [
  route({
    topic,
    method: 'GET',
    path: '/licenses/{serialNumber}/history',
    roles: EVERYBODY,
    summary: 'All changes of a license in order, also of a deleted one',
    command: 'list-license-history',
    query: ['cursor', 'limit'],
    answer: history,
    codes: ['unknown-license'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/licenses/{serialNumber}/as-of',
    roles: EVERYBODY,
    summary: 'Who held a license at an instant, and where it was',
    command: 'get-license-as-of',
    query: ['at'],
    answer: asOf,
  }),
  route({
    topic,
    method: 'GET',
    path: '/user-cards/{user}/history',
    roles: EVERYBODY,
    summary: 'Events that concern a user or were caused by the user, the latest first',
    command: 'list-user-history',
    query: ['cursor', 'limit'],
    answer: history,
  }),
  route({
    topic,
    method: 'GET',
    path: '/history',
    roles: EVERYBODY,
    summary:
      'Events of one of the tenant’s days, or of a range of days, that match all filters, in order. Without a day, those of today',
    command: 'list-tenant-history',
    query: ['day', 'from', 'to', 'kind', 'actor', 'cause', 'cursor', 'limit'],
    answer: historyOfDays,
  }),
  route({
    topic,
    method: 'GET',
    path: '/user-cards/{user}/as-of',
    roles: EVERYBODY,
    summary: 'The licenses that a user held at an instant',
    command: 'get-user-as-of',
    query: ['at'],
    answer: userAsOf,
  }),
  route({
    topic,
    method: 'GET',
    path: '/folders/{folder}/as-of',
    roles: EVERYBODY,
    summary: 'The licenses that were in a folder at an instant, and who held them',
    command: 'list-folder-as-of',
    query: ['at', 'cursor', 'limit'],
    answer: folderAsOf,
    codes: ['unknown-folder'],
  }),
  route({
    topic,
    method: 'GET',
    path: '/commands',
    roles: ADMINISTRATOR_OR_OPERATOR,
    summary:
      'Commands that changed something at the tenant, with their actor and outcome, the latest first. All, or those of an actor, or with a name',
    command: 'list-commands',
    query: ['actor', 'name', 'cursor', 'limit'],
    answer: commands,
  }),
];
