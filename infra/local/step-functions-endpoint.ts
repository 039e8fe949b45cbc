import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import type { Execution, ExecutionStore, Status } from './execution-store.ts';
import type { Executions } from './executions.ts';
import { type Answer, isJson, json } from './http.ts';
import type { LocalStateMachine } from './resources.ts';
import { ACCOUNT, REGION } from './template.ts';

export type StepFunctions = {
  readonly machines: readonly LocalStateMachine[];
  readonly store: ExecutionStore;
  readonly executions: Executions;
};

class ServiceFault extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const MOST_INPUT_BYTES = 262_144;
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

const pageMembers = { maxResults: z.optional(z.number()), nextToken: z.optional(z.nullable(z.string())) };
const startInput = z.object({
  stateMachineArn: z.string(),
  name: z.optional(z.string()),
  input: z.optional(z.string()),
});
const executionInput = z.object({ executionArn: z.string() });
const stopInput = z.object({ executionArn: z.string(), error: z.optional(z.string()), cause: z.optional(z.string()) });
const listInput = z.object({ stateMachineArn: z.string(), statusFilter: z.optional(z.string()), ...pageMembers });
const historyInput = z.object({ executionArn: z.string(), reverseOrder: z.optional(z.boolean()), ...pageMembers });

/** Serves the five calls that a client needs, in the protocol of AWS. */
export async function answerStepFunctions(
  service: StepFunctions,
  request: IncomingMessage,
  body: string,
): Promise<Answer> {
  const operation = String(request.headers['x-amz-target']).replace(/^AWSStepFunctions\./, '');
  try {
    const call = OPERATIONS.get(operation);
    if (call === undefined) {
      throw new ServiceFault('UnknownOperationException', `The local stack does not know ${operation}`);
    }
    return json(200, call(service, JSON.parse(body)), headers());
  } catch (error) {
    if (error instanceof ServiceFault) return json(400, { __type: error.name, message: error.message }, headers());
    if (error instanceof z.core.$ZodError || error instanceof SyntaxError) {
      return json(400, { __type: 'ValidationException', message: error.message }, headers());
    }
    throw error;
  }
}

const OPERATIONS = new Map<string, (service: StepFunctions, input: unknown) => unknown>([
  ['StartExecution', startExecution],
  ['DescribeExecution', (service, input) => description(execution(service, executionInput.parse(input).executionArn))],
  ['ListExecutions', listExecutions],
  ['GetExecutionHistory', getExecutionHistory],
  ['StopExecution', stopExecution],
]);

function startExecution({ machines, store, executions }: StepFunctions, request: unknown): unknown {
  const { stateMachineArn, name = randomUUID(), input = '{}' } = startInput.parse(request);
  const machine = machines.find(({ arn }) => arn === stateMachineArn);
  if (machine === undefined) {
    throw new ServiceFault('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }
  if (!NAME.test(name)) throw new ServiceFault('InvalidName', `Invalid Name: '${name}'`);
  if (!isJson(input) || Buffer.byteLength(input) > MOST_INPUT_BYTES) {
    throw new ServiceFault('InvalidExecutionInput', 'Invalid State Machine Execution Input');
  }
  const arn = `arn:aws:states:${REGION}:${ACCOUNT}:execution:${machine.machineName}:${name}`;
  const existing = store.get(arn);
  if (existing !== undefined && (existing.status !== 'RUNNING' || existing.input !== input)) {
    throw new ServiceFault('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  const { definition } = machine;
  const started = existing ?? executions.start({ arn, machineArn: stateMachineArn, name, input, definition });
  return { executionArn: arn, startDate: started.started_at / 1000 };
}

function stopExecution(service: StepFunctions, request: unknown): unknown {
  const { executionArn, ...reason } = stopInput.parse(request);
  if (execution(service, executionArn).status === 'RUNNING') service.executions.stop(executionArn, reason);
  return { stopDate: (execution(service, executionArn).stopped_at ?? 0) / 1000 };
}

function listExecutions({ machines, store }: StepFunctions, request: unknown): unknown {
  const { stateMachineArn, statusFilter, ...page } = listInput.parse(request);
  if (!machines.some(({ arn }) => arn === stateMachineArn)) {
    throw new ServiceFault('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }
  const found = store
    .list(stateMachineArn)
    .filter(({ status }) => statusFilter === undefined || status === statusFilter);
  const { items, nextToken } = paged(found, page);
  return { executions: items.map(summary), ...nextToken };
}

function getExecutionHistory(service: StepFunctions, request: unknown): unknown {
  const { executionArn, reverseOrder = false, ...page } = historyInput.parse(request);
  const { arn } = execution(service, executionArn);
  const events = service.store.history(arn);
  const { items, nextToken } = paged(reverseOrder ? events.toReversed() : events, page);
  return { events: items, ...nextToken };
}

function execution({ store }: StepFunctions, arn: string): Execution {
  const found = store.get(arn);
  if (found === undefined) throw new ServiceFault('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return found;
}

function summary({ arn, machine_arn, name, status, started_at, stopped_at }: Execution) {
  return {
    executionArn: arn,
    stateMachineArn: machine_arn,
    name,
    status: status satisfies Status,
    startDate: started_at / 1000,
    ...(stopped_at !== null && { stopDate: stopped_at / 1000 }),
  };
}

function description(found: Execution) {
  const { input, output, error, cause } = found;
  return {
    ...summary(found),
    input,
    inputDetails: { included: true },
    ...(output !== null && { output, outputDetails: { included: true } }),
    ...(error !== null && { error }),
    ...(cause !== null && { cause }),
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
  };
}

/** A token holds the position at which the next page begins. */
function paged<T>(
  all: readonly T[],
  {
    maxResults,
    nextToken,
  }: { readonly maxResults?: number | undefined; readonly nextToken?: string | null | undefined },
) {
  const from = Number(nextToken ?? 0);
  const to = from + (maxResults === undefined || maxResults === 0 ? 100 : Math.min(maxResults, 1000));
  return { items: all.slice(from, to), nextToken: to < all.length ? { nextToken: String(to) } : {} };
}

const headers = () => ({ 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() });
