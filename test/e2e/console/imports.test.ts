import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { licensesAlike, licenseXml, licenseZip, type SampleLicense } from '../../../infra/local/sample-files.ts';
import { accessibilityFaults, overflowingElements } from './accessibility.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
let year: number;
beforeAll(async () => {
  stack = await consoleStack();
  year = Number((await stack.client.now()).slice(0, 4));
});
afterAll(() => stack.stop());

const term = () => ({ validFrom: `${year - 1}-12-15`, expiryDate: `${year}-12-31` });
const file = (licenses: readonly SampleLicense[]) => ({ customer: 'acme', issued: `${year - 1}-12-10`, licenses });

test('a file is previewed, both sides of a conflict are compared, and then it is imported', async () => {
  const { page, open, end } = await stack.visit({ role: 'administrator' });
  const buffer = Buffer.from(
    await licenseZip(
      file([
        ...licensesAlike(2, 'N1', { type: 'Floating', ...term() }),
        ...licensesAlike(1, 'F1001', { type: 'Dedicated', ...term() }),
        ...licensesAlike(1, 'F1002', { type: 'Floating', ...term() }),
      ]),
    ),
  );

  await open('t/acme/imports');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles([{ name: 'new licenses.zip', mimeType: 'application/zip', buffer }]);
  await page.getByRole('link', { name: 'License by license' }).click();
  await page.getByText('1 license contradicts').waitFor();
  expect(await stack.client.invoke('administer', LIST)).toMatchObject({ licenses: { length: 13 } });

  await page.getByRole('row', { name: /F1001/ }).click();
  await page.getByRole('article').getByText('dedicated, write').waitFor();
  await page.getByRole('article').getByText('floating, write').waitFor();
  expect.soft(await accessibilityFaults(page)).toEqual([]);
  expect.soft(await overflowingElements(page)).toEqual([]);

  await page.getByRole('button', { name: 'Import 2 licenses' }).click();
  await page.getByRole('link', { name: 'See the report' }).click({ timeout: 60_000 });
  await page.getByRole('heading', { level: 1, name: 'new licenses.zip' }).waitFor();
  await page.getByRole('row', { name: /N2 added/ }).waitFor();
  expect(await stack.client.invoke('administer', LIST)).toMatchObject({ licenses: { length: 15 } });
  await end();
});

const LIST = { tenant: 'acme', actor: 'test', command: 'list-licenses', limit: 1000 };

test('a text that is pasted shows its faults at their place, and cannot be imported', async () => {
  const { page, open, end } = await stack.visit({ role: 'administrator' });
  const xml = licenseXml(file(licensesAlike(1, 'N9', { type: 'Floating', ...term() }))).replace(
    '>Floating<',
    '>Flying<',
  );

  await open('t/acme/imports');
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByRole('textbox', { name: 'The text of license.xml' }).fill(xml);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('link', { name: 'See the faults' }).click();

  await page.getByRole('row', { name: /Flying/ }).waitFor();
  expect(await page.getByRole('button', { name: /^Import/ }).count()).toBe(0);
  await end();
});

test('files that are dropped anywhere on the window are compared', async () => {
  const { page, open, end } = await stack.visit({ role: 'administrator' });
  const bytes = readFileSync(join(stack.dir, `samples/licenses-${year}.zip`)).toString('base64');

  await open('t/acme/today');
  await page.evaluate(`(() => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob('${bytes}'), (sign) => sign.charCodeAt(0))], 'dropped.zip'));
    dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  })()`);

  const job = page.getByRole('article', { name: 'dropped.zip' });
  await job.getByText('the import would change no license').waitFor();
  expect(await job.getByRole('listitem').allTextContents()).toEqual(['13 same']);
  await end();
});

test('a viewer reads reports, and every button says why it is off', async () => {
  const { page, open, end } = await stack.visit({ role: 'viewer' });

  await open('t/acme/imports');
  const choose = page.getByRole('button', { name: 'Choose files' });
  expect(await choose.getAttribute('aria-disabled')).toBe('true');
  await page.mouse.move(400, 400);
  await choose.hover();
  await page.getByRole('tooltip').waitFor();
  await page.getByRole('row', { name: new RegExp(`licenses-${year}.zip`) }).click();
  await page.getByRole('row', { name: /F1001/ }).waitFor();
  await end();
});
