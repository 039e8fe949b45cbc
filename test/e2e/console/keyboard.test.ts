import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { licensesAlike, licenseZip } from '../../../infra/local/sample-files.ts';
import type { Visit } from './browser.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';
import { type Keyboard, keyboardOf } from './keyboard.ts';

let stack: ConsoleStack;
let visit: Visit;
let keyboard: Keyboard;
let year: number;
beforeAll(async () => {
  stack = await consoleStack();
  year = Number((await stack.client.now()).slice(0, 4));
  await stack.client.moveClock({ now: `${year}-12-12T08:00:00.000Z` });
  await stack.client.runDue();
});
// What a failed test left open does not fail the next one.
beforeEach(async () => {
  visit ??= await stack.visit({ role: 'administrator' }, {}, pressOnNewPage);
  keyboard ??= keyboardOf(visit.page);
  await keyboard.press('Tab', 'Escape', 'Escape', 'Escape');
  if ((await heading(1).textContent()) !== 'Today') await goTo('Today');
});
afterAll(async () => {
  await visit?.end();
  await stack.stop();
});

const administer = (command: string, members: Record<string, unknown> = {}) =>
  stack.client.invoke('administer', { tenant: 'acme', actor: 'test', command, ...members });
const license = (serialNumber: string) => administer('get-license', { serialNumber });
const button = (name: string | RegExp) => visit.page.getByRole('button', { name, exact: true });
const row = (name: RegExp) => visit.page.getByRole('row', { name });
const said = (text: string | RegExp) => visit.page.getByText(text).first().waitFor();
const heading = (level: number, name?: string | RegExp) =>
  visit.page.getByRole('heading', { level, ...(name !== undefined && { name }) });

/** Goes to another page through the palette. Its heading takes the focus. */
async function goTo(page: string): Promise<void> {
  await keyboard.press('Control+k');
  await keyboard.isAt(visit.page.getByRole('searchbox', { name: 'Find a page, license or user' }));
  await keyboard.type(page);
  await visit.page.getByRole('menuitem', { name: page, exact: true }).waitFor();
  await keyboard.press('Enter');
  await keyboard.isAt(heading(1, page));
}

/** Chooses in a field that opens a list. */
async function choose(field: RegExp, option: string): Promise<void> {
  await keyboard.enter(button(field));
  await keyboard.enter(visit.page.getByRole('option', { name: option, exact: true }), 'ArrowDown');
}

async function undoLatest(): Promise<void> {
  const drawer = button(/^What I changed/);
  await keyboard.enter(drawer);
  const undo = visit.page.getByRole('dialog').getByRole('button', { name: 'Undo' }).first();
  await keyboard.enter(undo);
  await said('undone');
  // The first closes the tip of the button that has the focus.
  await keyboard.press('Escape', 'Escape');
  await keyboard.isAt(drawer);
}

/** Presses a button of a page that has just been opened, and that leads away from it. */
async function pressOnNewPage(pressed: Locator): Promise<void> {
  const keys = keyboardOf(pressed.page());
  await pressed.waitFor();
  await keys.press('Tab');
  await keys.reach(pressed);
  await pressed.page().keyboard.press('Enter');
}

test('the first link of a page leads past the navigation', async () => {
  await visit.page.reload();
  await heading(1, 'Today').waitFor();
  await keyboard.press('Tab');
  await keyboard.isAt(visit.page.getByRole('link', { name: 'Skip to the page' }));
  await keyboard.press('Enter');
  await keyboard.isAt(visit.page.getByRole('main'));
});

test('licenses are filtered, selected, moved by the menu of the toolbar, and moved back', async () => {
  await goTo('Licenses');
  await choose(/Type/, 'Dedicated');
  await said('5 licenses');
  await keyboard.reach(row(/D1001/));
  await keyboard.press('Space', 'Shift+ArrowDown');
  await said('2 selected');
  await keyboard.enter(visit.page.getByRole('toolbar').getByRole('button', { name: 'Move' }));
  const folder = visit.page.getByRole('combobox', { name: 'To the folder' });
  await keyboard.isAt(folder);
  await keyboard.type('Fin');
  await keyboard.press('ArrowDown', 'Enter');
  await keyboard.enter(button('Preview'));
  await said('licenses would be changed');
  await keyboard.enter(button('Move 2'));
  await said('2 licenses moved to Finance');
  expect(await license('D1002')).toMatchObject({ folder: 'Finance' });
  // The toolbar is gone with the selection.
  await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('Tab', 'Shift+Tab');

  await undoLatest();
  expect(await license('D1002')).toMatchObject({ folder: '' });
});

