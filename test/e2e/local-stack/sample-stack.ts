import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Endpoints } from '../../../infra/local/endpoints.ts';

export const SAMPLE_APP = join(import.meta.dirname, 'app.ts');

const dirs: string[] = [];

export function emptyDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'local-stack-'));
  dirs.push(dir);
  return dir;
}

export function removeDirs(): void {
  for (const dir of dirs.splice(0)) {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Ordinary clients of a running sample stack, and what its functions have seen. */
export function clientsOf(endpoints: Endpoints) {
  const settings = { region: endpoints.region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
  const lambda = new LambdaClient({ ...settings, endpoint: endpoints.lambda });
  const dynamodb = new DynamoDBClient({ ...settings, endpoint: endpoints.dynamodb });
  const control = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${endpoints.control}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as { now: string; error?: string } };
  };
  return {
    lambda,
    dynamodb,
    s3: new S3Client({ ...settings, endpoint: endpoints.s3 }),
    sfn: new SFNClient({ ...settings, endpoint: endpoints.stepfunctions }),
    control,
    advance: (duration: string) => control('POST', '/clock', { advance: duration }),
    runDue: () => control('POST', '/run-due'),
    async invoke(name: string, event: object) {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
      );
      return { error: FunctionError, answer: JSON.parse(Payload?.transformToString() ?? 'null') };
    },
    /** The events about a subject, in the order in which they came. */
    async seen(subject: string) {
      const { Items = [] } = await dynamodb.send(
        new QueryCommand({
          TableName: 'Sample-seen',
          KeyConditionExpression: 'subject = :subject',
          ExpressionAttributeValues: { ':subject': { S: subject } },
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => ({ event: JSON.parse(item['event']?.S ?? 'null'), at: item['at']?.S ?? '' }));
    },
  };
}
export type Clients = ReturnType<typeof clientsOf>;

/** Asks again until it holds; for what happens in another process with nothing to wait on. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let patience = 0; patience < 6_000; patience += 1) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It never happened');
}
