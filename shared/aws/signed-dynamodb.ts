import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import aws4 from 'aws4';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { DynamoDb } from './dynamodb.ts';
import { type Answer, faultOf } from './dynamodb-fault.ts';

export type SignedDynamoDbOptions = {
  readonly region: string;
  readonly endpoint: string;
  /** How long one try may take, in milliseconds. */
  readonly answeredWithin: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/** The same number of tries as the SDK. */
const TRIES = 3;
const FIRST_PAUSE = 50;

/** Faults worth a retry although DynamoDB answers with status 400. */
const THROTTLED = ['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException'];

/**
 * Returns DynamoDB by its HTTP protocol: JSON over a kept connection, signed by aws4. It serves the functions for which
 * a user waits at login, since a call takes a third of the processor time that it takes through the SDK (README.md,
 * decision 16). It supports the eight operations that the table uses.
 */
export function signedDynamoDb(options: SignedDynamoDbOptions): DynamoDb {
  const { region, answeredWithin, clock, random, credentials } = options;
  const { protocol, host, hostname, port } = new URL(options.endpoint);
  const isPlain = protocol === 'http:';
  const agent = isPlain ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  const open = isPlain ? httpRequest : httpsRequest;

  const send = (operation: string, body: string): Promise<Answer> => {
    const headers = {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Date': clock.now().replaceAll(/[:-]|\.\d{3}/g, ''),
      'X-Amz-Target': `DynamoDB_20120810.${operation}`,
    };
    const signed = aws4.sign(
      { service: 'dynamodb', region, host, method: 'POST', path: '/', body, headers },
      credentials,
    );
    return new Promise((resolve, reject) => {
      const call = open({ agent, hostname, port, method: 'POST', path: '/', headers: signed.headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
        });
      });
      const timer = setTimeout(() => call.destroy(new Error(`no answer within ${answeredWithin} ms`)), answeredWithin);
      call.on('error', reject);
      call.on('close', () => clearTimeout(timer));
      call.end(body);
    });
  };

  const call = async (operation: string, input: object) => {
    const body = JSON.stringify(input);
    for (let tries = 1; ; tries += 1) {
      const answer = await send(operation, body).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.status === 200) return JSON.parse(answer.text);
      const fault = answer instanceof Error ? answer : faultOf(operation, answer);
      const mayPass = answer instanceof Error || answer.status >= 500 || THROTTLED.includes(fault.name);
      if (!mayPass || tries === TRIES) throw fault;
      await clock.pause(random(FIRST_PAUSE * 2 ** tries));
    }
  };

  return {
    getItem: (input) => call('GetItem', input),
    batchGetItem: (input) => call('BatchGetItem', input),
    transactGetItems: (input) => call('TransactGetItems', input),
    query: (input) => call('Query', input),
    putItem: (input) => call('PutItem', input),
    updateItem: (input) => call('UpdateItem', input),
    deleteItem: (input) => call('DeleteItem', input),
    // The token makes the retry of a transaction whose response was lost idempotent. It must differ from the tokens of
    // every other process, so it does not come from the seeded random source.
    transactWriteItems: (input) => call('TransactWriteItems', { ClientRequestToken: randomUUID(), ...input }),
  };
}
