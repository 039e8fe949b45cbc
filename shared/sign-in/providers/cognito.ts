import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import { busSenderOf, NOT_OF_THE_BUS } from './bus-sender.ts';
import { type Answers, conclude, empty, type HookOutcome, type HookResponse } from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, NOT_JSON, parseJson } from './hook-request.ts';
import {
  derivedId,
  type Element,
  FOREIGN,
  minuteOf,
  readElement,
  type SessionEvent,
  type SessionEventKind,
  sessionEvent,
  tenantOf,
} from './session-event.ts';
import { notCounted, OF_A_MACHINE } from './sign-ins-that-count.ts';

/**
 * Amazon Cognito. Its triggers are proven by the function's resource policy and by the list of pools. Sign-outs and
 * users who were disabled or deleted come from CloudTrail over EventBridge, where the record may name no pool. Only
 * PreTokenGeneration sees every login and refresh. The other triggers are for pools that cannot use it.
 */
export function readCognito(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  const parsed = parseJson(request.body);
  const answers = request.delivery === 'lambda-invoke' ? eventGoesBack(request.body) : NOBODY_LISTENS;
  if (parsed === undefined) return conclude({ bad: NOT_JSON }, answers);
  const judge = request.delivery === 'lambda-invoke' ? judgeTrigger : judgeCloudTrail;
  return conclude(judge(parsed.value, settings, now), answers);
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

const trigger = z.object({ triggerSource: z.string() });

const caller = z.object({
  userPoolId: z.nullish(z.string()),
  callerContext: z.nullish(z.object({ clientId: z.nullish(z.string()) })),
});

const request = z.object({
  request: z.object({
    userAttributes: z.object({
      sub: z.string(),
      'cognito:user_status': z.nullish(z.string()),
      name: z.optional(z.unknown()),
    }),
  }),
});

function judgeTrigger(event: unknown, settings: HookSettings, now: Instant): Element {
  return readElement(trigger, event, ({ triggerSource }) => {
    if (triggerSource === 'TokenGeneration_ClientCredentials') return OF_A_MACHINE;
    const kind = TRIGGERS.get(triggerSource);
    if (kind === undefined) return { ignored: 'a trigger that is no login' };
    return readElement(caller, event, ({ userPoolId, callerContext }) => {
      const tenantId = tenantOf(settings.tenants, userPoolId ? `cognito:${userPoolId}` : undefined);
      if (tenantId === undefined) return FOREIGN;
      const ignored = notCounted(kind, [callerContext?.clientId], settings);
      if (ignored !== undefined) return ignored;
      return readElement(request, event, ({ request: { userAttributes } }) => {
        const { sub, 'cognito:user_status': status } = userAttributes;
        // The first sign-in of a federated user confirms the account and does not call PostAuthentication.
        if (triggerSource === 'PostConfirmation_ConfirmSignUp' && status !== 'EXTERNAL_PROVIDER') {
          return { ignored: 'an account was confirmed, nobody has signed in yet' };
        }
        const id = derivedId(tenantId, sub, triggerSource, minuteOf(now));
        return sessionEvent({ tenant: tenantId, user: sub, kind, at: now, id, names: [userAttributes.name] }, now);
      });
    });
  });
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

type End = { readonly leaver?: SessionEvent['leaver'] };

/** The CloudTrail events that end all sessions of a user. */
const ENDS = new Map<string, End>([
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

const cloudTrailRecord = z.object({
  detail: z.object({ eventName: z.nullish(z.string()), errorCode: z.nullish(z.string()) }),
});

const poolId = z.object({ userPoolId: z.nullish(z.string()) });

const end = z.object({
  detail: z.object({
    eventTime: instant,
    eventID: z.string(),
    additionalEventData: z.nullish(z.extend(poolId, { sub: z.nullish(z.string()) })),
    requestParameters: z.nullish(poolId),
  }),
});

function judgeCloudTrail(record: unknown, settings: HookSettings, now: Instant): Element {
  if (busSenderOf(record) !== 'cognito') return { foreign: NOT_OF_THE_BUS };
  return readElement(cloudTrailRecord, record, ({ detail: { eventName, errorCode } }) => {
    const row = ENDS.get(eventName ?? '');
    if (row === undefined) return { ignored: 'a record that ends no session' };
    if (errorCode) return { ignored: 'an operation that failed' };
    return readElement(end, record, ({ detail: { eventTime, eventID, additionalEventData, requestParameters } }) => {
      const pool = additionalEventData?.userPoolId ?? requestParameters?.userPoolId;
      const tenantId = tenantOf(settings.tenants, pool ? `cognito:${pool}` : undefined);
      if (tenantId === undefined) return FOREIGN;
      const user = additionalEventData?.sub;
      if (!user) return { ignored: 'a record that names no user: the application has to tell of the sign-out' };
      const { leaver } = row;
      return sessionEvent({ tenant: tenantId, user, kind: 'logout', at: eventTime, id: eventID, leaver }, now);
    });
  });
}
