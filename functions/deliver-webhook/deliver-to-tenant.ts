import type { PostWebhook } from '../../shared/aws/post-webhook.ts';
import { signWebhook } from '../../shared/events/sign-webhook.ts';
import { type Webhook, webhookOf } from '../../shared/events/webhook.ts';
import { type DeliveryResult, webhookHealthWrite } from '../../shared/events/webhook-health.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import { placeOfError } from '../../shared/platform/place-of-error.ts';
import type { ReadSecret } from '../../shared/platform/ports/read-secret.ts';
import { readReference } from '../../shared/platform/ports/secret-reference.ts';
import { type ServiceEvent, WEBHOOK_EVENT_TYPES } from '../../shared/platform/ports/service-event.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { deliveriesKey, webhookKey, webhookPartition } from '../../shared/store/keys.ts';
import {
  countedFailures,
  type Failures,
  failuresWrite,
  heldUntil,
  isHopeless,
  successWrite,
  switchOffWrite,
  turnOf,
  withFailures,
} from './receiver-health.ts';
import type { WaitingEvent } from './waiting-event.ts';

export type ReceiverDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly readSecret: ReadSecret;
  readonly post: PostWebhook;
};

/**
 * The outcome of an event. `done`: it was delivered, or nobody wants it. `failed`: the receiver did not accept it, or
 * the fault is ours. `held`: it was not tried, because the receiver failed too often, and waits until then.
 */
export type DeliveryOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'held'; readonly until: Instant };

/** The webhook of a tenant, and its deliveries that failed in a row. */
type Receiver = {
  readonly webhook: Webhook;
  readonly deliveries: Item | undefined;
  readonly failures: Failures | undefined;
};

/** The result of one delivery. `undecided`: the fault is ours, and does not count against the receiver. */
type Result =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string; readonly answer: Omit<RefusedDelivery, 'kind'> }
  | { readonly kind: 'undecided' };

type RefusedDelivery = Extract<DeliveryResult, { readonly kind: 'refused' }>;

const DONE: DeliveryOutcome = { kind: 'done' };
const FAILED: DeliveryOutcome = { kind: 'failed' };

/**
 * Delivers events to the webhook of their tenant, all at the same time. If deliveries failed several times in a row,
 * only one event is tried every few minutes, so a dead receiver does not hold up the deliveries of others. After three
 * days without a success, the webhook is switched off. Returns the outcome of each event. Never throws.
 */
export async function deliverToTenant(
  deps: ReceiverDeps,
  tenantId: string,
  events: readonly WaitingEvent[],
): Promise<ReadonlyMap<WaitingEvent, DeliveryOutcome>> {
  try {
    const receiver = await readReceiver(deps, tenantId);
    const isTest = ({ event }: WaitingEvent) => event.type === 'webhook.test';
    if (receiver !== undefined) await deliverTests(deps, receiver.webhook, events.filter(isTest));
    const others = events.filter((waiting) => !isTest(waiting));
    const wanted = receiver === undefined ? [] : wantedEvents(deps, receiver.webhook, others);
    const outcomes = new Map(events.map((waiting) => [waiting, DONE]));
    if (receiver === undefined || wanted.length === 0) return outcomes;

    const { most, until } = await admit(deps, receiver);
    for (const waiting of wanted.slice(most)) outcomes.set(waiting, { kind: 'held', until: until(waiting) });
    const tried = wanted.slice(0, most);
    const results = await Promise.all(tried.map((waiting) => deliverOne(deps, receiver.webhook, waiting)));
    tried.forEach((waiting, index) => {
      if (results[index]?.kind !== 'accepted') outcomes.set(waiting, FAILED);
    });
    await noteHealth(deps, receiver.webhook, tried, results);
    await noteResults(deps, receiver, tried, results).catch((error: unknown) =>
      deps.log('webhook-undecided', { tenant: tenantId, ...placeOfError(error) }),
    );
    return outcomes;
  } catch (error) {
    deps.log('webhook-undecided', { tenant: tenantId, ...placeOfError(error) });
    return new Map(events.map((waiting) => [waiting, FAILED]));
  }
}

/**
 * Delivers tests, each once: also to a webhook that is switched off or pauses, whatever types of events it chose. The
 * result is stored, and does not count for the pause and the switch.
 */
async function deliverTests(deps: ReceiverDeps, webhook: Webhook, tests: readonly WaitingEvent[]): Promise<void> {
  const results = await Promise.all(tests.map((waiting) => deliverOne(deps, webhook, waiting)));
  await noteHealth(deps, webhook, tests, results);
}

/** Stores the last accepted and the last refused delivery. A write that fails is given up. */
async function noteHealth(
  { table, clock, log }: ReceiverDeps,
  { tenant }: Webhook,
  tried: readonly WaitingEvent[],
  results: readonly Result[],
): Promise<void> {
  const noted = new Map(
    tried.flatMap(({ event: { type } }, index) => {
      const result = results[index];
      return result === undefined ? [] : [[result.kind === 'accepted', { type, result: healthOf(result) }] as const];
    }),
  );
  for (const { type, result } of noted.values()) {
    await table
      .write([webhookHealthWrite(tenant, type, result, clock.now())])
      .catch((error: unknown) => log('webhook-undecided', { tenant, ...placeOfError(error) }));
  }
}

