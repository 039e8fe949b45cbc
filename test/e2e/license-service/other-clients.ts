import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Endpoints } from '../../../infra/local/endpoints.ts';
import { type Json, PATIENCE_MS } from './callers.ts';
import { runProgram } from './run-program.ts';

/** A client that is not part of this project, used as the README shows. */
export type OtherClient = {
  readonly called: string;
  /** Puts a file under a tenant's folder of the bucket. */
  upload(file: string, folder: string): Promise<void>;
  invoke(functionName: string, payload: Json): Promise<unknown>;
  startExecution(name: string, input: Json): Promise<string>;
  /** The execution's output, once it has succeeded. */
  outputOf(executionArn: string): Promise<unknown>;
};

/** Nothing of what the machine's owner has set up for AWS. */
const AWS_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_DEFAULT_REGION: 'eu-north-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  AWS_PROFILE: undefined,
} as const;

const env = { ...process.env, ...AWS_ENVIRONMENT };
const runs = (program: string, ...args: string[]) => spawnSync(program, args, { env }).status === 0;

const hasCommandLine = () => runs('aws', '--version');
const hasBoto3 = () => runs('python3', '-c', 'import boto3');

/** The client that a test is about, or the bare protocol if the machine lacks this client. */
export const CLIENTS: Readonly<Record<string, (endpoints: Endpoints) => OtherClient>> = {
  'the AWS command line': (endpoints) =>
    hasCommandLine() ? commandLine(endpoints) : bareProtocol(endpoints, 'no AWS command line here: '),
  'boto3 in Python': (endpoints) => (hasBoto3() ? boto3(endpoints) : bareProtocol(endpoints, 'no boto3 here: ')),
  'nothing but HTTP': (endpoints) => bareProtocol(endpoints, ''),
};

async function output(program: string, args: readonly string[]): Promise<string> {
  const { exitCode, said } = await runProgram(program, args, { env: AWS_ENVIRONMENT, withinMs: PATIENCE_MS });
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}: ${said}`);
  return said;
}

function commandLine({ bucket, s3, lambda, stepfunctions, functions, stateMachines }: Endpoints): OtherClient {
  // In a shell, as a reader of the README would: its pipes are files that the command can open.
  const shell = (script: string, ...args: string[]) => output('sh', ['-c', script, 'sh', ...args]);
  return {
    called: 'the AWS command line',
    async upload(file, folder) {
      await shell('aws s3 cp "$1" "$2" --endpoint-url "$3" | cat', file, `s3://${bucket}/${folder}/`, s3);
    },
    async invoke(name, payload) {
      const folder = mkdtempSync(join(tmpdir(), 'license-service-'));
      const answer = join(folder, 'answer.json');
      await shell(
        'printf %s "$1" | aws lambda invoke --endpoint-url "$2" --function-name "$3" --payload fileb:///dev/stdin "$4" | cat',
        JSON.stringify(payload),
        lambda,
        functions[name] ?? name,
        answer,
      );
      const text = await readFile(answer, 'utf8');
      rmSync(folder, { recursive: true });
      return JSON.parse(text);
    },
    async startExecution(name, input) {
      const said = await shell(
        'aws stepfunctions start-execution --endpoint-url "$1" --state-machine-arn "$2" --name "$3" --input "$4" --query executionArn --output text | cat',
        stepfunctions,
        stateMachines['renewal'] ?? '',
        name,
        JSON.stringify(input),
      );
      return said.trim();
    },
    async outputOf(executionArn) {
      const said = await shell(
        'aws stepfunctions describe-execution --endpoint-url "$1" --execution-arn "$2" --query output --output text | cat',
        stepfunctions,
        executionArn,
      );
      return JSON.parse(said);
    },
  };
}

const BOTO3 = `
import json, sys, boto3
service, address, call, arguments = sys.argv[1:]
client = boto3.client(service, endpoint_url=address)
answer = getattr(client, call)(**json.loads(arguments))
for name in ('Payload',):
    if name in answer:
        answer = json.loads(answer[name].read())
print('answer', json.dumps(answer, default=str))
`;

function boto3({ bucket, s3, lambda, stepfunctions, functions, stateMachines }: Endpoints): OtherClient {
  const call = async (service: string, address: string, name: string, input: Json): Promise<Json> => {
    const said = await output('python3', ['-c', BOTO3, service, address, name, JSON.stringify(input)]);
    return JSON.parse(/^answer (.*)$/m.exec(said)?.[1] ?? 'null');
  };
  return {
    called: 'boto3 in Python',
    async upload(file, folder) {
      const into = { Bucket: bucket, Key: `${folder}/${basename(file)}`, Filename: file };
      const script =
        'import json, sys, boto3; boto3.client("s3", endpoint_url=sys.argv[1]).upload_file(**json.loads(sys.argv[2]))';
      await output('python3', ['-c', script, s3, JSON.stringify(into)]);
    },
    invoke: (name, payload) =>
      call('lambda', lambda, 'invoke', { FunctionName: functions[name], Payload: JSON.stringify(payload) }),
    async startExecution(name, input) {
      const stateMachineArn = stateMachines['renewal'];
      const started = { stateMachineArn, name, input: JSON.stringify(input) };
      return String((await call('stepfunctions', stepfunctions, 'start_execution', started))['executionArn']);
    },
    async outputOf(executionArn) {
      const found = await call('stepfunctions', stepfunctions, 'describe_execution', { executionArn });
      return JSON.parse(String(found['output']));
    },
  };
}

/** Calls the protocol itself, for any other client. */
function bareProtocol(endpoints: Endpoints, why: string): OtherClient {
  const { bucket, s3, lambda, stepfunctions, functions, stateMachines } = endpoints;
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  const stepFunctions = async (operation: string, input: Json): Promise<Json> => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    };
    const response = await send(stepfunctions, { method: 'POST', headers, body: JSON.stringify(input) });
    return (await response.json()) as Json;
  };
  return {
    called: `${why}nothing but HTTP`,
    async upload(file, folder) {
      const url = `${s3}/${bucket}/${folder}/${basename(file)}`;
      await send(url, { method: 'PUT', body: await readFile(file) });
    },
    async invoke(name, payload) {
      const url = `${lambda}/2015-03-31/functions/${functions[name]}/invocations`;
      return (await send(url, { method: 'POST', body: JSON.stringify(payload) })).json();
    },
    async startExecution(name, input) {
      const stateMachineArn = stateMachines['renewal'];
      const started = { stateMachineArn, name, input: JSON.stringify(input) };
      return String((await stepFunctions('StartExecution', started))['executionArn']);
    },
    async outputOf(executionArn) {
      const { status, output } = await stepFunctions('DescribeExecution', { executionArn });
      if (status !== 'SUCCEEDED') throw new Error(`${executionArn}: ${status}`);
      return JSON.parse(String(output));
    },
  };
}

/** A file for a client that wants one. */
export function fileNamed(name: string, bytes: Uint8Array): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'license-service-'));
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
