import { CARD as adminApi } from './admin-api/function.ts';
import { CARD as administer } from './administer/function.ts';
import { CARD as auditTenants } from './audit-tenants/function.ts';
import { CARD as beginRenewal } from './begin-renewal/function.ts';
import { CARD as calendarFeed } from './calendar-feed/function.ts';
import { CARD as cleanUpDaily } from './clean-up-daily/function.ts';
import { CARD as cleanUpRenewal } from './clean-up-renewal/function.ts';
import { CARD as console } from './console/function.ts';
import { CARD as deliverWebhook } from './deliver-webhook/function.ts';
import { CARD as endIdleSessions } from './end-idle-sessions/function.ts';
import { CARD as endSession } from './end-session/function.ts';
import { CARD as findNextStep } from './find-next-step/function.ts';
import { CARD as finishRenewal } from './finish-renewal/function.ts';
import type { FunctionCard } from './function-card.ts';
import { CARD as importHeldBack } from './import-held-back/function.ts';
import { CARD as importLicenses } from './import-licenses/function.ts';
import { CARD as login } from './login/function.ts';
import { CARD as publishEvents } from './publish-events/function.ts';
import { CARD as recordHistory } from './record-history/function.ts';
import { CARD as sessionHooks } from './session-hooks/function.ts';
import { CARD as stopRenewal } from './stop-renewal/function.ts';
import { CARD as switchLicenses } from './switch-licenses/function.ts';
import { CARD as undoLicenses } from './undo-licenses/function.ts';

/** Every function of the service by the name of its folder. The stack, the grants and the tests loop over this list. */
export const FUNCTIONS = {
  'admin-api': adminApi,
  administer: administer,
  'audit-tenants': auditTenants,
  'begin-renewal': beginRenewal,
  'calendar-feed': calendarFeed,
  'clean-up-daily': cleanUpDaily,
  'clean-up-renewal': cleanUpRenewal,
  console: console,
  'deliver-webhook': deliverWebhook,
  'end-idle-sessions': endIdleSessions,
  'end-session': endSession,
  'find-next-step': findNextStep,
  'finish-renewal': finishRenewal,
  'import-held-back': importHeldBack,
  'import-licenses': importLicenses,
  login: login,
  'publish-events': publishEvents,
  'record-history': recordHistory,
  'session-hooks': sessionHooks,
  'stop-renewal': stopRenewal,
  'switch-licenses': switchLicenses,
  'undo-licenses': undoLicenses,
} as const satisfies Record<string, FunctionCard>;

export type FunctionName = keyof typeof FUNCTIONS;

export const FUNCTION_NAMES: readonly FunctionName[] = Object.keys(FUNCTIONS).filter(isFunctionName);

function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}
