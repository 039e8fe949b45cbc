import { changes, license, licenses } from '../answers/licenses.ts';
import { deleted } from '../answers/values.ts';
import { ADMINISTRATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'licenses';

export const licenseRoutes: readonly Route[] = [
  route({
    ...{ topic, method: 'GET', path: '/licenses', roles: EVERYBODY },
    summary: 'Licenses, those that fit all that is given; a page may be short and go on',
    command: 'list-licenses',
    query: ['folder', 'state', 'type', 'access', 'modules', 'user', 'expiringBefore', 'sortBy', 'cursor', 'limit'],
    answer: licenses,
    codes: ['unknown-folder', 'unknown-user'],
  }),
  route({
    ...{ topic, method: 'GET', path: '/licenses/{serialNumber}', roles: EVERYBODY },
    summary: 'A license as it is now',
    command: 'get-license',
    answer: license,
    codes: ['unknown-license', 'deleted'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/licenses/{serialNumber}/assign', roles: ADMINISTRATOR },
    summary: 'Makes a dedicated license a user’s, also one of somebody else who does not work on it',
    command: 'assign-license',
    body: ['user'],
    ifMatch: 'number',
    answer: license,
    codes: [
      'unknown-license',
      'deleted',
      'not-dedicated',
      'unknown-user',
      'in-use',
      'held-back',
      'set-aside',
      'expired',
    ],
  }),
  route({
    ...{ topic, method: 'POST', path: '/licenses/{serialNumber}/release', roles: ADMINISTRATOR },
    summary: 'Takes a license from its user; a session on it goes on until it ends',
    command: 'release-license',
    ifMatch: 'number',
    answer: license,
    codes: ['unknown-license', 'deleted'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/licenses/{serialNumber}/move', roles: ADMINISTRATOR },
    summary: 'Moves a license to another folder, whatever its state; into zOld it waits for its deletion',
    command: 'move-license',
    body: ['folder'],
    ifMatch: 'number',
    answer: license,
    codes: ['unknown-license', 'deleted', 'unknown-folder'],
  }),
  route({
    ...{ topic, method: 'DELETE', path: '/licenses/{serialNumber}', roles: ADMINISTRATOR },
    summary: 'Deletes a license that nobody has; an expired one that is not in use is released in the same step',
    command: 'delete-license',
    ifMatch: 'number',
    answer: deleted,
    codes: ['unknown-license', 'deleted', 'in-use', 'assigned', 'held-back'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/licenses/{serialNumber}/restore', roles: ADMINISTRATOR },
    summary: 'Brings a deleted license back, free, to its folder, or to the root when that was zOld',
    command: 'restore-license',
    ifMatch: 'number',
    answer: license,
    codes: ['unknown-license'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/license-changes', roles: ADMINISTRATOR },
    summary: 'The same change to many licenses, listed or by a filter, each by itself; `preview` only counts',
    command: 'change-licenses',
    body: ['change', 'licenses', 'filter', 'preview', 'cursor'],
    answer: changes,
    codes: ['unknown-folder', 'unknown-user'],
  }),
];
