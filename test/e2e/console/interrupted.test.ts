import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { licensesAlike, licenseXml } from '../../../infra/local/sample-files.ts';
import type { Visit } from './browser.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack({ canRestart: true });
});
afterAll(() => stack.stop());

const administer = (command: string, members: Record<string, unknown> = {}) =>
  stack.client.invoke('administer', { tenant: 'acme', actor: 'grace', command, ...members });
/** What changed a license, once the history has followed the table. */
const changesOf = async (serialNumber: string) => {
  await stack.client.runDue();
  const { entries } = await administer('list-license-history', { serialNumber });
  return entries;
};
const settings = async () => (await administer('get-tenant'))['settings'];
const dialogOf = (page: Page) => page.getByRole('dialog');
const press = (page: Page, name: string) => dialogOf(page).getByRole('button', { name, exact: true }).click();
const saysUnknown = (page: Page) => page.getByText('it is not known whether this was done').waitFor();
const closeLine = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'does not answer' }).waitFor({ state: 'detached' });

/** Lets a change reach the service, and loses its answer. Returns the keys with which it was sent. */
async function loseAnswer(page: Page, path: string, method = 'POST'): Promise<(string | undefined)[]> {
  const keys: (string | undefined)[] = [];
  await page.route(path, async (route) => {
    if (route.request().method() !== method || isPreview(route)) return route.fallback();
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  return keys;
}
const isPreview = (route: Route) => route.request().postData()?.includes('"preview":true') ?? false;

async function moveTo(page: Page, folder: string, names: readonly string[]) {
  for (const name of names) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Move' }).click();
  await page.getByRole('combobox', { name: 'To the folder' }).fill(folder);
  await page.getByRole('option', { name: folder, exact: true }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('licenses would be changed').waitFor();
}

async function edit(page: Page, label: string, value: string) {
  await page.getByRole('button', { name: 'Edit' }).click();
  await dialogOf(page).getByLabel(label).fill(value);
}

const LICENSE = { type: 'Floating' } as const;
async function fileOf(serialNumber: string) {
  const year = Number((await stack.client.now()).slice(0, 4));
  const term = { validFrom: `${year - 1}-12-15`, expiryDate: `${year}-12-31` };
  const licenses = licensesAlike(1, serialNumber, { ...LICENSE, ...term });
  return licenseXml({ customer: 'acme', issued: `${year - 1}-12-10`, licenses });
}

test('a change whose answer is lost is sent again as the same one, and is made once', async () => {
  const { page, open } = await stack.visit({ role: 'administrator' });
  const assign = async (user: string) => {
    await page.getByRole('combobox', { name: 'User' }).fill(user);
    await page.getByRole('option', { name: user }).click();
    await press(page, 'Assign');
  };
  const ask = async (serialNumber: string) => {
    await open(`t/acme/licenses/${serialNumber}`);
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Assign' }).click();
  };
  const keys = await loseAnswer(page, '**/license-changes');

  // One license. Another user, after a refusal, is another intent.
  await ask('D1004');
  await assign('eve');
  await saysUnknown(page);
  expect(await page.getByRole('combobox', { name: 'User' }).inputValue()).toBe('eve');
  await press(page, 'Assign');
  await page.getByText('It belongs to eve.').waitFor();
  expect(await changesOf('D1004')).toMatchObject([{ version: 1 }, { version: 2, after: { assignedTo: 'eve' } }]);
  await ask('D1003');
  await assign('eve');
  await page.getByText('has a license of this class already (D1004)').waitFor();
  await assign('fay');
  await page.getByText('It belongs to fay.').waitFor();
  expect(keys).toEqual([keys[0], keys[0], expect.anything(), expect.anything()]);
  expect(new Set(keys).size).toBe(3);
  await page.unrouteAll();

  // Several licenses.
  await open('t/acme/licenses');
  await moveTo(page, 'Sales', ['F1001', 'F1002']);
  const moves = await loseAnswer(page, '**/license-changes');
  await press(page, 'Move 2');
  await saysUnknown(page);
  await press(page, 'Move 2');
  await page.getByText('2 licenses moved to Sales').waitFor();
  for (const name of ['F1001', 'F1002']) {
    expect(await changesOf(name)).toMatchObject([{ version: 1 }, { version: 2, after: { folder: 'Sales' } }]);
  }
  expect(moves).toEqual([moves[0], moves[0]]);

  // Their undo.
  const undos = await loseAnswer(page, '**/license-changes');
  await page.getByRole('button', { name: /What I changed/ }).click();
  const item = page.getByRole('listitem').filter({ hasText: '2 licenses moved to Sales' });
  await item.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => undos.length).toBe(1);
  await item.getByRole('button', { name: 'Undo' }).click();
  await item.getByText('undone').waitFor();
  await page.keyboard.press('Escape');
  expect(await item.getByText('refused').count()).toBe(0);
  expect(await changesOf('F1001')).toMatchObject([{}, {}, { version: 3, after: { folder: '' } }]);

  // The general settings, and then on top of what somebody else has saved.
  await open('t/acme/settings/general');
  const { version } = await administer('get-tenant');
  await loseAnswer(page, '**/tenants/acme', 'PATCH');
  await edit(page, 'Idle time', 'PT45M');
  await press(page, 'Save');
  await saysUnknown(page);
  expect(await dialogOf(page).getByLabel('Idle time').inputValue()).toBe('PT45M');
  await press(page, 'Save');
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await administer('get-tenant')).toMatchObject({
    version: Number(version) + 1,
    settings: { idleTimeout: 'PT45M' },
  });
  await edit(page, 'Idle time', 'PT50M');
  await administer('update-tenant', { settings: { cleanupHour: 5 } });
  await press(page, 'Save');
  await dialogOf(page).getByText('Somebody else has saved settings').waitFor();
  expect(await settings()).toMatchObject({ idleTimeout: 'PT45M', cleanupHour: 5 });
  await press(page, 'Save mine');
  await expect.poll(settings).toMatchObject({ idleTimeout: 'PT50M', cleanupHour: 5 });

  // A user card.
  await open('t/acme/users/ida');
  await loseAnswer(page, '**/user-cards/ida', 'PUT');
  await edit(page, 'Name', 'Ida Rhodes');
  await press(page, 'Save');
  await saysUnknown(page);
  await press(page, 'Save');
  await page.getByText('Ida Rhodes was changed').waitFor();

  await loseAnswer(page, '**/user-cards/ida', 'DELETE');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByLabel('Type ida to confirm').fill('ida');
  await page.getByRole('button', { name: 'Remove the user' }).click();
  await page.getByText('ida has no card').waitFor();

  // An import, which nobody can follow for a while.
  await open('t/acme/imports');
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByRole('textbox', { name: 'The text of license.xml' }).fill(await fileOf('P1'));
  await press(page, 'Preview');
  const pasted = await loseAnswer(page, '**/pasted-files');
  await page.getByRole('button', { name: 'Import 1 license' }).click();
  await saysUnknown(page);
  await page.route('**/imports?*', (route) => (pasted.length === 2 ? route.abort() : route.fallback()), { times: 2 });
  await page.getByRole('article').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'See the report' }).waitFor({ timeout: 60_000 });
  expect(await changesOf('P1')).toHaveLength(1);
  expect(pasted).toEqual([pasted[0], pasted[0]]);
  await page.context().close();
});

