import type { HookSettings } from './hook-request.ts';
import type { Element, SessionEventKind } from './session-event.ts';

/** R48: service accounts and the tokens of machines never take a license. */
export const OF_A_MACHINE: Element = { ignored: 'a service account or a machine: no person has signed in' };

const TO_ANOTHER: Element = {
  ignored: 'the sign-in was to another application: its client is not in clientIds',
};
const NAMES_NO_CLIENT: Element = {
  ignored: 'the sign-in names no client, and this hook counts only those of clientIds',
};

/**
 * Why a sign-in does not count (R48); undefined when it does. `named` is what the provider calls the application. With
 * `clientIds` only these applications count, without it all of them. An end counts whatever application it names.
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
