import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect, it } from 'vitest';
import { beginRenewal } from '../../functions/begin-renewal/begin-renewal.ts';
import { answerCalendar, keptCounts } from '../../functions/calendar-feed/answer-calendar.ts';
import { cleanUpBatch } from '../../functions/clean-up-renewal/clean-up-batch.ts';
import { deliverWebhooks } from '../../functions/deliver-webhook/deliver-webhooks.ts';
import { answerEndSession } from '../../functions/end-session/answer-end-session.ts';
import { findNextStep } from '../../functions/find-next-step/find-next-step.ts';
import { finishRenewal } from '../../functions/finish-renewal/finish-renewal.ts';
import { FUNCTION_NAMES } from '../../functions/functions.ts';
import { importHeldBack } from '../../functions/import-held-back/import-held-back.ts';
import { importUploads } from '../../functions/import-licenses/import-uploads.ts';
import { answerLogin } from '../../functions/login/answer-login.ts';
import { publishEvents } from '../../functions/publish-events/publish-events.ts';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import { answerCall } from '../../functions/session-hooks/answer-call.ts';
import { stopRenewal } from '../../functions/stop-renewal/stop-renewal.ts';
import { switchBatch } from '../../functions/switch-licenses/switch-batch.ts';
import { undoBatch } from '../../functions/undo-licenses/undo-batch.ts';
import { SAFE_HEADERS } from '../../shared/platform/safe-headers.ts';
import { configuredHooks } from '../../shared/sign-in/hooks/configured-hooks.ts';
import { noteCallOn } from '../../shared/sign-in/hooks/hook-health.ts';
import { cachedKeySets } from '../../shared/sign-in/providers/key-sets.ts';
import { type ApiWorld, anApiWorld } from '../fakes/api-world.ts';
import { asAdministrator } from '../fakes/command-world.ts';
import { byReference, httpEvent } from '../fakes/hook-world.ts';
import { memoryBus } from '../fakes/memory-bus.ts';
import { guardedObjects, guardedTable, type Touched } from '../fakes/tenant-guard.ts';
import { CALLER, makeCaller, processOn, VICTIM } from '../fakes/two-tenants.ts';
import { settingsOf, signedHeaders, WEBHOOK_SECRET } from '../sign-in/providers/samples.ts';

/** Walked route by route beside them, by commands, or called for every tenant in turn by a schedule and no tenant. */
const ELSEWHERE = ['admin-api', 'administer', 'audit-tenants', 'clean-up-daily', 'console', 'end-idle-sessions'];

const RENEWAL = { tenant: CALLER, renewalId: 'r1' };
const BATCH = { ...RENEWAL, from: 0, to: 50 };
const EXECUTION = `${VICTIM}.r1`;

type Process = ReturnType<typeof processOn> & { readonly objects: ApiWorld['objects'] };