test('a change that a stopped service did not get is kept, and made once when the service is back', async () => {
  const visits: [Visit, Visit, Visit] = await Promise.all([
    stack.visit({ role: 'administrator' }),
    stack.visit({ role: 'administrator' }),
    stack.visit({ role: 'administrator' }),
  ]);
  const [move, save, load] = visits.map(({ page }) => page) as [Page, Page, Page];
  await visits[0].open('t/acme/licenses');
  await moveTo(move, 'Finance', ['R1001', 'R1002']);
  await visits[1].open('t/acme/settings/general');
  await edit(save, 'Idle time', 'PT55M');
  await visits[2].open('t/acme/imports');
  const chooser = load.waitForEvent('filechooser');
  await load.getByRole('button', { name: 'Choose files' }).click();
  const buffer = Buffer.from(await fileOf('P2'));
  await (await chooser).setFiles([{ name: 'license.xml', mimeType: 'application/xml', buffer }]);
  const send = load.getByRole('button', { name: 'Import 1 license' });
  await send.waitFor();

  const start = await stack.halt();
  await press(move, 'Move 2');
  await saysUnknown(move);
  await press(save, 'Save');
  await saysUnknown(save);
  await send.click();
  await load.getByText('The service did not answer.').waitFor();
  for (const page of [move, save, load]) await page.getByText('as it was before').waitFor();
  await load.getByRole('link', { name: 'Users' }).click();
  await load.getByText('This page could not be loaded').waitFor();
  await load.getByRole('link', { name: 'Imports' }).click();
  await start();

  for (const page of [move, save, load]) await closeLine(page);
  expect(await settings()).not.toMatchObject({ idleTimeout: 'PT55M' });
  await press(move, 'Move 2');
  await move.getByText('2 licenses moved to Finance').waitFor();
  expect(await changesOf('R1001')).toMatchObject([{ version: 1 }, { version: 2, after: { folder: 'Finance' } }]);
  await press(save, 'Save');
  await save.getByText('Saved', { exact: true }).waitFor();
  expect(await settings()).toMatchObject({ idleTimeout: 'PT55M' });
  await load.getByRole('article').getByRole('button', { name: 'Try again' }).click();
  await load.getByRole('link', { name: 'See the report' }).waitFor({ timeout: 60_000 });
  expect(await changesOf('P2')).toHaveLength(1);
  for (const { page } of visits) await page.context().close();
});
