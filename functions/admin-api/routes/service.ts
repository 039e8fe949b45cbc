import { defined } from '../../../shared/licensing/defined.ts';
import { me, tenants } from '../answers/service.ts';
import { EVERYBODY, OPERATOR, type Route, serviceRoute } from '../route.ts';

const topic = 'service';

export const serviceRoutes: readonly Route[] = [
  serviceRoute({
    topic,
    method: 'GET',
    path: '/me',
    roles: EVERYBODY,
    summary: 'The caller as the service knows them, the service’s clock, and the calendar day of the caller’s tenant',
    command: 'get-me',
    fromCaller: (caller) =>
      defined({ tenant: caller.role === 'operator' ? undefined : caller.tenant, name: caller.name }),
    answer: me,
  }),
  serviceRoute({
    topic,
    method: 'GET',
    path: '/tenants',
    roles: OPERATOR,
    summary: 'The tenants, with the last activity at each, and what waits for a person there',
    command: 'list-tenants',
    query: ['cursor', 'limit'],
    answer: tenants,
  }),
];
