import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from './accessibility.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack();
});
afterAll(() => stack.stop());

const LIST = 't/acme/licenses';
const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('checkbox') });
const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });
const folderOf = async (serialNumber: string) => (await license(serialNumber))['folder'];
const license = (serialNumber: string) =>
  stack.client.invoke('administer', { tenant: 'acme', actor: 'test', command: 'get-license', serialNumber });

test('shows all licenses, and those of a folder, a state and a class by their address', async () => {
  const { page, open, end } = await stack.visit({ role: 'viewer' });

  await open(LIST);
  await page.getByText('13 licenses').waitFor();
  await open(`${LIST}?type=dedicated&folder=%2F`);
  await page.getByText('5 licenses').waitFor();
  await page.getByRole('button', { name: /Type/ }).click();
  await page.getByRole('option', { name: 'Floating' }).click();
  await page.getByText('8 licenses').waitFor();

  expect(new URL(page.url()).search).toBe('?type=floating&folder=%2F');
  await page.goBack();
  await page.getByText('5 licenses').waitFor();
  await end();
});

test('a warning stands at its folder in the tree, with the move that mends it as a preview', async () => {
  const { page, open, end } = await stack.visit({ role: 'administrator' });
  await open(LIST);

  await page.getByRole('button', { name: 'Check the folders' }).click();
  const root = page.getByRole('row', { name: 'Root', exact: true });
  await root.getByRole('img', { name: '3 warnings' }).waitFor();
  await root.click();
  const warnings = page.getByRole('region', { name: 'Warnings about the folders' });
  expect(await warnings.getByRole('listitem').count()).toBe(3);
  await warnings.getByRole('button', { name: 'Move them' }).first().click();
  await page.getByRole('combobox', { name: 'To the folder' }).fill('Sal');
  await page.getByRole('option', { name: 'Sales' }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Move 12' }).waitFor();
  expect(await folderOf('F1002')).toBe('');
  await end();
});

describe('several licenses', () => {
  test('are moved after a preview, and moved back from the drawer', async () => {
    const { page, open, end } = await stack.visit({ role: 'administrator' });
    await open(LIST);

    await page.getByRole('checkbox', { name: 'Select F1001' }).click();
    await page.getByRole('checkbox', { name: 'Select F1003' }).click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Move' }).click();
    await page.getByRole('combobox', { name: 'To the folder' }).fill('Sal');
    await page.getByRole('option', { name: 'Sales' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('licenses would be changed').waitFor();
    expect(await folderOf('F1002')).toBe('');
    await page.getByRole('button', { name: 'Move 3' }).click();
    await page.getByText('3 licenses moved to Sales').waitFor();
    expect(await folderOf('F1002')).toBe('Sales');

    await page.getByRole('button', { name: 'What I changed (1)' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('undone').waitFor();
    expect(await folderOf('F1002')).toBe('');
    await end();
  });

  test('of which some are refused are named with the reason', async () => {
    await stack.client.invoke('login', { tenant: 'acme', user: 'kim', session: 'one' });
    const { page, open, end } = await stack.visit({ role: 'administrator' });
    await open(`${LIST}?type=floating&access=write`);

    await page.getByRole('checkbox', { name: 'Select all loaded rows' }).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('in use by somebody').waitFor();
    await page.getByRole('button', { name: 'Delete 5' }).click();
    await page.getByText('5 licenses were changed, 1 was refused.').waitFor();
    await page.getByText('It is in use by kim.').first().waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: 'What I changed (1)' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('undone').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('6 licenses').waitFor();
    await end();
  });
});

describe('one license', () => {
  test('is assigned from its panel, and its history and the moment before show it', async () => {
    const { page, open, end } = await stack.visit({ role: 'administrator' });
    await open(LIST);

    await row(page, 'D1004').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'D1004' }).waitFor();
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Assign' }).click();
    await page.getByRole('combobox', { name: 'User' }).fill('ev');
    await page.getByRole('option', { name: 'eve' }).click();
    await page.getByRole('button', { name: 'Assign', exact: true }).click();
    await page.getByText('It belongs to eve.').waitFor();

    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('was assigned to eve').waitFor();
    const moment = page.getByRole('slider', { name: 'Moment' });
    expect(await moment.getAttribute('aria-valuetext')).toMatch(/Assigned · eve$/);
    await moment.press('Home');
    await moment.press('Enter');
    await page.getByText(/nobody held D1004/).waitFor();
    await moment.click({ position: { x: (await moment.boundingBox())!.width - 1, y: 8 } });
    await page.getByText(/D1004 was assigned to eve/).waitFor();
    await page.getByLabel(/^At \(/).fill('2020-05-03T14:03');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('D1004 did not exist yet').waitFor();
    expect(page.url()).toContain('2020-05-03T11%3A03%3A00.000Z');

    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 2, name: 'D1004' }).waitFor({ state: 'detached' });
    await end();
  });

  test('that somebody else has changed shows both versions before anything happens', async () => {
    const { page, open, end } = await stack.visit({ role: 'administrator' });
    await open(`${LIST}/M1001`);
    await page.getByText('Nobody has it.').waitFor();
    const move = { tenant: 'acme', actor: 'grace', command: 'move-license', serialNumber: 'M1001', folder: 'Finance' };
    await stack.client.invoke('administer', move);

    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Move' }).click();
    await page.getByRole('combobox', { name: 'To the folder' }).fill('Sal');
    await page.getByRole('option', { name: 'Sales' }).click();
    await page.getByRole('button', { name: 'Move', exact: true }).last().click();
    await page.getByText('M1001 has changed in the meantime').waitFor();
    await page.getByRole('row', { name: 'Folder Root folder Finance' }).waitFor();
    expect(await folderOf('M1001')).toBe('Finance');
    await page.getByRole('button', { name: 'Move anyway' }).click();
    await page.getByText('M1001 moved to Sales').waitFor();

    expect(await folderOf('M1001')).toBe('Sales');

    // Who wants what somebody else has done has nothing left to decide.
    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Move' }).click();
    await page.getByRole('combobox', { name: 'To the folder' }).fill('Fin');
    await page.getByRole('option', { name: 'Finance', exact: true }).click();
    await stack.client.invoke('administer', move);
    await page.getByRole('button', { name: 'Move', exact: true }).last().click();
    await page.getByRole('heading', { name: 'M1001 is already as you want it' }).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await end();
  });

  test('can be changed by an administrator alone, and a viewer reads why', async () => {
    const { page, open, end } = await stack.visit({ role: 'viewer' });
    await open(`${LIST}/R1001`);

    await page.getByRole('button', { name: 'Actions', exact: true }).click();
    const item = page.getByRole('menuitem', { name: /Move/ });
    await item.getByText('may look at everything and change nothing').waitFor();
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    await end();
  });
});

test('10,000 pixels of rows are a table of which only the rows in view are in the document', async () => {
  const { page, open, end } = await stack.visit({ role: 'viewer' }, { viewport: { width: 1280, height: 300 } });
  await open(LIST);
  await page.getByText('13 licenses').waitFor();

  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('14');
  expect(await rows(page).count()).toBeLessThanOrEqual(14);

  // A row that got the focus is in view as a whole, and not behind the head of the table.
  await page.locator('tr[aria-rowindex="2"]').focus();
  await page.keyboard.press('End');
  await page.locator('tr[aria-rowindex="14"]:focus').waitFor();
  await page.waitForFunction('document.activeElement.getBoundingClientRect().bottom <= innerHeight');
  await page.keyboard.press('Home');
  await page.locator('tr[aria-rowindex="2"]:focus').waitFor();
  await page.waitForFunction(`
    document.activeElement.getBoundingClientRect().top >=
      Math.floor(document.querySelector('.table-head').getBoundingClientRect().bottom)`);
  await end();
});

test('a folder is created, moved with what is under it, moved back from the drawer, and deleted', async () => {
  const { page, open, end } = await stack.visit({ role: 'administrator' });
  await open(LIST);
  const choose = async (action: RegExp) => {
    await page.getByRole('button', { name: 'Change folders' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  const path = page.getByRole('textbox', { name: 'Path' });
  const inTree = (name: string) => page.getByRole('treegrid').getByRole('row', { name, exact: true });
  const shown = (folder: string) => page.waitForURL((url) => url.searchParams.get('folder') === folder);

  await page.getByRole('button', { name: 'Change folders' }).click();
  await page
    .getByRole('menuitem', { name: /Rename/ })
    .getByText('Choose a folder in the tree first')
    .waitFor();
  await page.getByRole('menuitem', { name: /New folder/ }).click();
  await path.fill('Legal/Oulu');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create' }).click();
  await shown('Legal/Oulu');
  await inTree('Legal').click();
  await choose(/Rename/);
  await page.getByText('0 users and 1 subfolder.').waitFor();
  await path.fill('Sales');
  expect(await page.getByRole('button', { name: 'Rename', exact: true }).getAttribute('aria-disabled')).toBe('true');
  await path.fill('Sales/Legal');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await shown('Sales/Legal');

  await page.getByRole('button', { name: /^What I changed/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await page.getByText('undone').first().waitFor();
  await page.keyboard.press('Escape');
  await inTree('Oulu').click();
  await choose(/Delete/);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('Folder Legal/Oulu deleted').first().waitFor();

  const { folders } = await stack.client.invoke('administer', {
    tenant: 'acme',
    actor: 'test',
    command: 'list-folders',
  });
  const paths = (folders as { folder: string }[]).map(({ folder }) => folder);
  expect(paths.filter((folder) => folder.includes('Legal'))).toEqual(['Legal']);
  await end();
});
