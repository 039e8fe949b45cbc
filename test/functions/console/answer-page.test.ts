import { describe, expect, test } from 'vitest';
import { answerPage } from '../../../functions/console/answer-page.ts';
import type { BuiltFile } from '../../../functions/console/built-files.ts';

const settings = {
  issuer: 'https://idp.example.com/realms/one',
  providerOrigins: ['https://idp.example.com', 'https://tokens.example.com'],
  clientId: 'esm-console',
  scopes: 'openid',
  bucketOrigin: 'https://bucket.s3.eu-north-1.amazonaws.com',
};

const file = (type: string, text: string): BuiltFile => ({
  type,
  encoded: { identity: Buffer.from(text), br: Buffer.from(`br ${text}`), gzip: Buffer.from(`gzip ${text}`) },
});
const built = new Map([
  ['index.html', file('text/html; charset=utf-8', 'document')],
  ['assets/main-ABC.js', file('text/javascript; charset=utf-8', 'script')],
]);
const get = (rawPath: string, headers: Record<string, string> = {}) =>
  answerPage({ files: (path) => built.get(path), settings }, { rawPath, headers });
const textOf = ({ body = '' }: { body?: string | undefined }) => Buffer.from(body, 'base64').toString();

describe('a file of the build', () => {
  test.each([
    ['br, gzip', 'br script', 'br'],
    ['gzip, deflate', 'gzip script', 'gzip'],
    ['identity', 'script', undefined],
    ['', 'script', undefined],
    ['br;q=0, gzip;q=0.5', 'gzip script', 'gzip'],
    ['brotli', 'script', undefined],
  ])('for a browser that accepts "%s" comes as "%s"', (accepted, text, encoding) => {
    const answer = get('/console/assets/main-ABC.js', { 'accept-encoding': accepted });

    expect(textOf(answer)).toBe(text);
    expect(answer.headers?.['content-encoding']).toBe(encoding);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    });
  });

  test('that is an asset of an older build is a 404, and never the document', () => {
    const answer = get('/console/assets/main-OLD.js');

    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' });
  });
});

test.each([
  '/console',
  '/console/',
  '/console/t/acme/licenses',
  '/console/t/acme/licenses/~Li4vLi4',
  '/console/../etc/passwd',
])('the address %s leads to the document, which is asked for every time', (path) => {
  const answer = get(path);

  expect(textOf(answer)).toBe('document');
  expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
});

test('console.json says where people sign in and where uploads go, and nothing else', () => {
  const answer = get('/console/console.json');

  expect(JSON.parse(answer.body ?? '')).toEqual(settings);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-cache' });
});

test.each(['/console/', '/console/assets/main-ABC.js', '/console/assets/main-OLD.js', '/console/console.json'])(
  'every answer has all security headers: %s',
  (path) => {
    const { 'content-security-policy': policy, ...headers } = get(path).headers ?? {};

    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(String(policy).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      expect.stringMatching(/^style-src 'self'( 'sha256-[\w+/]{43}='){2}$/),
      "img-src 'self'",
      "connect-src 'self' https://idp.example.com https://tokens.example.com https://bucket.s3.eu-north-1.amazonaws.com",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  },
);
