import type { HookSettings } from './hook-request.ts';
import { type Element, ignored, type SessionEventKind } from './session-event.ts';

/** Service accounts and the tokens of machines never take a license (R48). */
export const OF_A_MACHINE = ignored('a service account or a machine: no person has signed in');

const TO_ANOTHER = ignored('the sign-in was to another application: its client is not in clientIds');
const NAMES_NO_CLIENT = ignored('the sign-in names no client, and this hook counts only those of clientIds');

/**
 * Returns why a sign-in does not count (R48), or undefined when it counts. `named` is the provider's name of the
 * application. With `clientIds`, only these applications count, without them all do. An end of a session counts
 * whatever application it names.
 */
export function notCounted(
  kind: SessionEventKind,
  named: readonly unknown[],
  { clientIds = [] }: Pick<HookSettings, 'clientIds'>,
): Element | undefined {
  if (kind === 'logout' || clientIds.length === 0) return undefined;
  const clients = named.filter((client) => typeof client === 'string' && client !== '');
  if (clients.length === 0) return NAMES_NO_CLIENT;
  return clientIds.some((counted) => clients.includes(counted)) ? undefined : TO_ANOTHER;
}
