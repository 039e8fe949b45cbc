import { setTimeout as pause } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import type { Endpoints } from './endpoints.ts';

/** A JSON object. */
export type Answer = { readonly [name: string]: unknown };

const answer = z.record(z.string(), z.unknown());

/** A client of a running local stack, made of the SDK's own clients. */
export function connect(endpoints: Endpoints) {
  const common = { region: endpoints.region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const lambda = new LambdaClient({ ...common, endpoint: endpoints.lambda });
  const s3 = new S3Client({ ...common, endpoint: endpoints.s3 });
  const Bucket = endpoints.bucket;

  /** Invokes a function by its folder's name. Throws if the function fails. */
  const invoke = async (name: string, payload: Answer): Promise<Answer> => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: endpoints.functions[name], Payload: JSON.stringify(payload) }),
    );
    const text = Payload?.transformToString() ?? '';
    if (FunctionError !== undefined) throw new Error(`${name}: ${text}`);
    return answer.parse(JSON.parse(text));
  };

  const upload = async (key: string, body: Uint8Array, metadata: Record<string, string> = {}): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body, Metadata: metadata }));
  };

  const read = async (key: string): Promise<string | undefined> => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };

  /** Waits for the report of an upload, and returns it. */
  const reportOf = async (key: string, withinMilliseconds = 60_000): Promise<Answer> => {
    const end = performance.now() + withinMilliseconds;
    for (;;) {
      const text = await read(`${key}.report.json`);
      if (text !== undefined) return answer.parse(JSON.parse(text));
      if (performance.now() > end) throw new Error(`no report on ${key} within ${withinMilliseconds} ms`);
      await pause(50);
    }
  };

  const control = async (path: string, body?: Answer): Promise<Answer> => {
    const method = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${endpoints.control}${path}`, method);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return text === '' ? {} : answer.parse(JSON.parse(text));
  };

  return {
    invoke,
    upload,
    read,
    reportOf,
    now: async () => String((await control('/clock'))['now']),
    moveClock: (move: { readonly advance: string } | { readonly now: string }) => control('/clock', move),
    runDue: () => control('/run-due', {}),
    close: () => [lambda, s3].map((client) => client.destroy()),
  };
}

export type LocalClient = ReturnType<typeof connect>;
