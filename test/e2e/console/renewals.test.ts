import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { licensesAlike, licenseZip } from '../../../infra/local/sample-files.ts';
import { accessibilityFaults, overflowingElements } from './accessibility.ts';
import type { Visit } from './browser.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
let year: number;
beforeAll(async () => {
  stack = await consoleStack();
  year = Number((await stack.client.now()).slice(0, 4));
  await stack.client.moveClock({ now: `${year}-12-12T08:00:00.000Z` });
  await stack.client.runDue();
});
afterAll(() => stack.stop());

const administer = (command: string, members: object = {}) =>
  stack.client.invoke('administer', { tenant: 'acme', actor: 'test', command, ...members });

/** Replacements for all licenses of the sample but three of the four dedicated ones. */
async function newLicenses(): Promise<Buffer> {
  const term = { validFrom: `${year}-12-15`, expiryDate: `${year + 1}-12-31` };
  const licenses = [
    ...licensesAlike(6, 'F2001', { type: 'Floating', ...term }),
    ...licensesAlike(2, 'R2001', { type: 'Floating', access: 'read', ...term }),
    ...licensesAlike(1, 'D2001', { type: 'Dedicated', ...term }),
    ...licensesAlike(1, 'M2001', { type: 'Dedicated', modules: 'CMDB', ...term }),
  ];
  return Buffer.from(await licenseZip({ customer: 'acme', issued: `${year}-12-10`, licenses }));
}

async function looksRight({ page }: Visit, what: string): Promise<void> {
  expect.soft(await accessibilityFaults(page), what).toEqual([]);
  expect.soft(await overflowingElements(page), what).toEqual([]);
}

test('a renewal is planned, approved by name, planned again after a change, run and undone', async () => {
  await administer('assign-license', { serialNumber: 'D1001', user: 'dan' });
  await administer('assign-license', { serialNumber: 'D1002', user: 'eve' });
  const visit = await stack.visit({ role: 'administrator' });
  const { page, open, end } = visit;
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirm = async (action: string) => {
    await press(action);
    const dialog = page.getByRole('alertdialog');
    expect(await dialog.getByRole('button', { name: action }).getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('textbox').fill('2027');
    await dialog.getByRole('button', { name: action }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const tickAll = async () => {
    for (const name of [/D1002: eve/, /D1003/, /D1004/])
      await page.getByRole('checkbox', { name }).click({ force: true });
  };

  // What ends, which file, and who gets the new licenses.
  await open('t/acme/renewals');
  await press('Plan a renewal');
  await page.getByRole('button', { name: new RegExp(`31 Dec ${year}`) }).click();
  await press('Next');
  const chooser = page.waitForEvent('filechooser');
  await press('Choose files');
  const file = { name: 'new.zip', mimeType: 'application/zip', buffer: await newLicenses() };
  await (await chooser).setFiles([file]);
  await page.getByRole('radio', { name: /new\.zip/, checked: true }).waitFor({ state: 'attached' });
  await press('Next');
  await page.getByRole('textbox', { name: 'Name' }).fill('2027');
  await press('Make the plan');

  // Three licenses get no replacement, and each is accepted by its name.
  await page.getByRole('heading', { name: '3 licenses get no replacement' }).waitFor();
  await looksRight(visit, 'plan');
  expect(await page.getByRole('button', { name: 'Approve the plan' }).getAttribute('aria-disabled')).toBe('true');

  // A change makes the plan untrue: the approval is refused, and the difference stands there.
  await administer('move-license', { serialNumber: 'F1001', folder: 'Sales' });
  await tickAll();
  await press('Approve the plan');
  await page.getByRole('row', { name: /another folder F1001/ }).waitFor();
  await looksRight(visit, 'differences');
  await press('Plan again');
  await press('Next');
  await press('Next');
  await press('Make the plan');
  await page.getByText('Nothing the plan depends on has changed.').waitFor();
  await tickAll();
  await press('Approve the plan');
  await page.getByText('approved', { exact: true }).waitFor();

  // The people by name, and all rows as CSV.
  await page.getByRole('tab', { name: 'People' }).click();
  await page.getByRole('row', { name: /eve D1002/ }).waitFor();
  await looksRight(visit, 'people');
  await page.getByRole('tab', { name: 'Licenses' }).click();
  await page.getByRole('row', { name: /D1001 D2001/ }).waitFor();
  const download = page.waitForEvent('download');
  await press('CSV');
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv.trim().split('\n')).toHaveLength(14);

  // It waits for the new term, switches, and waits for the cleanup.
  await confirm('Start');
  await page.getByRole('tab', { name: 'Run' }).click();
  await stack.client.runDue();
  await page.getByText('The next switch is when the new licenses begin:').waitFor();
  await looksRight(visit, 'run');
  await stack.client.moveClock({ now: `${year}-12-16T09:00:00.000Z` });
  await stack.client.runDue();
  await open('t/acme/renewals/2027?tab=rows&user=dan');
  await page.getByRole('row', { name: /D1001 D2001 replaced/ }).waitFor();
  expect(await administer('get-license', { serialNumber: 'D2001' })).toMatchObject({ assignedTo: 'dan' });

  // Everything goes back.
  await page.getByText('waits for the cleanup').waitFor();
  await confirm('Undo');
  await stack.client.runDue();
  await page.getByText('undone', { exact: true }).first().waitFor();
  expect(await administer('get-license', { serialNumber: 'D1001' })).toMatchObject({ assignedTo: 'dan', folder: '' });
  await open('t/acme/renewals/2027?tab=report');
  await page.getByRole('row', { name: /D1001 D2001 dan/ }).waitFor();
  await looksRight(visit, 'report');
  await end();
});

test.each([
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
] as const)('every view of a renewal can be used in $colorScheme at $viewport.width pixels', async (look) => {
  const visit = await stack.visit({ role: 'viewer' }, look);

  for (const address of [
    'renewals',
    'renewals?plan=yes',
    'renewals?plan=yes&step=file',
    'renewals?plan=yes&step=mode',
    ...['plan', 'people', 'rows', 'run', 'report'].map((tab) => `renewals/2027?tab=${tab}`),
  ]) {
    await visit.open(`t/acme/${address}`);
    await looksRight(visit, address);
  }
  await visit.end();
});