test('a license is assigned and released from the menu of its row, and deleted: the next row has the focus', async () => {
  await goTo('Licenses');
  await keyboard.reach(row(/D1001/).or(row(/F1001/)).first());
  await keyboard.reach(row(/D1004/), 'ArrowDown');
  await keyboard.press('Shift+F10');
  await keyboard.enter(visit.page.getByRole('menuitem', { name: 'Assign' }), 'ArrowDown');
  await keyboard.isAt(visit.page.getByRole('combobox', { name: 'User' }));
  const found = visit.page.waitForResponse(/search=ev(&|$)/);
  await keyboard.type('ev');
  await found;
  await visit.page.getByRole('option', { name: 'eve' }).waitFor();
  await keyboard.press('ArrowDown', 'Enter');
  await keyboard.enter(visit.page.getByRole('dialog').getByRole('button', { name: 'Assign', exact: true }));
  await said('D1004 assigned to eve');
  expect(await license('D1004')).toMatchObject({ assignedTo: 'eve' });

  await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.reach(row(/D1004/));
  await keyboard.press('Shift+F10');
  await keyboard.enter(visit.page.getByRole('menuitem', { name: 'Release' }), 'ArrowDown');
  await keyboard.enter(visit.page.getByRole('dialog').getByRole('button', { name: 'Release', exact: true }));
  await expect.poll(() => license('D1004')).not.toHaveProperty('assignedTo');

  await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.reach(row(/D1003/), 'ArrowUp');
  await keyboard.press('Shift+F10');
  await keyboard.enter(visit.page.getByRole('menuitem', { name: 'Delete' }), 'ArrowDown');
  await keyboard.enter(visit.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }));
  await row(/D1003/).waitFor({ state: 'detached' });
  await keyboard.isAt(row(/D1004/));
  await undoLatest();
});

test('a license shows its history and a moment before, and gives the focus back to its row', async () => {
  await goTo('Licenses');
  await keyboard.reach(row(/D1001/).or(row(/F1001/)).first());
  await keyboard.reach(row(/D1001/), 'ArrowUp').catch(() => keyboard.reach(row(/D1001/), 'ArrowDown'));
  await keyboard.press('Enter');
  await keyboard.isAt(heading(2, 'D1001'));
  await keyboard.reach(visit.page.getByRole('tab', { name: 'Now' }));
  await keyboard.press('ArrowRight');
  await visit.page.locator('.timeline-entry').first().waitFor();
  await keyboard.press('ArrowRight');
  await keyboard.enter(button('Show'));
  await said(/nobody held D1001/);
  await keyboard.press('Escape');
  await keyboard.isAt(row(/D1001/));
});

test('a user shows why, a session is ended, and the card is edited', async () => {
  await stack.client.invoke('login', { tenant: 'acme', user: 'ada', session: 'one' });
  await stack.client.invoke('login', { tenant: 'acme', user: 'ada', session: 'two' });
  await goTo('Users');
  await keyboard.press('/');
  await keyboard.isAt(visit.page.getByRole('searchbox'));
  await keyboard.type('ada');
  await expect.poll(() => visit.page.getByRole('row').count()).toBe(2);
  await keyboard.reach(row(/ada/));
  await keyboard.press('Enter');
  await keyboard.isAt(heading(2, 'ada'));
  await keyboard.enter(button(/^Disconnect (?!all)/).first());
  await said('Sessions (1)');
  await expect.poll(() => administer('list-sessions', { user: 'ada' })).toMatchObject({ sessions: [{}] });
  await keyboard.enter(button('Edit'));
  await keyboard.reach(visit.page.getByRole('textbox', { name: 'Name' }));
  await keyboard.type('Ada');
  await keyboard.enter(button('Save'));
  await said('Ada was changed');
  await keyboard.isAt(button('Edit'));
  await keyboard.reach(visit.page.getByRole('tab', { name: 'Now' }));
  await keyboard.press('ArrowRight');
  await visit.page.getByRole('tabpanel').getByRole('listitem').first().waitFor();
  await keyboard.press('Escape');
  await keyboard.isAt(row(/Ada/));
});

test('another need is asked about on the page that explains logins', async () => {
  await goTo('Why');
  await keyboard.reach(visit.page.getByRole('textbox', { name: 'User id' }));
  await keyboard.type('lea');
  await keyboard.press('Enter');
  await choose(/Needs/, 'read');
  await said(/Takes the free license R100\d/);
});

test('the day and a moment before are looked up in the history', async () => {
  await goTo('History');
  await keyboard.reach(visit.page.getByRole('searchbox', { name: 'Who did it' }));
  await keyboard.type('seed');
  await keyboard.press('Enter');
  await expect.poll(() => new URL(visit.page.url()).search).toBe('?actor=seed');
  await keyboard.reach(
    visit.page
      .getByRole('tab', { name: 'Time machine' })
      .or(visit.page.getByRole('tab'))
      .and(visit.page.locator('[aria-selected=true]')),
  );
  await keyboard.press('ArrowRight');
  await keyboard.reach(visit.page.getByLabel('Serial number'));
  await keyboard.type('D1001');
  await keyboard.press('Enter');
  await said(/nobody held D1001/);
});

