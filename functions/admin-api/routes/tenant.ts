import { audit, hook, hooks, tenant, webhook } from '../answers/tenant.ts';
import { deleted } from '../answers/values.ts';
import { ADMINISTRATOR_OR_OPERATOR, EVERYBODY, OPERATOR, type Route, route } from '../route.ts';

const topic = 'tenant';

export const tenantRoutes: readonly Route[] = [
  route({
    ...{ topic, method: 'GET', path: '', roles: EVERYBODY },
    summary: 'The tenant’s settings',
    command: 'get-tenant',
    answer: tenant,
  }),
  route({
    ...{ topic, method: 'PUT', path: '', roles: OPERATOR },
    summary: 'Creates the tenant; one that is there with the same settings stays as it is',
    command: 'create-tenant',
    body: 'settings',
    answer: tenant,
    codes: ['conflict'],
  }),
  route({
    ...{ topic, method: 'PATCH', path: '', roles: ADMINISTRATOR_OR_OPERATOR },
    summary: 'Changes the settings that are given; a list or a map as a whole',
    command: 'update-tenant',
    body: 'settings',
    ifMatch: 'number',
    answer: tenant,
  }),
  route({
    ...{ topic, method: 'GET', path: '/hooks', roles: EVERYBODY },
    summary: 'The identity providers’ hooks; their secrets by reference',
    command: 'list-hooks',
    answer: hooks,
  }),
  route({
    ...{ topic, method: 'GET', path: '/hooks/{provider}', roles: EVERYBODY },
    summary: 'A hook of an identity provider',
    command: 'get-hook',
    answer: hook,
    codes: ['unknown-hook'],
  }),
  route({
    ...{ topic, method: 'PUT', path: '/hooks/{provider}', roles: ADMINISTRATOR_OR_OPERATOR },
    summary: 'Configures a hook as a whole; `If-Match: "0"` when there is none yet',
    command: 'put-hook',
    body: 'settings',
    ifMatch: 'number',
    answer: hook,
    codes: ['conflict'],
  }),
  route({
    ...{ topic, method: 'DELETE', path: '/hooks/{provider}', roles: ADMINISTRATOR_OR_OPERATOR },
    summary: 'Takes a hook away; one that is not there is no error',
    command: 'delete-hook',
    ifMatch: 'number',
    answer: deleted,
  }),
  route({
    ...{ topic, method: 'GET', path: '/webhook', roles: EVERYBODY },
    summary: 'Where the tenant’s own system is told of events; the secrets by reference',
    command: 'get-webhook',
    answer: webhook,
    codes: ['unknown-webhook'],
  }),
  route({
    ...{ topic, method: 'PUT', path: '/webhook', roles: ADMINISTRATOR_OR_OPERATOR },
    summary: 'Configures the webhook as a whole; `If-Match: "0"` when there is none yet',
    command: 'put-webhook',
    body: 'settings',
    ifMatch: 'number',
    answer: webhook,
  }),
  route({
    ...{ topic, method: 'DELETE', path: '/webhook', roles: ADMINISTRATOR_OR_OPERATOR },
    summary: 'Takes the webhook away; one that is not there is no error',
    command: 'delete-webhook',
    ifMatch: 'number',
    answer: deleted,
  }),
  route({
    ...{ topic, method: 'GET', path: '/audit', roles: EVERYBODY },
    summary: 'Recounts what must always hold of licenses, user cards and vacancies',
    command: 'audit',
    answer: audit,
  }),
  route({
    ...{ topic, method: 'POST', path: '/audit', roles: ADMINISTRATOR_OR_OPERATOR },
    id: 'repair',
    summary: 'The audit, repairing what is certain; each repair stands in the history',
    command: 'audit',
    toCommand: () => ({ repair: true }),
    answer: audit,
  }),
];
