import { renewal, renewals, wholeRenewal } from '../answers/renewals.ts';
import { ADMINISTRATOR, ADMINISTRATOR_OR_OPERATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'renewals';

export const renewalRoutes: readonly Route[] = [
  route({
    ...{ topic, method: 'GET', path: '/renewals', roles: EVERYBODY },
    summary: 'The tenant’s renewals without their rows, the latest first',
    command: 'list-renewals',
    answer: renewals,
  }),
  route({
    ...{ topic, method: 'POST', path: '/renewals', roles: ADMINISTRATOR },
    summary: 'Plans a renewal, and changes nothing but the plan; one that has not been started is planned anew',
    command: 'plan-renewal',
    body: ['renewalId', 'expiringOnOrBefore', 'serialNumbers', 'upload', 'mode', 'format'],
    answer: renewal,
    codes: ['conflict'],
  }),
  route({
    ...{ topic, method: 'GET', path: '/renewals/{renewalId}', roles: EVERYBODY },
    summary: 'A renewal: who would lose what, how far it is, and its rows a page at a time',
    command: 'get-renewal',
    query: ['cursor', 'format'],
    answer: renewal,
    codes: ['unknown-renewal'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/renewals/{renewalId}/approve', roles: ADMINISTRATOR },
    summary: 'Approves a plan, naming the licenses that get no replacement; refused with what has changed since',
    command: 'approve-renewal',
    body: ['acceptedShortfall'],
    ifMatch: 'text',
    answer: wholeRenewal,
    codes: ['unknown-renewal', 'conflict'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/renewals/{renewalId}/start', roles: ADMINISTRATOR },
    summary: 'Starts an approved renewal; one that is under way is answered as it is',
    command: 'start-renewal',
    ifMatch: 'text',
    success: 202,
    answer: wholeRenewal,
    codes: ['unknown-renewal', 'renewal-running', 'conflict'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/renewals/{renewalId}/resume', roles: ADMINISTRATOR_OR_OPERATOR },
    summary: 'Goes on with a renewal, or with its undo, from where it stopped',
    command: 'resume-renewal',
    ifMatch: 'text',
    success: 202,
    answer: wholeRenewal,
    codes: ['unknown-renewal', 'renewal-running', 'conflict'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/renewals/{renewalId}/undo', roles: ADMINISTRATOR },
    summary: 'Takes a renewal back, but for what people have changed since, until the cleanup has deleted all of it',
    command: 'undo-renewal',
    ifMatch: 'text',
    success: 202,
    answer: wholeRenewal,
    codes: ['unknown-renewal', 'renewal-running', 'conflict'],
  }),
];