test('a setting is saved, and taken back', async () => {
  await goTo('Settings');
  await keyboard.enter(button('Edit'));
  await keyboard.reach(visit.page.getByRole('textbox', { name: 'Idle time' }));
  await keyboard.press('Control+a');
  await keyboard.type('PT4H');
  await keyboard.enter(button('Save'));
  await said('Saved');
  await keyboard.isAt(button('Edit'));
  expect(await administer('get-tenant')).toMatchObject({ settings: { idleTimeout: 'PT4H' } });
  await undoLatest();
});

async function chooseFile(buffer: Uint8Array, name: string): Promise<void> {
  const chooser = visit.page.waitForEvent('filechooser');
  await keyboard.enter(button('Choose files'));
  await (await chooser).setFiles([{ name, mimeType: 'application/zip', buffer: Buffer.from(buffer) }]);
}

test('a file is previewed and imported', async () => {
  const term = { validFrom: `${year - 1}-12-15`, expiryDate: `${year}-12-31` };
  const licenses = licensesAlike(2, 'N1', { type: 'Floating', ...term });
  await goTo('Imports');
  await chooseFile(await licenseZip({ customer: 'acme', issued: `${year - 1}-12-10`, licenses }), 'more.zip');
  await keyboard.enter(visit.page.getByRole('link', { name: 'License by license' }));
  await keyboard.enter(button('Import 2 licenses'));
  await keyboard.enter(visit.page.getByRole('link', { name: 'See the report' }));
  await keyboard.isAt(heading(1, 'more.zip'));
  expect(await license('N1')).toMatchObject({ state: 'free' });
});

test('a renewal is planned, approved, started and undone', async () => {
  const term = { validFrom: `${year}-12-15`, expiryDate: `${year + 1}-12-31` };
  const licenses = [
    ...licensesAlike(8, 'F2001', { type: 'Floating', ...term }),
    ...licensesAlike(2, 'R2001', { type: 'Floating', access: 'read', ...term }),
    ...licensesAlike(4, 'D2001', { type: 'Dedicated', ...term }),
  ];
  const file = await licenseZip({ customer: 'acme', issued: `${year}-12-10`, licenses });
  const confirm = async (action: string) => {
    await keyboard.enter(button(action));
    const dialog = visit.page.locator('.dialog[role=alertdialog]');
    await keyboard.isAt(dialog.getByRole('textbox'));
    await keyboard.type('next');
    await keyboard.enter(dialog.getByRole('button', { name: action }));
    await dialog.waitFor({ state: 'detached' });
  };

  await goTo('Renewals');
  await keyboard.enter(button('Plan a renewal'));
  await keyboard.isAt(heading(1, 'Plan a renewal'));
  await keyboard.enter(button(new RegExp(`31 Dec ${year}`)));
  await keyboard.enter(button('Next'));
  await chooseFile(file, 'new.zip');
  await visit.page.getByRole('radio', { name: /new\.zip/, checked: true }).waitFor({ state: 'attached' });
  await keyboard.enter(button('Next'));
  await keyboard.reach(visit.page.getByRole('textbox', { name: 'Name' }));
  await keyboard.type('next');
  await keyboard.enter(button('Make the plan'));
  await keyboard.isAt(heading(1, 'Renewal next'));
  const box = visit.page.getByRole('checkbox', { name: /M1001/ });
  await keyboard.reach(box);
  await keyboard.press('Space');
  await keyboard.enter(button('Approve the plan'));
  await visit.page.getByText('approved', { exact: true }).waitFor();
  await confirm('Start');
  await stack.client.runDue();
  await visit.page.getByText('waits for the new term').first().waitFor();
  await confirm('Undo');
  await stack.client.runDue();
  await visit.page.getByText('undone', { exact: true }).first().waitFor();
  expect(await license('D1001')).toMatchObject({ folder: '' });
});

test('an operator makes a tenant, and goes in and out', async () => {
  const { page, end } = await stack.visit({ role: 'operator' }, {}, pressOnNewPage);
  const keys = keyboardOf(page);
  await keys.press('Tab');
  await keys.enter(page.getByRole('button', { name: 'New tenant' }));
  await keys.isAt(page.getByRole('textbox', { name: 'Tenant' }));
  await keys.type('globex');
  await keys.reach(page.getByRole('textbox', { name: 'Customers' }));
  await keys.type('globex');
  await keys.enter(page.getByRole('button', { name: 'Create' }));
  await page.getByText('globex was created').waitFor();
  await keys.isAt(page.getByRole('button', { name: 'New tenant' }));
  await keys.enter(page.getByRole('link', { name: 'acme' }));
  await keys.isAt(page.getByRole('heading', { level: 1, name: 'Today' }));
  await keys.press('Control+k');
  await keys.isAt(page.getByRole('searchbox', { name: 'Find a page, license or user' }));
  await keys.type('Operate');
  await page.getByRole('menuitem', { name: 'Operate', exact: true }).waitFor();
  await keys.press('Enter');
  await keys.isAt(page.getByRole('heading', { level: 1, name: 'Tenants' }));
  await end();
});
