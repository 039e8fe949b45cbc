import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { seededRandom } from '../../shared/platform/random.ts';
import { openClock } from './clock.ts';
import { answerControl } from './control.ts';
import { runDue, startDue } from './due-work.ts';
import { startDynamoDb } from './dynamodb.ts';
import { type Endpoints, removeEndpoints, writeEndpoints } from './endpoints.ts';
import { openEventBuses } from './event-bus.ts';
import { openEventQueue } from './event-queue.ts';
import { openExecutionStore } from './execution-store.ts';
import { openExecutions } from './executions.ts';
import { openFifoQueues } from './fifo-queues.ts';
import { forward } from './forward.ts';
import { type Handle, json, listen } from './http.ts';
import { answerHttpApi } from './http-api.ts';
import { routesIn } from './http-api-routes.ts';
import { startIssuer } from './issuer.ts';
import { jwtAuthorizers } from './jwt-authorizer.ts';
import { answerLambda } from './lambda-endpoint.ts';
import { callFromStateMachine, openLambdas, withQueue } from './lambdas.ts';
import { openMessageQueues } from './message-queues.ts';
import {
  bucketNotificationsIn,
  bucketsIn,
  formOriginsIn,
  functionsIn,
  stateMachinesIn,
  versionedBucketsIn,
} from './resources.ts';
import { startS3 } from './s3.ts';
import { notifyUpload, uploadsNobodyHeardOf } from './s3-events.ts';
import { openSchedules } from './schedules.ts';
import { openState, recall, remember } from './state.ts';
import { readDefinition } from './state-machine.ts';
import { answerStepFunctions } from './step-functions-endpoint.ts';
import { openStreams } from './streams.ts';
import { ISSUER_NAME, synthesize } from './synthesize.ts';
import { createTables } from './table.ts';
import { takeOver } from './take-over.ts';
import { API_ORIGIN, REGION, readTemplate } from './template.ts';
import { openTimeToLive } from './time-to-live.ts';

export type LocalStackOptions = {
  /** The state folder. */
  readonly dir: string;
  /** The first of the ports; 0 takes any free ones. */
  readonly port?: number;
  /** Empties the state first. */
  readonly fresh?: boolean;
  /** The CDK app. If absent, the project's own. */
  readonly app?: string;
  /** Fills a new state before the stack counts as ready. Returns the tenants that it created. */
  readonly seed?: (endpoints: Endpoints) => Promise<readonly string[]>;
  /** Decides the order of messages, and which of them come twice. */
  readonly messageSeed?: number;
  /**
   * Puts a proxy between the functions and a service. Returns the address that the functions get in place of the
   * service's own.
   */
  readonly between?: (service: string, url: string) => Promise<string>;
};

export type LocalStack = {
  readonly endpoints: Endpoints;
  /** Whether this start has filled a new state. */
  readonly seeded: boolean;
  readonly stop: () => Promise<void>;
};

const HEARTBEAT_MS = 250;

/** Starts the parts of the stack. Everything they run is read from the synthesized template. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  try {
    return { ...(await start(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts each part, and adds to `stops` what stops it. The stops run in the opposite order. */