function healthOf(result: Result): DeliveryResult {
  switch (result.kind) {
    case 'accepted':
      return result;
    case 'refused':
      return { kind: 'refused', ...result.answer };
    case 'undecided':
      return { kind: 'refused', code: 'undecided' };
  }
}

async function readReceiver({ table, clock }: ReceiverDeps, tenantId: string): Promise<Receiver | undefined> {
  const { items } = await table.query({ pk: webhookPartition(tenantId) });
  const item = items.find(({ sk }) => sk === webhookKey(tenantId).sk);
  if (item === undefined) return undefined;
  const webhook = webhookOf(item);
  const deliveries = items.find(({ sk }) => sk === deliveriesKey(tenantId).sk);
  return { webhook, deliveries, failures: countedFailures(deliveries, webhook.version, clock.now()) };
}

/**
 * Returns the events that the webhook is to receive: those of the types it chose, and none while it is switched off.
 */
function wantedEvents({ log }: ReceiverDeps, { types, off }: Webhook, events: readonly WaitingEvent[]) {
  const chosen: readonly string[] = types ?? WEBHOOK_EVENT_TYPES;
  const wanted = events.filter(({ event: { type } }) => chosen.includes(type));
  if (off === undefined) return wanted;
  for (const { event } of wanted) {
    log('webhook-given-up', { id: event.id, tenant: event.tenant, type: event.type, why: 'switched off' });
  }
  return [];
}

/** Returns how many events may be tried now, and until when each of the others waits. */
async function admit({ table, clock }: ReceiverDeps, { webhook, failures }: Receiver) {
  const now = clock.now();
  const turn = turnOf(failures, now);
  switch (turn.kind) {
    case 'open':
      return { most: Number.POSITIVE_INFINITY, until: () => now };
    case 'paused':
      return { most: 0, until: ({ firstAt }: WaitingEvent) => heldUntil(turn.until, firstAt, now) };
    case 'probe': {
      const { done } = await table.write([turn.claim(webhook.tenant)]);
      return { most: done ? 1 : 0, until: ({ firstAt }: WaitingEvent) => heldUntil(turn.until, firstAt, now) };
    }
  }
}

async function deliverOne(deps: ReceiverDeps, webhook: Webhook, { event, tries }: WaitingEvent): Promise<Result> {
  const ids = { tenant: event.tenant, id: event.id, type: event.type, tries: tries + 1 };
  try {
    const answer = await postSigned(deps, webhook, event);
    if ('status' in answer && answer.status >= 200 && answer.status < 300) {
      deps.log('webhook-delivered', ids);
      return { kind: 'accepted' };
    }
    deps.log('webhook-failed', { ...ids, ...answer });
    return 'status' in answer
      ? { kind: 'refused', reason: `status ${answer.status}`, answer: { code: 'status', status: answer.status } }
      : { kind: 'refused', reason: answer.failed, answer: { code: answer.failed } };
  } catch (error) {
    deps.log('webhook-undecided', { ...ids, ...placeOfError(error) });
    return { kind: 'undecided' };
  }
}

async function postSigned({ readSecret, post, clock }: ReceiverDeps, webhook: Webhook, event: ServiceEvent) {
  const references = webhook.secret.flatMap((text) => readReference(text) ?? []);
  const secrets = await Promise.all(references.map((reference) => readSecret(webhook.tenant, reference)));
  const known = secrets.filter((secret) => secret !== undefined);
  if (known.length === 0) return { failed: 'secret' } as const;
  return post(webhook.url, signWebhook(event, known, clock.now()));
}

/**
 * Notes the successes and failures of a receiver, and switches its webhook off if it is hopeless. A success counts more
 * than failures at the same time. A write that is refused is not repeated: another process has noted its own results.
 */
async function noteResults(
  { table, clock, log }: ReceiverDeps,
  { webhook, deliveries, failures }: Receiver,
  tried: readonly WaitingEvent[],
  results: readonly Result[],
): Promise<void> {
  const reasons = results.flatMap((result) => (result.kind === 'refused' ? result.reason : []));
  const { tenant, version } = webhook;
  if (results.some(({ kind }) => kind === 'accepted')) {
    if (failures !== undefined) await table.write([successWrite(tenant, failures)]);
    return;
  }
  const reason = reasons.at(-1);
  if (reason === undefined) return;
  const now = clock.now();
  const after = withFailures(failures, { count: reasons.length, webhookVersion: version, now });
  const isRetry = tried.some(({ tries }) => tries > 0);
  if (!isRetry || !isHopeless(after)) {
    await table.write([failuresWrite(tenant, deliveries, after)]);
    return;
  }
  const off = { at: now, since: after.failingSince, reason };
  const { done } = await table.write([switchOffWrite(webhook, off)]);
  if (done) log('webhook-switched-off', { tenant, since: off.since, reason });
}
