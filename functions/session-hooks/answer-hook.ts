import { randomUUID } from 'node:crypto';
import type { Tenant } from '../../shared/licensing/tenant/tenant.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Measure } from '../../shared/platform/metrics.ts';
import { placeOfError } from '../../shared/platform/place-of-error.ts';
import {
  type ConfiguredHook,
  type ConfiguredHooks,
  SecretUnavailable,
} from '../../shared/sign-in/hooks/configured-hooks.ts';
import type { HookRefusalCode, NoteCall, NotedCall } from '../../shared/sign-in/hooks/hook-health.ts';
import { claimsOfCall } from '../../shared/sign-in/providers/claims-of-call.ts';
import type { HookOutcome, HookResponse, Outcome } from '../../shared/sign-in/providers/hook-outcome.ts';
import type { HookSettings } from '../../shared/sign-in/providers/hook-request.ts';
import type { KeySets } from '../../shared/sign-in/providers/key-sets.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import { delivers, readHook } from '../../shared/sign-in/providers/read-hook.ts';
import type { LoginDeps } from '../../shared/sign-in/sessions/read-round.ts';
import { answerConflict, answerUndecided, answerWithLicense, LoginRefused } from './answer.ts';
import { applyEvent } from './apply-event.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { HookCall } from './read-call.ts';
import { timeBudget, type Within } from './time-budget.ts';

export type HookDeps = LoginDeps & {
  readonly hooks: ConfiguredHooks;
  readonly keySets: KeySets;
  readonly within: Within;
  readonly noteCall: NoteCall;
  readonly log: Log;
};

/** No call can be proven with these. So a hook that does not exist answers like one with another secret. */
const NO_HOOK: HookSettings = { tenants: [], authorization: [randomUUID()], secret: [randomUUID()] };

/**
 * Answers a call of an identity provider. Verifies it, translates it and applies its events before it answers, within
 * the time that the provider waits. When the time is over, or the table fails, the login is let through without a
 * license (R23).
 */
export async function answerHook(deps: HookDeps, call: HookCall): Promise<HookResponse> {
  const { request, provider } = call;
  if (provider === undefined) return answerKnown(deps, call, 'standard-webhooks', undefined);
  const tenantId = call.by === 'http' ? call.tenant : undefined;
  let tenantOfHook: string | undefined;
  const undecided = (code: HookRefusalCode, why: string, where?: string): HookResponse => {
    const response = answerUndecided(provider, request);
    countCall(deps, 'undecided');
    if (tenantOfHook !== undefined) void deps.noteCall(tenantOfHook, provider, { kind: 'refused', code });
    deps.log('hook-undecided', { ...loggedCaller(call), tenant: tenantId, why, where, status: response.status });
    return response;
  };
  let isLate = false;
  // Late work goes on when the process is thawed, maybe after hours. How long it took says nothing about logins.
  const measure: Measure = (...given) => {
    if (!isLate) deps.measure?.(...given);
  };
  const whileInTime = { ...deps, measure };
  try {
    const work = findHook(deps, call, provider).then((hook) => {
      tenantOfHook = hook?.tenant;
      return answerKnown(whileInTime, call, provider, hook);
    });
    const inTime = await deps.within(timeBudget(provider, request), work);
    isLate = inTime.kind === 'late';
    return inTime.kind === 'late' ? undecided('late', 'late') : inTime.answer;
  } catch (error) {
    if (error instanceof LoginRefused) throw error;
    // Only the secrets of a hook that exists are read.
    if (error instanceof SecretUnavailable) tenantOfHook ??= tenantId;
    const code = error instanceof SecretUnavailable ? 'secret-unavailable' : 'failed';
    const { why, where } = placeOfError(error);
    return undecided(code, why, where);
  }
}

/** Returns the hook of a call. Reads nothing if the call's delivery cannot prove it. */
async function findHook({ hooks }: HookDeps, call: HookCall, provider: Provider): Promise<ConfiguredHook | undefined> {
  if (!delivers(provider, call.request.delivery)) return undefined;
  if (call.by === 'http') return call.tenant === undefined ? undefined : hooks.of(call.tenant, provider);
  if (call.cognitoUser !== undefined) return hooks.ofCognitoUser(call.cognitoUser);
  return call.scope === undefined ? undefined : hooks.ofScope(provider, call.scope);
}

