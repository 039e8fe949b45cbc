import { expect, test } from 'vitest';
import { foreignRequest } from '../../infra/local/foreign-request.ts';

const API = 'http://127.0.0.1:4560';
const judge = (headers: Record<string, string>, method = 'POST') =>
  foreignRequest({ headers: { host: '127.0.0.1:4560', ...headers }, method }, [API]);

test.each([
  ['a program', {}],
  ['a program that says localhost', { host: 'localhost:4560' }],
  ['a program on a forwarded port', { host: 'localhost:8080' }],
  ['a page of an origin that is named', { origin: API }],
  ['a page of that origin, in a browser', { origin: API, 'sec-fetch-site': 'same-origin' }],
  ['a page of that origin on another port', { origin: API, 'sec-fetch-site': 'same-site' }],
  ['a page of the port itself', { 'sec-fetch-site': 'same-origin' }],
  ['a person who types the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
])('accepts %s', (_, headers) => {
  expect(judge(headers)).toBeUndefined();
});

test.each([
  ['another host', { host: 'evil.example' }],
  ['another host with the port', { host: 'evil.example:4560' }],
  ['a host that begins like this machine', { host: '127.0.0.1.evil.example:4560' }],
  ['a host that ends like this machine', { host: 'evil-localhost' }],
  ['no host', { host: '' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
  ['another name of this machine', { origin: 'http://localhost:4560' }],
  ['a sandboxed page', { origin: 'null' }],
  ['an origin that begins like a named one', { origin: `${API}0` }],
  ['a request without an origin of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['a request without an origin of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ['a form of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
])('refuses %s', (_, headers) => {
  expect(judge(headers)).toMatch(/may not use this port|answers to/);
});

test('a link of another page may lead to a page of the stack', () => {
  expect(judge({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'GET')).toBeUndefined();
  expect(judge({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 'GET')).toMatch(/may not use/);
});
