import { asOf, commands, history, historyOfDay } from '../answers/history.ts';
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
    summary: 'Events of one of the tenant’s days in order. Without a day, those of today',
    command: 'list-tenant-history',
    query: ['day', 'cursor', 'limit'],
    answer: historyOfDay,
  }),
  route({
    topic,
    method: 'GET',
    path: '/commands',
    roles: ADMINISTRATOR_OR_OPERATOR,
    summary: 'Commands that changed something at the tenant, with their actor and outcome, the latest first',
    command: 'list-commands',
    query: ['cursor', 'limit'],
    answer: commands,
  }),
];
