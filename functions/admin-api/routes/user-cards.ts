import { changes } from '../answers/licenses.ts';
import { receipt } from '../answers/receipt.ts';
import { endedSessions, erased, removed, userCard, userCards } from '../answers/user-cards.ts';
import { ADMINISTRATOR, EVERYBODY, type Route, route } from '../route.ts';

const topic = 'user cards';

export const userCardRoutes: readonly Route[] = [
  route({
    ...{ topic, method: 'GET', path: '/user-cards', roles: EVERYBODY },
    summary: 'User cards by user id, all or those of a folder',
    command: 'list-user-cards',
    query: ['folder', 'cursor', 'limit'],
    answer: userCards,
    codes: ['unknown-folder'],
  }),
  route({
    ...{ topic, method: 'GET', path: '/user-cards/{user}', roles: EVERYBODY },
    summary: 'A user card with its licenses, its sessions and the receipt of the last login',
    command: 'get-user-card',
    answer: userCard,
    codes: ['unknown-user'],
  }),
  route({
    ...{ topic, method: 'PUT', path: '/user-cards/{user}', roles: ADMINISTRATOR },
    summary: 'Creates a user card, or changes what is given of it; `If-Match: "0"` when there is none yet',
    command: 'put-user-card',
    body: 'card',
    ifMatch: 'number',
    answer: userCard,
    codes: ['unknown-folder', 'user-card-in-z-old'],
  }),
  route({
    ...{ topic, method: 'DELETE', path: '/user-cards/{user}', roles: ADMINISTRATOR },
    summary: 'Removes a user: sessions end, licenses are released, the card goes',
    command: 'remove-user-card',
    ifMatch: 'number',
    answer: removed,
    codes: ['unknown-user'],
  }),
  route({
    ...{ topic, method: 'POST', path: '/user-cards/{user}/licenses', roles: ADMINISTRATOR },
    id: 'assign-licenses-to-user',
    summary: 'Assigns licenses to a user, each by itself',
    command: 'change-licenses',
    body: ['licenses'],
    toCommand: ({ user, ...members }) => ({ ...members, change: { action: 'assign', user } }),
    answer: changes,
  }),
  route({
    ...{ topic, method: 'POST', path: '/user-cards/{user}/disconnect', roles: ADMINISTRATOR },
    summary: 'Ends a session of a user, or all of them; of a user without any it ends none',
    command: 'disconnect',
    body: ['session'],
    answer: endedSessions,
  }),
  route({
    ...{ topic, method: 'GET', path: '/user-cards/{user}/explanation', roles: EVERYBODY },
    summary: 'The receipt that a login of the user would get now, whether they have a card or not',
    command: 'explain-login',
    answer: receipt,
  }),
  route({
    ...{ topic, method: 'POST', path: '/user-cards/{user}/erase', roles: ADMINISTRATOR },
    summary: 'Replaces a removed user in the history by a pseudonym',
    command: 'erase-user',
    answer: erased,
    codes: ['in-use', 'own-erasure'],
  }),
];
