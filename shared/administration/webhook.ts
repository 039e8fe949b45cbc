import { type Webhook, type WebhookSettings, webhookItem, webhookOf } from '../events/webhook.ts';
import { newWebhookTest, webhookHealthOf, webhookTestItem, webhookTestOf } from '../events/webhook-health.ts';
import { absent, equal, present, sameValue } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import { grownBeyond, type Lists } from '../licensing/limits.ts';
import type { Key, Write } from '../platform/ports/table.ts';
import { isWebhookAddress, NOT_AN_ADDRESS } from '../platform/public-address.ts';
import { untilAnswered } from '../platform/retry.ts';
import { invalidRequest, type RequestFault } from '../platform/validation.ts';
import { deliveriesKey, webhookHealthKey, webhookKey, webhookPartition, webhookTestKey } from '../store/keys.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

/**
 * Configures the webhook, which sends the tenant's events to its own system. Replaces it as a whole. Saving the
 * settings of a webhook that was switched off switches it on again, also when they are the same.
 */
export async function putWebhook(deps: TenantContext, request: RequestOf<'put-webhook'>) {
  const { settings, actor, expectedVersion } = request;
  if (!isWebhookAddress(settings.url, deps)) return invalidRequest([{ place: 'settings.url', text: NOT_AN_ADDRESS }]);
  const { tenantId } = deps.tenant;
  const change = { actor, cause: 'put-webhook', at: deps.clock.now() };
  const read = () => readWebhook(deps);
  const put = await updateOptimistically(deps, read, (before): Update<Webhook, Webhook | Refusal> => {
    const faults = webhookLimitFaults(before, settings);
    if (faults.length > 0) return unchanged(invalidRequest(faults));
    if (before !== undefined && before.off === undefined && sameValue(settingsOf(before), settings))
      return unchanged(before);
    const isStale = expectedVersion !== undefined && expectedVersion !== (before?.version ?? 0);
    if (isStale) return unchanged(staleWebhook(before));
    const after: Webhook = { tenant: tenantId, ...settings, version: (before?.version ?? 0) + 1, change };
    const onlyIf = before === undefined ? [absent('pk')] : [equal('version', before.version)];
    return { kind: 'write', writes: [{ put: webhookItem(after), onlyIf }], after };
  });
  return isRefusal(put) ? put : viewWebhook(put);
}

export async function getWebhook(deps: TenantContext) {
  const webhook = await readWebhook(deps);
  return webhook === undefined ? unknownWebhook() : viewWebhook(webhook);
}

/** Returns the last accepted delivery, the last refused one, and the last test that was asked for. One query. */
export async function getWebhookHealth({ table, tenant: { tenantId } }: TenantContext) {
  const { items } = await table.query({ pk: webhookPartition(tenantId) });
  const itemOf = ({ sk }: Key) => items.find((item) => item.sk === sk);
  const webhook = itemOf(webhookKey(tenantId));
  if (webhook === undefined) return unknownWebhook();
  const test = itemOf(webhookTestKey(tenantId));
  const state = webhookOf(webhook).off === undefined ? 'on' : 'off';
  const lastTest = test === undefined ? undefined : webhookTestOf(test);
  return { state, ...webhookHealthOf(itemOf(webhookHealthKey(tenantId))), ...defined({ lastTest }) };
}

/**
 * Asks for a test: an event that is delivered as every other one is, but once, and also to a webhook that is switched
 * off. `get-webhook-health` shows its result.
 */
export async function testWebhook(deps: TenantContext) {
  const { tenantId } = deps.tenant;
  return untilAnswered(deps, async () => {
    const test = newWebhookTest(tenantId, deps.clock.now());
    const hasWebhook: Write = { check: webhookKey(tenantId), onlyIf: [present('pk')] };
    const answer = await deps.table.write([hasWebhook, { put: webhookTestItem(tenantId, test) }]);
    if (answer.done) return test;
    return answer.refusals[0]?.because === 'condition' ? unknownWebhook() : undefined;
  });
}

function unknownWebhook(): Refusal {
  return refused('unknown-webhook', 'The tenant has no webhook. Configure it with put-webhook.');
}

type Deleted = { readonly deleted: true };

/** Deletes the webhook. A missing webhook is not an error. */
export async function deleteWebhook(deps: TenantContext, { expectedVersion }: RequestOf<'delete-webhook'>) {
  const read = () => readWebhook(deps);
  return updateOptimistically(deps, read, (before): Update<Deleted, Deleted | Refusal> => {
    if (before === undefined) return unchanged({ deleted: true });
    if (expectedVersion !== undefined && expectedVersion !== before.version) return unchanged(staleWebhook(before));
    const onlyIf = [equal('version', before.version)];
    const others = [deliveriesKey, webhookHealthKey, webhookTestKey].map((key) => ({ delete: key(before.tenant) }));
    const writes = [{ delete: webhookKey(before.tenant), onlyIf }, ...others];
    return { kind: 'write', writes, after: { deleted: true } };
  });
}

async function readWebhook({ table, tenant }: TenantContext): Promise<Webhook | undefined> {
  const item = await table.get(webhookKey(tenant.tenantId));
  return item === undefined ? undefined : webhookOf(item);
}

function webhookLimitFaults(before: WebhookSettings | undefined, after: WebhookSettings): readonly RequestFault[] {
  return grownBeyond(before === undefined ? {} : listsOf(before), listsOf(after));
}

function listsOf({ secret, types = [] }: WebhookSettings): Lists {
  return { secret, types };
}

function staleWebhook(found: Webhook | undefined): Refusal {
  const version = found?.version ?? 0;
  return refused('stale-version', 'The webhook was changed since you read it. Read it again before you change it.', {
    version,
  });
}

function settingsOf({ url, secret, types }: Webhook): WebhookSettings {
  return defined({ url, secret, types });
}

function viewWebhook(webhook: Webhook) {
  const { off, version } = webhook;
  return { settings: settingsOf(webhook), state: off === undefined ? 'on' : 'off', ...defined({ off }), version };
}
