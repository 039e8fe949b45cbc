import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';
import { instant } from '../../platform/validation.ts';
import {
  conclude,
  concludeBatch,
  empty,
  type HookOutcome,
  type HookResponse,
  json,
  noEvents,
  STATUS_ONLY,
} from './hook-outcome.ts';
import { type HookContext, type HookRequest, type HookSettings, parseJson } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import {
  type Element,
  FOREIGN,
  ignored,
  readJson,
  readPart,
  type SessionEvent,
  type SessionEventKind,
  selectTenant,
  sessionEvent,
} from './session-event.ts';
import { notCounted, OF_A_MACHINE } from './sign-ins-that-count.ts';

const CHALLENGE = 'x-okta-verification-challenge';

/**
 * Okta: event hook and token inline hook at one address. `eventType` tells which. Both send a fixed `Authorization`.
 */
export function readOkta(request: HookRequest, settings: HookSettings, { now }: HookContext): HookOutcome {
  if (!isOneOf(request.headers.get('authorization'), settings.authorization)) {
    return noEvents('unauthorized', 'the Authorization header does not fit', STATUS_ONLY.unauthorized);
  }
  if (request.method === 'GET') return answerChallenge(request);
  const body = readJson(request.body);
  if (body.kind === 'bad') return conclude(body, STATUS_ONLY);
  const head = readPart(envelope, body.value);
  if (head.kind === 'bad') return conclude(head, STATUS_ONLY);
  const { eventType, source } = head.value;
  const tenantId = selectTenant(settings.tenants, source ? `okta:${hostOf(source)}` : undefined);
  if (tenantId === undefined) return conclude(FOREIGN, STATUS_ONLY);
  switch (eventType) {
    case 'com.okta.event_hook':
      return readEventHook(body.value, tenantId, settings, now);
    case TOKEN_HOOK:
      return conclude(judgeTokenHook(body.value, tenantId, settings, now), STATUS_ONLY);
    default:
      return conclude(ignored('a hook of another type'), STATUS_ONLY);
  }
}

/** Returns whether the call comes from a token inline hook, for whose answer Okta waits. */
export function isTokenHook(body: string): boolean {
  return z.safeParse(envelope, parseJson(body)?.value).data?.eventType === TOKEN_HOOK;
}

const TOKEN_HOOK = 'com.okta.oauth2.tokens.transform';

/** Okta asks once, when the hook is registered. */
function answerChallenge({ headers }: HookRequest): HookOutcome {
  const verification = headers.get(CHALLENGE);
  if (!verification) return noEvents('reject', 'a GET without a verification challenge', empty(405, { allow: 'POST' }));
  return noEvents('protocol', 'the one-time verification', json(200, { verification }));
}

const envelope = z.object({ eventType: z.string(), source: z.nullish(z.string()) });

function hostOf(source: string): string {
  return URL.parse(source)?.host ?? source;
}

const batch = z.object({ data: z.object({ events: z.array(z.unknown()) }) });

function readEventHook(body: unknown, tenantId: string, settings: HookSettings, now: Instant): HookOutcome {
  const reading = readPart(batch, body);
  if (reading.kind === 'bad') return conclude(reading, STATUS_ONLY);
  const elements = reading.value.data.events.map((event) => judgeLogEvent(event, tenantId, settings, now));
  return concludeBatch(elements, STATUS_ONLY);
}

type LogEventRule = {
  readonly kind: SessionEventKind;
  /** The user whose sessions the event is about. */
  readonly user: 'actor' | 'target';
  readonly leaver?: SessionEvent['leaver'];
};

const SESSION_START = 'user.session.start';
const SINGLE_SIGN_ON = 'user.authentication.sso';

/**
 * An administrator's action is about the target, and about all of their sessions. A lockout (`user.account.lock`) is
 * not among them: somebody has guessed passwords, but the user has neither left nor been disabled.
 */
const LOG_EVENTS = new Map<string, LogEventRule>([
  [SESSION_START, { kind: 'login', user: 'actor' }],
  [SINGLE_SIGN_ON, { kind: 'activity', user: 'actor' }],
  ['user.session.end', { kind: 'logout', user: 'actor' }],
  ['user.session.clear', { kind: 'logout', user: 'target' }],
  ['user.lifecycle.suspend', { kind: 'logout', user: 'target', leaver: 'disabled' }],
  ['user.lifecycle.deactivate', { kind: 'logout', user: 'target', leaver: 'left' }],
  ['user.lifecycle.delete.initiated', { kind: 'logout', user: 'target', leaver: 'left' }],
  ['user.lifecycle.delete.completed', { kind: 'logout', user: 'target', leaver: 'left' }],
]);

const logEventType = z.object({ eventType: z.string() });

const logEventOutcome = z.object({ outcome: z.object({ result: z.string() }) });

const anything = z.optional(z.unknown());

const party = z.object({ id: z.nullish(z.string()), type: z.nullish(z.string()), displayName: anything });

