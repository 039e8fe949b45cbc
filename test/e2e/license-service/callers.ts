import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, vi } from 'vitest';
import type { Endpoints } from '../../../infra/local/endpoints.ts';
import { licenseZip, type SampleFile } from '../../../infra/local/sample-files.ts';
import { defined } from '../../../shared/licensing/defined.ts';
import { auditReport, importReport, type Receipt, receipt } from './contract-shapes.ts';

export type Json = { readonly [name: string]: unknown };

/** For what another process does in its own time, on a machine that may be busy. */
export const PATIENCE_MS = 400_000;
/** A function error means "try again" (contracts); somebody who does so this often has met a fault. */
const MOST_TRIES = 10;

/** Callers of a running stack: the SDK's clients, each call made once, so that a test sees what a caller sees. */
export function callersOf(endpoints: Endpoints) {
  const settings = {
    region: endpoints.region,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    requestHandler: { httpAgent: { maxSockets: 200 } },
  };
  const lambda = new LambdaClient({ ...settings, endpoint: endpoints.lambda });
  const s3 = new S3Client({ ...settings, endpoint: endpoints.s3 });
  const sfn = new SFNClient({ ...settings, endpoint: endpoints.stepfunctions });
  const tried = { again: 0 };

  /** Calls a function by its folder's name, again where it says so. */
  async function invoke(name: string, payload: Json): Promise<Json> {
    for (let tries = 1; ; tries += 1) {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: endpoints.functions[name], Payload: JSON.stringify(payload) }),
      );
      const answer = JSON.parse(Payload?.transformToString() ?? 'null');
      if (FunctionError === undefined) return answer;
      if (answer.errorType !== 'TryAgain' || tries === MOST_TRIES) {
        throw new Error(`${name} ${JSON.stringify(payload)}: ${JSON.stringify(answer)}`);
      }
      tried.again += 1;
    }
  }

  async function upload(key: string, body: Uint8Array | string, metadata: Record<string, string> = {}): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: endpoints.bucket, Key: key, Body: body, Metadata: metadata }));
  }

  /** Returns an object's text, or undefined if it does not exist. Reads it without a client, as a browser does. */
  async function read(key: string): Promise<string | undefined> {
    const response = await fetch(`${endpoints.s3}/${endpoints.bucket}/${key}`);
    if (response.status === 404) return undefined;
    expect(response.status, key).toBe(200);
    return response.text();
  }

  /** The report beside an upload, once it is there; it has the contract's form. */
  async function reportOn(key: string) {
    const text = await vi.waitFor(
      async () => {
        const found = await read(`${key}.report.json`);
        if (found === undefined) throw new Error(`no report on ${key}`);
        return found;
      },
      { timeout: PATIENCE_MS, interval: 50 },
    );
    return importReport.parse(JSON.parse(text));
  }

  async function control(path: string, body: Json = {}): Promise<void> {
    const response = await fetch(`${endpoints.control}${path}`, { method: 'POST', body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  }

  async function now(): Promise<string> {
    const clock = await (await fetch(`${endpoints.control}/clock`)).json();
    return (clock as { now: string }).now;
  }

  return {
    endpoints,
    /** How often a call was made again because a function said so. */
    tried,
    invoke,
    upload,
    read,
    reportOn,
    now,
    /** Moves the clock; what became due has been started, not finished. */
    moveClock: (move: { readonly advance: string } | { readonly now: string }) => control('/clock', move),
    runDue: () => control('/run-due'),
    start: async (input: Json, name = `${input['tenant']}.${input['renewalId']}`): Promise<string> => {
      const stateMachineArn = endpoints.stateMachines['renewal'];
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      return (await sfn.send(command)).executionArn ?? '';
    },
    describe: (executionArn: string) => sfn.send(new DescribeExecutionCommand({ executionArn })),
    /** The names of the states that an execution entered, in order. */
    statesOf: async (executionArn: string): Promise<readonly string[]> => {
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
    },
    of: (tenant: string) => callersOfTenant(tenant, { invoke, upload, reportOn }),
    close: () => [lambda, s3, sfn].map((client) => client.destroy()),
  };
}
export type Callers = ReturnType<typeof callersOf>;

/** The administrator and the users of one tenant. */
function callersOfTenant(
  tenant: string,
  { invoke, upload, reportOn }: Pick<Callers, 'invoke' | 'upload' | 'reportOn'>,
) {
  const administer = (command: string, members: Json = {}): Promise<Json> =>
    invoke('administer', { tenant, actor: 'anna', command, ...members });

  const done = async (command: string, members: Json = {}): Promise<Json> => {
    const answer = await administer(command, members);
    expect(answer, command).not.toHaveProperty('error');
    return answer;
  };

  /** All pages of a list; `of` names it in the answer. */
  async function all(command: string, of: string, members: Json = {}): Promise<readonly Json[]> {
    const found: Json[] = [];
    let cursor: unknown;
    do {
      const page = await done(command, defined({ ...members, cursor }));
      found.push(...(page[of] as Json[]));
      cursor = page['cursor'];
    } while (cursor !== undefined);
    return found;
  }

  return {
    tenant,
    administer,
    done,
    all,
    create: async (...folders: readonly string[]): Promise<void> => {
      await done('create-tenant', { settings: { customers: [tenant], timeZone: 'Europe/Helsinki' } });
      for (const folder of folders) await done('create-folder', { folder });
    },
    /** Uploads licenses as a zip; the upload's key. */
    send: async (name: string, file: Omit<SampleFile, 'customer'>, under = 'uploads'): Promise<string> => {
      const key = `tenants/${tenant}/${under}/${name}`;
      await upload(key, await licenseZip({ ...file, customer: tenant }));
      return key;
    },
    reportOn,
    move: async (serialNumbers: readonly string[], folder: string): Promise<void> => {
      const { results } = await done('move-licenses', { serialNumbers, folder });
      expect(results).toEqual(serialNumbers.map((serialNumber) => ({ serialNumber, moved: true })));
    },
    login: async (user: string, members: Json = {}): Promise<Receipt> =>
      receipt.parse(await invoke('login', { tenant, user, ...members })),
    logout: (user: string, members: Json = {}): Promise<Json> => invoke('end-session', { tenant, user, ...members }),
    /** Plans a renewal and approves the plan; the input of its execution. */
    approved: async (request: Json & { readonly renewalId: string }): Promise<Json> => {
      const { renewalId } = request;
      await done('plan-renewal', request);
      expect(await done('approve-renewal', { renewalId })).toMatchObject({ status: 'approved' });
      return { tenant, renewalId };
    },
    licenses: (members: Json = {}) => all('list-licenses', 'licenses', { limit: 1000, ...members }),
    /** Counts the tenant's items; nothing may be amiss. */
    audit: async () => {
      const { violations, ...counts } = auditReport.parse(await done('audit'));
      expect(violations).toEqual([]);
      return counts;
    },
  };
}
export type TenantCallers = ReturnType<typeof callersOfTenant>;
