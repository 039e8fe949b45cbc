import { TryAgain } from '../platform/errors.ts';
import { ItemTooLarge, MOST_ITEM_BYTES } from '../platform/ports/table.ts';
import { type ErrorAnswer, invalidRequest, type RequestFault } from '../platform/validation.ts';
import type { AdministerRequest } from './administer-request.ts';
import { conflict, type Refusal } from './refusal.ts';

type Command = AdministerRequest['command'];

/**
 * Converts an expected error of a command to a refusal: a concurrent change won, or an item of the table would become
 * too large. Throws any other error again.
 */
export function refusalOfError(command: Command, error: unknown): Refusal {
  if (error instanceof TryAgain) return conflict();
  if (error instanceof ItemTooLarge) return tooLarge(command);
  throw error;
}

const ONE_ITEM = `would take more than the ${MOST_ITEM_BYTES / 1_024} KB that can be stored together`;

const SETTINGS = `the tenant's settings and folders ${ONE_ITEM}: shorten folderClaims, or use fewer or shorter folders`;
const CARD = `the user's card ${ONE_ITEM}: release licenses that are assigned to the user first`;

/** What to make smaller, by the command whose item would become too large. */
const SHRINK: Readonly<Partial<Record<Command, RequestFault>>> = {
  'create-tenant': { place: 'settings', text: SETTINGS },
  'update-tenant': { place: 'settings', text: SETTINGS },
  'create-folder': { place: 'folder', text: SETTINGS },
  'rename-folder': { place: 'newPath', text: SETTINGS },
  'put-hook': { place: 'settings', text: `the hook's settings ${ONE_ITEM}: shorten its lists, first of all jwks` },
  'put-webhook': { place: 'settings', text: `the webhook's settings ${ONE_ITEM}: shorten its lists` },
  'put-user-card': { place: 'user', text: CARD },
  'assign-license': { place: 'user', text: CARD },
  'change-licenses': { place: 'change', text: CARD },
};

function tooLarge(command: Command): ErrorAnswer<'invalid-request'> {
  return invalidRequest([SHRINK[command] ?? { place: 'request', text: `the change ${ONE_ITEM}: change less at once` }]);
}
