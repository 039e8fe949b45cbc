import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts';
import { emptyDir, removeDirs, SAMPLE_APP } from './local-stack/sample-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ dir: emptyDir(), port: 0, fresh: true, app: SAMPLE_APP });
});
afterAll(async () => {
  await stack.stop();
  removeDirs();
});

const call = (path: string, init: RequestInit = {}) => fetch(`${stack.endpoints.api}${path}`, init);

describe('a request', () => {
  test('is an event of payload 2.0: path decoded, query as it came, headers in lower case, cookies apart', async () => {
    const response = await call('/things/a%20b%C3%A4?x=1&x=a%20b&y=', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Thing': 'One', cookie: 'a=1; b=2' },
      body: '{"ä":1}',
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const event = (await response.json()) as { headers: Record<string, string> };
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /things/{thing}',
      rawPath: '/things/a bä',
      rawQueryString: 'x=1&x=a%20b&y=',
      queryStringParameters: { x: '1,a b', y: '' },
      cookies: ['a=1', 'b=2'],
      headers: { 'x-thing': 'One' },
      pathParameters: { thing: 'a bä' },
      requestContext: { stage: '$default', http: { method: 'POST', path: '/things/a bä', sourceIp: '127.0.0.1' } },
      body: '{"ä":1}',
      isBase64Encoded: false,
    });
    expect(event.headers['cookie']).toBeUndefined();
  });

  test.each([['application/x-www-form-urlencoded'], ['application/octet-stream'], ['application/secevent+jwt'], ['']])(
    'has its body in base64 when it is not text: %j',
    async (type) => {
      const answer = await new Promise<string>((resolve, reject) => {
        const sent = request(
          `${stack.endpoints.api}/things/one`,
          { method: 'POST', headers: type === '' ? {} : { 'content-type': type } },
          (response) => resolve(text(response)),
        );
        sent.on('error', reject).end(Buffer.from([0, 255, 128]));
      });

      expect(JSON.parse(answer)).toMatchObject({ body: 'AP+A', isBase64Encoded: true });
    },
  );

  test('has no body if the request has none', async () => {
    const event = await (await call('/things/one')).json();
    expect(event).toMatchObject({ routeKey: 'GET /things/{thing}', isBase64Encoded: false });
    expect(event).not.toHaveProperty('body');
  });

  test('goes to the most specific route', async () => {
    const routeOf = async (path: string, method = 'GET') => {
      const event = (await (await call(path, { method })).json()) as { routeKey: string };
      return event.routeKey;
    };
    expect(await routeOf('/all/of/them')).toBe('ANY /all/{proxy+}');
    expect(await routeOf('/all/but/this')).toBe('GET /all/but/{one}');
    expect(await routeOf('/all/but/this', 'DELETE')).toBe('ANY /all/{proxy+}');
    expect(await (await call('/all/a/b')).json()).toMatchObject({ pathParameters: { proxy: 'a/b' } });
  });

  test.each([
    ['GET', '/nothing'],
    ['DELETE', '/things/one'],
    ['GET', '/things/one/more'],
  ])('without a matching route is not found: %s %s', async (method, path) => {
    const response = await call(path, { method });
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  test('a path that cannot be decoded is a bad request', async () => {
    const response = await call('/things/%');
    expect([response.status, await response.json()]).toEqual([400, { message: 'Bad Request' }]);
  });
});

describe('an answer', () => {
  const respond = async (answer: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const response = await call('/respond', { method: 'POST', headers, body: JSON.stringify(answer) });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  test('with a status code is a structured response', async () => {
    const cookies = ['a=1', 'b=2'];
    const { status, headers, body } = await respond({
      answer: { statusCode: 201, headers: { 'X-Made': 'yes' }, cookies, body: 'SGk=', isBase64Encoded: true },
    });
    expect([status, headers.get('x-made'), headers.getSetCookie(), body]).toEqual([201, 'yes', cookies, 'Hi']);
  });

  test('without a status code is the body of a 200', async () => {
    expect(await respond({ answer: { a: 1 } })).toMatchObject({ status: 200, body: '{"a":1}' });
    expect(await respond({ answer: 'Hello' })).toMatchObject({ status: 200, body: 'Hello' });
  });

  test('of a failed function, or a malformed one, is an internal error', async () => {
    const internal = { status: 500, body: '{"message":"Internal Server Error"}' };
    expect(await respond({ fail: 'secret' })).toMatchObject(internal);
    expect(await respond({ answer: { statusCode: 200, body: { not: 'text' } } })).toMatchObject(internal);
  });
});
