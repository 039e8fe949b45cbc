import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import { busSenderOf, NOT_OF_THE_BUS } from './bus-sender.ts';
import { type Answers, conclude, empty, type HookOutcome, type HookResponse } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, parseJson } from './hook-request.ts';
import {
  derivedId,
  type Element,
  FOREIGN,
  ignored,
  minuteOf,
  readJson,
  readPart,
  type SessionEvent,
  type SessionEventKind,
  selectTenant,
  sessionEvent,
} from './session-event.ts';
import { notCounted, OF_A_MACHINE } from './sign-ins-that-count.ts';

/**
 * Amazon Cognito. Its triggers are proven by the function's resource policy and by the list of pools. Sign-outs and
 * users who were disabled or deleted come from CloudTrail over EventBridge, where the record may name no pool. Only
 * PreTokenGeneration sees every login and refresh. The other triggers are for pools that cannot use it.
 */
export function readCognito(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  const body = readJson(request.body);
  const answers = request.delivery === 'lambda-invoke' ? eventGoesBack(request.body) : NOBODY_LISTENS;
  if (body.kind === 'bad') return conclude(body, answers);
  const judge = request.delivery === 'lambda-invoke' ? judgeTrigger : judgeCloudTrail;
  return conclude(judge(body.value, settings, now), answers);
}

/** The event is returned unchanged, whatever the outcome. Any other answer fails the sign-in. */
function eventGoesBack(body: string): Answers {
  const response: HookResponse = { status: 200, headers: {}, body };
  return { events: response, ignore: response, reject: response, unauthorized: response, retry: response };
}

const NOBODY_LISTENS: Answers = {
  events: empty(200),
  ignore: empty(200),
  reject: empty(200),
  unauthorized: empty(200),
  retry: empty(500),
};

const TRIGGERS = new Map<string, SessionEventKind>([
  ['TokenGeneration_HostedAuth', 'login'],
  ['TokenGeneration_Authentication', 'login'],
  ['TokenGeneration_NewPasswordChallenge', 'login'],
  ['TokenGeneration_AuthenticateDevice', 'login'],
  ['TokenGeneration_RefreshTokens', 'activity'],
  ['PostAuthentication_Authentication', 'login'],
  ['PostConfirmation_ConfirmSignUp', 'login'],
]);

const triggerHead = z.object({ triggerSource: z.string() });

const triggerCaller = z.object({
  userPoolId: z.nullish(z.string()),
  callerContext: z.nullish(z.object({ clientId: z.nullish(z.string()) })),
});

const triggerRequest = z.object({
  request: z.object({
    userAttributes: z.object({
      sub: z.string(),
      'cognito:user_status': z.nullish(z.string()),
      name: z.optional(z.unknown()),
    }),
  }),
});

function judgeTrigger(event: unknown, settings: HookSettings, now: Instant): Element {
  const head = readPart(triggerHead, event);
  if (head.kind === 'bad') return head;
  const { triggerSource } = head.value;
  if (triggerSource === 'TokenGeneration_ClientCredentials') return OF_A_MACHINE;
  const kind = TRIGGERS.get(triggerSource);
  if (kind === undefined) return ignored('a trigger that is no login');

  const caller = readPart(triggerCaller, event);
  if (caller.kind === 'bad') return caller;
  const { userPoolId, callerContext } = caller.value;
  const tenantId = selectTenant(settings.tenants, userPoolId ? `cognito:${userPoolId}` : undefined);
  if (tenantId === undefined) return FOREIGN;
  const uncounted = notCounted(kind, [callerContext?.clientId], settings);
  if (uncounted !== undefined) return uncounted;

  const request = readPart(triggerRequest, event);
  if (request.kind === 'bad') return request;
  const { sub, name, 'cognito:user_status': status } = request.value.request.userAttributes;
  // The first sign-in of a federated user confirms the account and does not call PostAuthentication.
  if (triggerSource === 'PostConfirmation_ConfirmSignUp' && status !== 'EXTERNAL_PROVIDER') {
    return ignored('an account was confirmed, nobody has signed in yet');
  }
  const id = derivedId(tenantId, sub, triggerSource, minuteOf(now));
  const named = { names: [name], applications: [callerContext?.clientId] };
  return sessionEvent({ tenant: tenantId, user: sub, kind, at: now, id, ...named }, now);
}

const tokenGeneration = z.looseObject({
  version: z.string(),
  triggerSource: z.string(),
  response: z.nullish(z.looseObject({})),
});

/**
 * Returns the event of a PreTokenGeneration with claims for the tokens: in its first version for the ID token, since
 * the second for both tokens. Returns any other event as it came. Groups do not change.
 */
export function addClaims(body: string, claims: Readonly<Record<string, string>>): string {
  const reading = z.safeParse(tokenGeneration, parseJson(body)?.value);
  if (!reading.success || !reading.data.triggerSource.startsWith('TokenGeneration_')) return body;
  const { version, response } = reading.data;
  const added = { claimsToAddOrOverride: claims };
  const details =
    version === '1'
      ? { claimsOverrideDetails: added }
      : { claimsAndScopeOverrideDetails: { idTokenGeneration: added, accessTokenGeneration: added } };
  return JSON.stringify({ ...reading.data, response: { ...response, ...details } });
}

type EndingOperation = { readonly leaver?: SessionEvent['leaver'] };

/** The CloudTrail events that end all sessions of a user. */
const ENDS = new Map<string, EndingOperation>([
  ['GlobalSignOut', {}],
  ['AdminUserGlobalSignOut', {}],
  ['Logout', {}],
  ['SAML2Logout_POST', {}],
  ['AdminDisableUser', { leaver: 'disabled' }],
  ['AdminDeleteUser', { leaver: 'left' }],
  ['DeleteUser', { leaver: 'left' }],
]);

/** The names of these records. The function is called for no others. */
export const ENDING_OPERATIONS: readonly string[] = [...ENDS.keys()];

const recordHead = z.object({
  detail: z.object({ eventName: z.nullish(z.string()), errorCode: z.nullish(z.string()) }),
});

const poolId = z.object({ userPoolId: z.nullish(z.string()) });

const recordDetail = z.object({
  detail: z.object({
    eventTime: instant,
    eventID: z.string(),
    additionalEventData: z.nullish(z.extend(poolId, { sub: z.nullish(z.string()) })),
    requestParameters: z.nullish(poolId),
  }),
});

function judgeCloudTrail(record: unknown, settings: HookSettings, now: Instant): Element {
  if (busSenderOf(record) !== 'cognito') return NOT_OF_THE_BUS;
  const head = readPart(recordHead, record);
  if (head.kind === 'bad') return head;
  const { eventName, errorCode } = head.value.detail;
  const operation = ENDS.get(eventName ?? '');
  if (operation === undefined) return ignored('a record that ends no session');
  if (errorCode) return ignored('an operation that failed');

  const detail = readPart(recordDetail, record);
  if (detail.kind === 'bad') return detail;
  const { eventTime, eventID, additionalEventData, requestParameters } = detail.value.detail;
  const pool = additionalEventData?.userPoolId ?? requestParameters?.userPoolId;
  const tenantId = selectTenant(settings.tenants, pool ? `cognito:${pool}` : undefined);
  if (tenantId === undefined) return FOREIGN;
  const user = additionalEventData?.sub;
  if (!user) return ignored('a record that names no user: the application has to tell of the sign-out');
  const { leaver } = operation;
  return sessionEvent({ tenant: tenantId, user, kind: 'logout', at: eventTime, id: eventID, leaver }, now);
}