async function answerKnown(
  deps: HookDeps,
  call: HookCall,
  provider: Provider,
  hook: ConfiguredHook | undefined,
): Promise<HookResponse> {
  const { clock, keySets } = deps;
  const { request } = call;
  const outcome = await readHook(provider, request, hook?.settings ?? NO_HOOK, { now: clock.now(), keySets });
  const tenant = hook === undefined ? undefined : await deps.readTenant(hook.tenant);
  countCall(deps, outcome.outcome);
  const noted = hook === undefined ? undefined : notedCall(outcome, hook);
  // A login does not wait for this write, which goes beside its own first round trip.
  const writing = hook && noted ? deps.noteCall(hook.tenant, provider, noted) : undefined;
  const logged = { ...loggedCaller(call), tenant: hook?.tenant, outcome: outcome.outcome };
  if (outcome.outcome !== 'events' || tenant === undefined) {
    const code = outcome.outcome === 'unauthorized' ? 'hook-refused' : 'hook-answered';
    deps.log(code, {
      ...logged,
      why: hook === undefined ? 'no such hook' : outcome.why,
      ...(hook?.missing.length ? { missingSecrets: hook.missing.join(' ') } : {}),
      status: outcome.response.status,
    });
    // Nobody logs in by a refused call, so it may wait. Otherwise Lambda could freeze the process before the write.
    if (writing !== undefined && noted?.kind === 'refused') await deps.within(LONGEST_NOTE, writing);
    return outcome.response;
  }
  const response = await applyAll(deps, call, provider, tenant, outcome);
  const { rejected } = outcome;
  deps.log('hook-answered', { ...logged, events: outcome.events.length, rejected, status: response.status });
  return response;
}

/** Counts a call. The measurement names no tenant. */
function countCall({ measure }: HookDeps, outcome: Outcome | 'undecided'): void {
  measure?.({ HookCalls: 1 }, { HookOutcome: outcome });
}

/** For how long a refused call waits for its note, in milliseconds. */
const LONGEST_NOTE = 200;

function notedCall({ outcome, why }: HookOutcome, { missing }: ConfiguredHook): NotedCall {
  switch (outcome) {
    case 'events':
    case 'ignore':
    case 'protocol':
      return { kind: 'accepted', outcome };
    case 'unauthorized':
      return missing.length > 0
        ? { kind: 'refused', code: 'no-secret', why: `No secret exists for: ${missing.join(', ')}.` }
        : { kind: 'refused', code: 'unproven', why };
    case 'reject':
      return { kind: 'refused', code: 'unusable', why };
    case 'retry':
      return { kind: 'refused', code: 'try-again', why };
  }
}

/**
 * Applies the events one after the other, in the order in which they happened, because the next one may take a license
 * that one of them gives back.
 */
async function applyAll(
  deps: HookDeps,
  { request }: HookCall,
  provider: Provider,
  tenant: Tenant,
  { events, response }: Extract<HookOutcome, { readonly outcome: 'events' }>,
): Promise<HookResponse> {
  const claims = claimsOfCall(provider, request);
  let areAllConflicts = true;
  for (const event of events) {
    const given = { tenant, provider, event, claims };
    const applied = await applyEvent(deps, { ...given, ...fingerprintOf(provider, request, event) });
    areAllConflicts &&= applied.kind === 'conflict';
    if (events.length > 1 || applied.kind !== 'logged-in') continue;
    const { refuseWithoutLicense } = tenant.settings;
    const granted = { kind: event.kind, receipt: applied.receipt };
    return answerWithLicense(provider, request, granted, refuseWithoutLicense) ?? response;
  }
  return areAllConflicts ? answerConflict(provider) : response;
}

/** Returns the members that each log line about a call has. */
function loggedCaller({ by, provider, request }: HookCall) {
  return { by: by === 'http' ? by : request.delivery, provider };
}