const logEventBody = z.object({
  uuid: z.string(),
  published: instant,
  actor: z.nullish(party),
  target: z.nullish(z.array(party)),
  authenticationContext: z.nullish(z.object({ externalSessionId: z.nullish(z.string()) })),
});

function judgeLogEvent(event: unknown, tenantId: string, settings: HookSettings, now: Instant): Element {
  const head = readPart(logEventType, event);
  if (head.kind === 'bad') return head;
  const { eventType } = head.value;
  const rule = LOG_EVENTS.get(eventType);
  if (rule === undefined) return ignored('events that are no login, activity or logout');

  const result = readPart(logEventOutcome, event);
  if (result.kind === 'bad') return result;
  if (result.value.outcome.result !== 'SUCCESS') return ignored('an attempt that did not succeed');

  const body = readPart(logEventBody, event);
  if (body.kind === 'bad') return body;
  const { uuid, published, actor, target, authenticationContext } = body.value;
  if (rule.user === 'target') {
    const user = target?.find(({ type }) => type === 'User');
    const named = { user: user?.id, names: [user?.displayName] };
    const { kind, leaver } = rule;
    return sessionEvent({ tenant: tenantId, ...named, kind, at: published, id: uuid, leaver }, now);
  }
  if (actor && actor.type !== 'User') return OF_A_MACHINE;
  const applications = (target ?? []).filter(({ type }) => type === 'AppInstance').map(({ id }) => id);
  const kind = kindForApplications(eventType, rule, settings);
  if (kind === undefined) return NAMES_NO_APPLICATION;
  const uncounted = notCounted(kind, applications, settings);
  if (uncounted !== undefined) return uncounted;
  const named = { user: actor?.id, names: [actor?.displayName] };
  const session = knownSession(authenticationContext?.externalSessionId);
  return sessionEvent({ tenant: tenantId, ...named, session, applications, kind, at: published, id: uuid }, now);
}

const NAMES_NO_APPLICATION = ignored(
  `${SESSION_START} names no application: with clientIds the single sign-on to one of them is the login`,
);

/**
 * Only the single sign-on names the application. Where the application matters, it is the event that opens the session.
 */
function kindForApplications(
  eventType: string,
  { kind }: LogEventRule,
  { clientIds = [] }: HookSettings,
): SessionEventKind | undefined {
  if (clientIds.length === 0) return kind;
  if (eventType === SESSION_START) return undefined;
  return eventType === SINGLE_SIGN_ON ? 'login' : kind;
}

function knownSession(id: string | null | undefined): string | undefined {
  return id && id !== 'unknown' ? id : undefined;
}

const tokenRequest = z.object({
  data: z.object({
    context: z.object({
      user: anything,
      protocol: z.nullish(
        z.object({
          request: z.nullish(z.object({ grant_type: anything })),
          client: z.nullish(z.object({ id: anything })),
        }),
      ),
    }),
    identity: z.nullish(z.object({ claims: z.nullish(z.object({ name: anything })) })),
  }),
});

const tokenHook = z.object({
  eventId: z.string(),
  eventTime: instant,
  data: z.object({ context: z.object({ user: z.object({ id: z.string(), profile: anything }) }) }),
});

/** Returns the name in the user's profile, or undefined. */
function nameIn(profile: unknown): string | undefined {
  const { data } = z.safeParse(z.object({ firstName: anything, lastName: anything }), profile);
  const parts = [data?.firstName, data?.lastName].filter((part) => typeof part === 'string' && part.trim() !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** Its session ids differ from those of the event hook, so the event is about the user as a whole. */
function judgeTokenHook(body: unknown, tenantId: string, settings: HookSettings, now: Instant): Element {
  const head = readPart(tokenRequest, body);
  if (head.kind === 'bad') return head;
  const { context, identity } = head.value.data;
  const { request, client } = context.protocol ?? {};
  if ((context.user ?? undefined) === undefined || request?.grant_type === 'client_credentials') return OF_A_MACHINE;
  const kind = request?.grant_type === 'refresh_token' ? 'activity' : 'login';
  const uncounted = notCounted(kind, [client?.id], settings);
  if (uncounted !== undefined) return uncounted;

  const hook = readPart(tokenHook, body);
  if (hook.kind === 'bad') return hook;
  const { eventId, eventTime, data } = hook.value;
  const { user } = data.context;
  const named = { names: [identity?.claims?.name, nameIn(user.profile)], applications: [client?.id] };
  return sessionEvent({ tenant: tenantId, user: user.id, kind, at: eventTime, id: eventId, ...named }, now);
}

/** Answers a token inline hook with claims for both tokens. */
export function patchTokens(claims: Readonly<Record<string, string>>): HookResponse {
  const value = Object.entries(claims).map(([name, claim]) => ({ op: 'add', path: `/claims/${name}`, value: claim }));
  const types = ['com.okta.identity.patch', 'com.okta.access.patch'];
  return json(200, { commands: types.map((type) => ({ type, value })) });
}

/** Answers a token inline hook so that no token is issued; the user may see the text. */
export function refuseTokens(text: string): HookResponse {
  return json(200, { error: { errorSummary: text } });
}