/** Each function, called in the name of globex with ids of what acme has. */
const CALLS: Readonly<Record<string, (process: Process, world: ApiWorld) => Promise<unknown>>> = {
  login: (on) => answerLogin(on, { tenant: CALLER, user: 'dan', session: 's1', kind: 'login', claims: {} }),
  'end-session': (on) => answerEndSession(on, { tenant: CALLER, user: 'dan' }),
  'import-licenses': (on) =>
    importUploads(on, 'bucket', {
      Records: ['new+file.zip', '..%2F..%2Facme%2Fuploads%2Fnew+file.zip', '../../acme/uploads/new+file.zip'].map(
        (name) => ({
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: 'bucket' }, object: { key: `tenants/${CALLER}/uploads/${name}` } },
        }),
      ),
    }),
  'begin-renewal': (on) => beginRenewal(on, { ...RENEWAL, execution: EXECUTION }),
  'import-held-back': (on) => importHeldBack(on, RENEWAL),
  'switch-licenses': (on) => switchBatch(on, BATCH),
  'find-next-step': (on) => findNextStep(on, RENEWAL),
  'clean-up-renewal': (on) => cleanUpBatch(on, BATCH),
  'finish-renewal': (on) => finishRenewal(on, RENEWAL),
  'undo-licenses': (on) => undoBatch(on, BATCH),
  'stop-renewal': (on) => stopRenewal(on, { ...RENEWAL, execution: EXECUTION, error: { Error: 'Told' } }),
  'record-history': (on, { table }) => recordHistory(on, table.records.filter(isOfCaller)),
  'publish-events': (on, { table }) =>
    publishEvents({ ...on, bus: memoryBus(), measure: () => {} }, table.records.filter(isOfCaller)),
  'calendar-feed': async (on) => {
    const { address } = (await asAdministrator(on).ask('create-calendar-feed', {}, CALLER)) as { address: string };
    const file = address.split('/').at(-1);
    const calendar = { ...on, countLastDays: keptCounts(on) };
    const event = { pathParameters: { file }, headers: {}, requestContext: { http: { method: 'GET' } } };
    const { body = '' } = await answerCalendar(calendar, event as unknown as APIGatewayProxyEventV2);
    return body.includes('BEGIN:VEVENT');
  },
  'deliver-webhook': (on) =>
    deliverWebhooks(
      {
        ...on,
        readSecret: async () => 'secret',
        post: async () => ({ status: 204 }),
        sendMessage: async () => {},
        undeliveredArn: 'arn:aws:sqs:eu-north-1:111122223333:undelivered',
      },
      [eventOfCaller],
    ),
  // Its own hook, its own secret, and in the event another tenant's name and user.
  'session-hooks': async (on) => {
    const { settings, secrets } = byReference('standard-webhooks', settingsOf('standard-webhooks'));
    await asAdministrator(on).ask('put-hook', { provider: 'standard-webhooks', settings }, CALLER);
    const readSecret = async (_: string, { name }: { name: string }) => secrets.get(name);
    const deps = {
      ...on,
      hooks: configuredHooks(on.table, readSecret, on.clock),
      keySets: cachedKeySets(() => Promise.reject(new Error('nothing is fetched here'))),
      noteCall: noteCallOn(on),
    };
    const data = { tenant: VICTIM, user: 'dan', session: 's1' };
    const body = JSON.stringify({ type: 'session.logout', timestamp: on.clock.now(), data });
    const headers = signedHeaders('msg_1', on.clock.now(), body, WEBHOOK_SECRET);
    return answerCall(
      { ...deps, within: async (_, work) => ({ kind: 'done', answer: await work }) },
      httpEvent(`/hooks/${CALLER}/standard-webhooks`, 'standard-webhooks', { headers, body, tenant: CALLER }),
    );
  },
};

/** As if nobody had such ids; where nothing is named here, the step of a renewal that there is not stops. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  login: expect.objectContaining({ outcome: 'denied', reason: 'no-free-license' }),
  'end-session': { ended: 0, nowFree: false },
  'import-licenses': {
    uploads: [{ importId: expect.any(String), status: 'rejected' }, { ignored: 'no-upload' }, { ignored: 'no-upload' }],
  },
  'stop-renewal': undefined,
  'record-history': { batchItemFailures: [] },
  'publish-events': { batchItemFailures: [] },
  'calendar-feed': false,
  'deliver-webhook': { batchItemFailures: [] },
  'session-hooks': { statusCode: 204, headers: SAFE_HEADERS, body: '' },
};

const isOfCaller = (record: ApiWorld['table']['records'][number]): boolean =>
  JSON.stringify(record).includes(`#${CALLER}`);

const detail = { id: 'evt_1', tenant: CALLER, at: '2026-03-02T08:00:00.000Z', data: { importId: 'i1' } };
const eventOfCaller = {
  messageId: 'm1',
  eventSourceARN: 'arn:aws:sqs:eu-north-1:111122223333:webhooks',
  body: JSON.stringify({ source: 'esm-license-service', 'detail-type': 'import.finished', detail }),
};

const stored = ({ table }: ApiWorld): string =>
  JSON.stringify(table.items().filter(({ pk }) => pk.split('#').includes(VICTIM)));

it('every function is tested', () => {
  expect([...Object.keys(CALLS), ...ELSEWHERE].toSorted()).toEqual(FUNCTION_NAMES.toSorted());
});

it.each(Object.entries(CALLS))('%s touches nothing of another tenant', async (name, call) => {
  const world = await anApiWorld();
  const renewal = { renewalId: 'r1', serialNumbers: ['FREE'] };
  await asAdministrator({ ...world.deps, objects: world.objects }).ask('plan-renewal', renewal, VICTIM);
  const ask = await makeCaller(world.table);
  await ask('put-user-card', { user: 'dan', card: { folder: '' } });
  const before = stored(world);
  const touched: Touched = [];

  const answered = await call(
    {
      ...processOn(guardedTable(world.table, VICTIM, touched)),
      objects: { ...world.objects, ...guardedObjects(world.objects, VICTIM, touched) },
    },
    world,
  ).catch((error: Error) => error.name);

  expect(touched).toEqual([]);
  expect(stored(world)).toBe(before);
  expect(answered).toEqual(name in ANSWERS ? ANSWERS[name] : 'RenewalStopped');
});
