import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from './accessibility.ts';
import type { Visit } from './browser.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack();
});
afterAll(() => stack.stop());

const administer = (command: string, members: Record<string, unknown> = {}) =>
  stack.client.invoke('administer', { tenant: 'acme', actor: 'grace', command, ...members });
const dialogOf = ({ page }: Visit) => page.getByRole('dialog');
const press = (visit: Visit, name: string) => dialogOf(visit).getByRole('button', { name, exact: true }).click();

test('a hook that somebody else saved meanwhile shows both sides, a second Save overwrites nothing unseen, and it can be deleted', async () => {
  const visit = await stack.visit({ role: 'administrator' });
  const hook = {
    provider: 'standard-webhooks',
    settings: { secret: 'file:first', tenants: ['standard-webhooks:esm'] },
  };
  expect(await administer('put-hook', hook)).not.toHaveProperty('error');
  await visit.open('t/acme/settings/identity/standard-webhooks');
  await visit.page.getByRole('button', { name: 'Edit' }).click();

  await administer('put-hook', { ...hook, settings: { ...hook.settings, secret: 'file:theirs' } });
  await dialogOf(visit).getByLabel('References of the secret').fill('file:mine');
  await press(visit, 'Save');
  await dialogOf(visit).getByText('Somebody else has saved settings').waitFor();
  expect(await dialogOf(visit).getByRole('row').allTextContents()).toEqual([
    'SettingWhen you openedSaved nowYours',
    'References of the secretfile:firstfile:theirsfile:mine',
  ]);
  expect(await administer('get-hook', { provider: 'standard-webhooks' })).toMatchObject({
    settings: { secret: ['file:theirs'] },
  });

  await press(visit, 'Save mine');
  await visit.page.getByText('Saved', { exact: true }).waitFor();
  expect(await administer('get-hook', { provider: 'standard-webhooks' })).toMatchObject({
    settings: { secret: ['file:mine'] },
  });

  await visit.page.getByRole('button', { name: 'Delete', exact: true }).click();
  const question = visit.page.getByRole('alertdialog');
  await question.getByRole('textbox').fill('Standard Webhooks');
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await visit.page.getByRole('button', { name: 'Set up' }).waitFor();
  expect(await administer('get-hook', { provider: 'standard-webhooks' })).toHaveProperty('error');
  await visit.end();
});

test('general settings that another tab saved meanwhile show both sides, and a second Save decides', async () => {
  const [mine, theirs] = [await stack.visit({ role: 'administrator' }), await stack.visit({ role: 'administrator' })];
  for (const visit of [mine, theirs]) {
    await visit.open('t/acme/settings/general');
    await visit.page.getByRole('button', { name: 'Edit' }).click();
  }
  await dialogOf(theirs).getByLabel('Cleanup at').fill('5');
  await press(theirs, 'Save');
  await theirs.page.getByText('Saved', { exact: true }).waitFor();

  await dialogOf(mine).getByLabel('Idle time').fill('PT4H');
  await press(mine, 'Save');
  await dialogOf(mine).getByText('Somebody else has saved settings').waitFor();
  expect(await dialogOf(mine).getByRole('row').allTextContents()).toContainEqual(
    expect.stringMatching(/^Cleanup at.*3:00.*5:00.*5:00$/),
  );
  await press(mine, 'Save mine');
  await mine.page.getByText('Saved', { exact: true }).waitFor();

  // What I did not touch stays theirs.
  expect(await administer('get-tenant')).toMatchObject({ settings: { idleTimeout: 'PT4H', cleanupHour: 5 } });
  await mine.end();
  await theirs.end();
});

test('a webhook that somebody else saved meanwhile shows both sides, and theirs can be kept', async () => {
  const visit = await stack.visit({ role: 'administrator' });
  const put = (url: string) => administer('put-webhook', { settings: { url, secret: 'file:webhook' } });
  expect(await put('https://first.example/')).not.toHaveProperty('error');
  await visit.open('t/acme/settings/webhook');
  await visit.page.getByRole('button', { name: 'Edit' }).click();

  await put('https://theirs.example/');
  await dialogOf(visit).getByLabel('Address').fill('https://mine.example/');
  await press(visit, 'Save');
  await dialogOf(visit).getByText('Somebody else has saved settings').waitFor();
  expect(await dialogOf(visit).getByRole('row').last().textContent()).toBe(
    'Addresshttps://first.example/https://theirs.example/https://mine.example/',
  );
  await press(visit, 'Keep what is saved');

  await visit.page.getByText('https://theirs.example/').waitFor();
  expect(await administer('get-webhook')).toMatchObject({ settings: { url: 'https://theirs.example/' } });
  await visit.end();
});

