import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;

beforeAll(async () => {
  stack = await consoleStack();
});
afterAll(() => stack?.stop());

const LIST = 't/acme/licenses?state=free';
const USERS = 't/acme/users?q=ada';
const TOKENS = '**/token';
const FROM_ANYWHERE = { 'access-control-allow-origin': '*' };
const signIn = (page: Page) => page.getByRole('button', { name: 'Sign in' }).click();
const hasEnded = (page: Page) => page.getByText('You are signed out, because your session has ended').waitFor();

test('a busy service is asked again when it says, and the page says what it waits for', async () => {
  const { page, open, end } = await stack.visit({ role: 'viewer' });
  const asked: string[] = [];
  await page.route('**/tenants/acme/expiry-calendar', (route) => {
    asked.push(route.request().url());
    if (asked.length > 1) return route.continue();
    const headers = { 'retry-after': '2', 'content-type': 'application/problem+json' };
    return route.fulfill({ status: 429, headers, body: JSON.stringify({ code: 'busy' }) });
  });
  const waiting = page.getByText('This one is asked again in 2 seconds').waitFor();
  await open('t/acme/expiry');

  await waiting;
  await page.getByRole('status').filter({ hasText: 'asked again' }).waitFor({ state: 'detached' });
  expect(asked.length).toBeGreaterThan(1);
  await end();
});

test('a session that the provider does not renew ends in every tab, and comes back to the same page', async () => {
  const { page, open } = await stack.visit({ role: 'administrator' });
  await open(LIST);
  const second = await page.context().newPage();
  await second.goto(new URL(`/console/${USERS}`, stack.origin).href);
  await signIn(second);
  await second.getByRole('row', { name: /ada/ }).waitFor();

  // The tokens have ended, and the answer to the first renewal is lost on its way.
  await stack.client.moveClock({ advance: 'PT2H' });
  await page.route(
    TOKENS,
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await open(USERS);
  // The console asks again by itself, with the same refresh token. The provider takes it for stolen, and revokes what came
  // from it.
  await hasEnded(page);
  expect(page.url()).toContain(USERS);

  await second.getByRole('link', { name: 'Licenses' }).click();
  await hasEnded(second);
  expect(second.url()).toContain('/t/acme/licenses');

  await signIn(page);
  await page.getByRole('button', { name: /Aino/ }).click();
  await page.getByRole('row', { name: /ada/ }).waitFor();
  expect(page.url()).toContain(USERS);
  await page.context().close();
});

test('a sign-in that fails says why, and what to do', async () => {
  const { page, open } = await stack.visit({ role: 'viewer' });
  await open(LIST);
  const says = (text: string | RegExp) => page.getByRole('alert').getByText(text).waitFor();

  await page.route(TOKENS, (route) => route.fulfill({ status: 403, headers: FROM_ANYWHERE, body: 'No.' }));
  await page.reload();
  await says(/refused to give a token \(403\).*has to allow the client esm-console/);
  expect(page.url()).toContain(LIST);

  await page.route('**/.well-known/openid-configuration', async (route) => {
    const answer = await route.fetch();
    const json = { ...(await answer.json()), token_endpoint: 'https://tokens.example.com/token' };
    await route.fulfill({ response: answer, json });
  });
  await page.reload();
  await signIn(page);
  await says(/gives its tokens at https:\/\/tokens\.example\.com, .* consoleProviderOrigins/);

  await page.route('**/.well-known/openid-configuration', (route) => route.abort());
  await page.reload();
  await signIn(page);
  await says(/did not answer/);

  await page.unrouteAll();
  await signIn(page);
  await page.getByRole('row', { name: /R1001/ }).waitFor();
  expect(page.url()).toContain(LIST);
  await page.context().close();
});
