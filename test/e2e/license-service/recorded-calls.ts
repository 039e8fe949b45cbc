import type { IncomingMessage } from 'node:http';
import { ACCOUNT, REGION } from '../../../infra/local/template.ts';
import type { AwsCall } from '../../infra/role-policies.ts';
import { callerOf, middlemen } from './between.ts';

/** What a function called: its name, and the call as IAM judges it. */
export type RecordedCall = AwsCall & { readonly caller: string };

type Row = Readonly<Record<string, { S: string }>>;
type Part = { readonly TableName: string; readonly Key?: Row; readonly Item?: Row };

/**
 * Stands between the functions and the services, hands everything on unchanged, and keeps every different call. Who
 * called is in the signature: each function of the local stack signs with its own name.
 */
export function recorder() {
  const calls = new Map<string, RecordedCall>();
  const { between, stop } = middlemen((service, incoming, body) => {
    for (const call of callsOf(service, incoming, body)) {
      const recorded = { ...call, caller: callerOf(incoming) };
      calls.set(JSON.stringify([recorded.caller, call.action, call.resource, kindsOf(call)]), recorded);
    }
  });
  return { between, calls: () => [...calls.values()], stop };
}

/** Two calls that differ only in tenant and name are one. */
const kindsOf = ({ keys }: AwsCall) => [...new Set(keys?.map((key) => key.split('#')[0]))].toSorted();

function callsOf(service: string, { method, url, headers }: IncomingMessage, body: string): readonly AwsCall[] {
  const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
  switch (service) {
    case 'dynamodb':
      return tableCalls(operation, JSON.parse(body));
    case 's3':
      return [objectCall(method ?? '', new URL(url ?? '/', 'http://s3'))];
    case 'sfn': {
      const { stateMachineArn, executionArn } = JSON.parse(body);
      return [{ action: `states:${operation}`, resource: stateMachineArn ?? executionArn }];
    }
    case 'eventbridge': {
      const { Entries } = JSON.parse(body) as { Entries: { EventBusName: string }[] };
      return Entries.map(({ EventBusName }) => ({
        action: 'events:PutEvents',
        resource: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${EventBusName}`,
      }));
    }
    case 'sqs': {
      const queue = String(JSON.parse(body).QueueUrl).split('/').at(-1);
      return [{ action: `sqs:${operation}`, resource: `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}` }];
    }
    default:
      throw new Error(`nobody knows how to read a call of ${service}`);
  }
}

function tableCalls(operation: string, input: Record<string, unknown>): readonly AwsCall[] {
  const arn = (table: unknown) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(table)}`;
  const key = ({ Key, Item }: Part) => (Key ?? Item)?.['pk']?.S ?? '';
  const onItems = (action: string, table: unknown, keys: readonly string[]): AwsCall => ({
    action: `dynamodb:${action}`,
    resource: arn(table),
    keys,
  });
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return (input['TransactItems'] as Record<string, Part>[]).flatMap((parts) =>
        Object.entries(parts).map(([name, part]) =>
          onItems(name === 'ConditionCheck' ? 'ConditionCheckItem' : `${name}Item`, part.TableName, [key(part)]),
        ),
      );
    case 'BatchGetItem':
      return Object.entries(input['RequestItems'] as Record<string, { Keys: Row[] }>).map(([table, { Keys }]) =>
        onItems(
          'BatchGetItem',
          table,
          Keys.map((one) => one['pk']?.S ?? ''),
        ),
      );
    case 'Query': {
      const values = input['ExpressionAttributeValues'] as Row;
      const index = input['IndexName'];
      const partition = [values[':pk']?.S ?? values[':partition']?.S ?? ''];
      if (index === undefined) return [onItems('Query', input['TableName'], partition)];
      return [
        { action: 'dynamodb:Query', resource: `${arn(input['TableName'])}/index/${String(index)}`, keys: partition },
      ];
    }
    default:
      return [onItems(operation, input['TableName'], [key(input as unknown as Part)])];
  }
}

function objectCall(method: string, { pathname, searchParams }: URL): AwsCall {
  const resource = `arn:aws:s3:::${decodeURIComponent(pathname.slice(1))}`;
  if (searchParams.has('list-type')) return { action: 's3:ListBucket', resource: resource.replace(/\/$/, '') };
  if (method === 'PUT') return { action: 's3:PutObject', resource };
  return { action: searchParams.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject', resource };
}