test('the webhook is deleted only after a question, and not when it has changed since', async () => {
  const visit = await stack.visit({ role: 'administrator' });
  const { page } = visit;
  const put = (url: string) => administer('put-webhook', { settings: { url, secret: 'file:webhook' } });
  const question = page.getByRole('alertdialog');
  const answer = (name: string) => question.getByRole('button', { name, exact: true }).click();
  const ask = () => page.getByRole('button', { name: 'Delete', exact: true }).click();
  await put('https://seen.example/');
  await visit.open('t/acme/settings/webhook');

  await ask();
  await put('https://unseen.example/');
  await answer('Delete');
  await question.getByText('Somebody else has changed it').waitFor();
  await answer('Delete');
  await question.getByText('Somebody else has changed it').waitFor();
  await answer('Cancel');
  expect(await administer('get-webhook')).toMatchObject({ settings: { url: 'https://unseen.example/' } });

  await page.getByText('https://unseen.example/').waitFor();
  await ask();
  await answer('Delete');
  await page.getByText('No webhook is set up').waitFor();
  expect(await administer('get-webhook')).toMatchObject({ error: { code: 'unknown-webhook' } });
  await visit.end();
});

test('a change is sent again with its key while its outcome is open, and with another after an answer', async () => {
  const visit = await stack.visit({ role: 'administrator' });
  const { page } = visit;
  const keys: (string | undefined)[] = [];
  await page.route('**/calendar-feeds', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    await route.fulfill({ status: 409, json: { code: 'in-progress' } });
  });
  await visit.open('t/acme/expiry?feeds=yes');
  const create = page.getByRole('button', { name: 'Create a feed' });
  const feeds = async () => page.getByRole('dialog').getByRole('listitem').count();
  const before = await feeds();

  await create.click();
  await page.getByText('The same change is still being made.').waitFor();
  await create.click();
  await expect.poll(feeds).toBe(before + 1);
  await create.click();
  await expect.poll(feeds).toBe(before + 2);

  expect(keys).toEqual([keys[0], keys[0], expect.stringMatching(/^[\w-]{36}$/)]);
  expect(keys[2]).not.toBe(keys[0]);
  await visit.end();
});

test('the pools to watch are chosen within the limits, taken back, and never saved over what somebody else chose', async () => {
  const visit = await stack.visit({ role: 'administrator' });
  const { page } = visit;
  const chosen = async () => (await administer('get-tenant'))['settings'];
  const free = dialogOf(visit).getByLabel('Free at most');
  const save = dialogOf(visit).getByRole('button', { name: 'Save', exact: true });
  await visit.open('t/acme/settings/general');
  await page.getByText('No pool is watched.').waitFor();

  await page.getByRole('button', { name: 'Choose the pools' }).click();
  await press(visit, 'Watch a pool');
  await free.fill('1001');
  await dialogOf(visit).getByText('A whole number from 1 to 1,000').waitFor();
  expect(await save.getAttribute('aria-disabled')).toBe('true');
  expect(await accessibilityFaults(page)).toEqual([]);
  await free.fill('3');
  await save.click();
  await page.getByRole('row', { name: 'Root folder Floating · write 3' }).waitFor();
  expect(await chosen()).toMatchObject({
    poolThresholds: [{ folder: '', type: 'floating', access: 'write', free: 3 }],
  });
  await page.getByRole('button', { name: /What I changed/ }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('undone').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('No pool is watched.').waitFor();
  expect(await chosen()).toMatchObject({ poolThresholds: [] });

  await page.getByRole('button', { name: 'Choose the pools' }).click();
  await press(visit, 'Watch a pool');
  const theirs = { folder: 'Sales', type: 'dedicated', access: 'write', free: 9 };
  await administer('update-tenant', { settings: { poolThresholds: [theirs] } });
  await save.click();
  await dialogOf(visit).getByText('Somebody else has saved settings').waitFor();
  await dialogOf(visit).getByText('Sales: 9 dedicated, write').waitFor();
  await press(visit, 'Keep what is saved');
  await page.getByRole('row', { name: 'Sales Dedicated · write 9' }).waitFor();
  expect(await chosen()).toMatchObject({ poolThresholds: [theirs] });
  await visit.end();
});

const OF_SETTINGS = [
  ['settings/general', 'Choose the pools'],
  ['settings/identity/okta', 'Set up'],
] as const;
const OF_LICENSES = [
  ['users/ada', 'Edit'],
  ['imports', 'Choose files'],
  ['renewals', 'Plan a renewal'],
  ['expiry?feeds=yes', 'Create a feed'],
] as const;
test.each([
  ['viewer', 'may look at everything and change nothing', [...OF_SETTINGS, ...OF_LICENSES]],
  ['operator', 'leave changes to its administrators', OF_LICENSES],
] as const)('the role %s sees every page, and reads why its buttons are off: %s', async (role, reason, buttons) => {
  const visit = await stack.visit({ role });
  const { page } = visit;

  for (const [address, name] of buttons) {
    await visit.open(`t/acme/${address}`);
    const button = page.getByRole('button', { name, exact: true });
    expect(await button.getAttribute('aria-disabled'), address).toBe('true');
    await button.focus();
    await page.getByRole('tooltip').getByText(reason).waitFor();
  }
  await visit.end();
});

test('an operator changes the settings of a tenant', async () => {
  const visit = await stack.visit({ role: 'operator' });
  await visit.open('t/acme/settings/general');

  await visit.page.getByRole('button', { name: 'Edit' }).click();
  await dialogOf(visit).getByLabel('Idle time').fill('PT20M');
  await press(visit, 'Save');
  await visit.page.getByText('Saved', { exact: true }).waitFor();

  expect(await administer('get-tenant')).toMatchObject({ settings: { idleTimeout: 'PT20M' } });
  await visit.end();
});