async function start(
  { dir, port = 4560, fresh = false, app, seed, messageSeed = 1, between = async (_, url) => url }: LocalStackOptions,
  stops: (() => Promise<void> | void)[],
): Promise<Omit<LocalStack, 'stop'>> {
  const home = resolve(dir);
  const portOf = (place: number) => (port === 0 ? 0 : port + place);
  mkdirSync(home, { recursive: true });
  removeEndpoints(home);
  await takeOver(home);
  const state = openState(home, { fresh });
  stops.push(() => state.close());
  const clock = openClock(state);

  const serve = async (purpose: string, place: number, handle: Handle) => {
    const listener = await listen(purpose, portOf(place), handle, { hasPages: purpose === 'api' });
    stops.push(() => listener.close());
    return listener.url;
  };
  // The API listens first, because the issuer knows the console by the API's origin.
  let answerApi: Handle = () => json(503, { message: 'Service Unavailable' });
  const api = await serve('api', 0, (...request) => answerApi(...request));
  const starting = startIssuer(home, { port: portOf(6), clock, consoleUrl: `${api}/console/` }).then((started) => {
    stops.push(() => started.stop());
    return started;
  });
  const [issuer, synthesized] = await Promise.all([starting, synthesize(app)]);

  const assembly = join(home, 'assembly');
  rmSync(assembly, { recursive: true, force: true });
  cpSync(synthesized, assembly, { recursive: true });
  const template = readTemplate(assembly, { [ISSUER_NAME]: issuer.url });
  const dynamoDb = await startDynamoDb(home);
  stops.push(() => dynamoDb.stop());
  const dynamodb = await forward('dynamodb', portOf(2), dynamoDb.url);
  stops.push(() => dynamodb.close());
  const tables = await createTables(template, dynamoDb.url, { fresh });

  const addresses: Record<string, string> = {};
  const functions = functionsIn(template, assembly);
  const running = openLambdas(functions, { dir: home, clock, stageKey: stageKeyIn(state), addresses: () => addresses });
  stops.push(() => running.stop());
  const queue = openEventQueue(state, { clock, find: running.find, invoke: running.invoke });
  const lambdas = withQueue(running, queue);
  const store = openExecutionStore(state);
  const executions = openExecutions(store, { clock, invoke: callFromStateMachine(running) });
  const machines = stateMachinesIn(template);
  for (const { definition } of machines) readDefinition(definition);
  const schedules = openSchedules(template, { state, clock, queue });
  const streams = openStreams(template, { state, dynamodb: dynamoDb.url, lambdas });
  const queues = openMessageQueues(template, { state, clock, lambdas, random: seededRandom(messageSeed) });
  const fifo = openFifoQueues(template, { state, clock, lambdas });
  const buses = openEventBuses(template, { state, clock, queues });
  const expiry = openTimeToLive(template, { clock, dynamodb: dynamoDb.url });
  const parts = [schedules, queue, executions, streams, queues, fifo, expiry];

  let touched = !fresh;
  const notifications = bucketNotificationsIn(template);
  const onUpload = (object: Parameters<typeof notifyUpload>[0]) => {
    touched = true;
    notifyUpload(object, { notifications, queue, clock });
  };
  const buckets = bucketsIn(template);
  const s3 = await startS3(home, portOf(1), {
    buckets,
    versioned: versionedBucketsIn(template),
    onUpload,
    formOrigins: formOriginsIn(template).map((origin) => origin.replace(API_ORIGIN, api)),
    now: clock.now,
  });
  stops.push(() => s3.stop());
  const lambda = await serve('lambda', 3, (request, body) => {
    touched = true;
    return answerLambda(lambdas, request, body);
  });
  const stepfunctions = await serve('stepfunctions', 4, (request, body) => {
    touched = true;
    return answerStepFunctions({ machines, store, executions }, request, body);
  });
  const control = await serve('control', 5, (request, body) =>
    answerControl(
      {
        clock,
        mayGoBack: () => !touched,
        moveClock(instant) {
          const isBack = instant < clock.now();
          clock.setTo(instant);
          if (isBack) schedules.restart();
          startDue(parts);
        },
        runDue: () => runDue(parts),
        events: buses.all,
      },
      request,
      body,
    ),
  );
  const routes = routesIn(template);
  const authorize = jwtAuthorizers(template, clock.now);
  answerApi = (request, _, body) => {
    touched = true;
    return answerHttpApi({ routes, lambdas, now: clock.now, authorize }, request, body);
  };
  const eventbridge = await serve('eventbridge', 7, (request, body) => {
    const [service, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const answers = service === 'AmazonSQS' ? (/\.fifo"/.test(body) ? fifo : queues) : buses;
    return answers.answer(operation, body);
  });
  const services = { dynamodb: dynamoDb.url, s3: s3.url, lambda, sfn: stepfunctions, eventbridge, sqs: eventbridge };
  for (const [service, url] of Object.entries(services)) addresses[service] = await between(service, url);

  for (const object of buckets.flatMap((bucket) => uploadsNobodyHeardOf(s3.objects(bucket), [queue, fifo]))) {
    notifyUpload(object, { notifications, queue, clock });
  }
  const heartbeat = setInterval(() => startDue(parts), HEARTBEAT_MS);
  stops.push(() => {
    clearInterval(heartbeat);
    for (const part of parts) part.halt();
  });

  const endpoints: Endpoints = {
    api,
    console: `${api}/console/`,
    s3: s3.url,
    dynamodb: dynamodb.url,
    lambda,
    stepfunctions,
    eventbridge,
    control,
    issuer: issuer.url,
    region: REGION,
    bucket: notifications[0]?.bucket ?? buckets[0] ?? '',
    table: tables[0] ?? '',
    functions: Object.fromEntries(functions.map(({ name, functionName }) => [name, functionName])),
    stateMachines: Object.fromEntries(machines.map(({ name, arn }) => [name, arn])),
    tenants: [],
  };
  const known = recall(state, 'tenants');
  const seeded = known === undefined && seed !== undefined;
  const tenants = seeded ? await seed(endpoints) : (known ?? '').split(' ').filter((tenantId) => tenantId !== '');
  if (seeded) {
    remember(state, 'tenants', tenants.join(' '));
    touched = !fresh;
  }
  writeEndpoints(home, { ...endpoints, tenants });
  stops.push(() => removeEndpoints(home));
  return { endpoints: { ...endpoints, tenants }, seeded };
}

/** A key that is generated at the first start and kept as long as the data. */
function stageKeyIn(state: DatabaseSync): string {
  const key = recall(state, 'stage-key') ?? randomBytes(32).toString('hex');
  remember(state, 'stage-key', key);
  return key;
}
