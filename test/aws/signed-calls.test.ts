import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import aws4 from 'aws4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageQueue } from '../../shared/aws/message-queue.ts';
import { type SignedCalls, signedCalls } from '../../shared/aws/signed-calls.ts';

const CREDENTIALS = { accessKeyId: 'an-id', secretAccessKey: 'a-secret', sessionToken: 'a-token' };
const NOW = '2026-03-02T08:15:32.159Z';

type Step = { readonly status: number; readonly body: string } | 'reset';

const received: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
const pauses: number[] = [];
let script: Step[] = [];
let call: SignedCalls;
let endpoint: string;

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    const step = script.shift() ?? { status: 200, body: '{}' };
    if (step === 'reset') response.destroy();
    else response.writeHead(step.status).end(step.body);
  });
});

beforeEach(async () => {
  received.length = 0;
  pauses.length = 0;
  script = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = { now: () => NOW, pause: async (milliseconds: number) => void pauses.push(milliseconds) };
  call = signedCalls({ region: 'eu-north-1', endpoint: () => endpoint, clock, credentials: CREDENTIALS });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a signed call', () => {
  it.each([
    ['sqs', 'SendMessage', 'AmazonSQS.SendMessage', '1.0'],
    ['secretsmanager', 'GetSecretValue', 'secretsmanager.GetSecretValue', '1.1'],
    ['ssm', 'GetParameter', 'AmazonSSM.GetParameter', '1.1'],
  ] as const)('of %s names its operation, and signs its headers and body', async (service, operation, target, json) => {
    script = [{ status: 200, body: '{"answer":1}' }];

    expect(await call(service, operation, { Name: 'ä' })).toEqual({ answer: 1 });

    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const type = `application/x-amz-json-${json}`;
    expect(JSON.parse(body)).toEqual({ Name: 'ä' });
    expect(headers).toMatchObject({ 'x-amz-target': target, 'content-type': type, 'x-amz-security-token': 'a-token' });
    const signed = aws4.sign(
      {
        service,
        region: 'eu-north-1',
        method: 'POST',
        path: '/',
        body,
        headers: {
          'Content-Type': type,
          Host: headers.host,
          'X-Amz-Date': '20260302T081532Z',
          'X-Amz-Target': target,
        },
      },
      CREDENTIALS,
    );
    expect(headers.authorization).toBe(signed.headers?.['Authorization']);
  });

  it.each<[string, Step]>([
    ['throttling', { status: 400, body: '{"__type":"ThrottlingException"}' }],
    ['a fault of the service', { status: 500, body: '{"__type":"InternalServiceError"}' }],
    ['an answer that is not its own', { status: 503, body: '<html>' }],
    ['a connection that breaks', 'reset'],
  ])('is made again after %s, at most three times in all', async (_, step) => {
    script = [step, step];
    expect(await call('ssm', 'GetParameter', {})).toEqual({});
    expect(pauses).toEqual([100, 200]);

    script = [step, step, step];
    await expect(call('ssm', 'GetParameter', {})).rejects.toThrow();
    expect(received).toHaveLength(6);
  });

  it('that is refused is not made again, and its error has no words of the service', async () => {
    script = [{ status: 400, body: '{"__type":"com.amazonaws#AccessDeniedException","message":"secret acme/okta"}' }];

    const refused = call('secretsmanager', 'GetSecretValue', {});

    await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(refused).rejects.not.toThrow('okta');
    expect(received).toHaveLength(1);
  });
});

describe('a queue', () => {
  const arn = 'arn:aws:sqs:eu-north-1:111122223333:imports.fifo';
  const url = () => `${endpoint}/111122223333/imports.fifo`;

  it('gets a message, a message of a group, and hides a received one', async () => {
    const queue = messageQueue(call, endpoint);

    await queue.send(arn, 'text', 900);
    await queue.sendInGroup(arn, { body: 'text', group: 'acme', id: 'one' });
    await queue.hide(arn, 'receipt', 60);

    expect(received.map(({ headers, body }) => [headers['x-amz-target'], JSON.parse(body)])).toEqual([
      ['AmazonSQS.SendMessage', { QueueUrl: url(), MessageBody: 'text', DelaySeconds: 900 }],
      [
        'AmazonSQS.SendMessage',
        { QueueUrl: url(), MessageBody: 'text', MessageGroupId: 'acme', MessageDeduplicationId: 'one' },
      ],
      ['AmazonSQS.ChangeMessageVisibility', { QueueUrl: url(), ReceiptHandle: 'receipt', VisibilityTimeout: 60 }],
    ]);
  });
});
