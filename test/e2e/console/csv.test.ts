import { readFileSync, rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../infra/local/client.ts';
import type { LocalStack } from '../../../infra/local/local-stack.ts';
import { emptyDir } from '../license-service/killable-stack.ts';
import { startBrowser, visit } from './browser.ts';
import { startLargeTenant, TEAMS } from './large-tenant.ts';

const SIZE = 10_000;
/** Another size than the one that the console asks for, so that the two files are made of different parts. */
const PAGE = 900;
const FORMULA = '=HYPERLINK("https://evil.example","Ä")';

const dir = emptyDir();
let stack: LocalStack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startLargeTenant(dir, SIZE), startBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("the CSV of 10,000 licenses has every byte of the API's own export, and a formula in it is a text", async () => {
  const client = connect(stack.endpoints);
  const administer = async (command: string, members: object) => {
    const answer = await client.invoke('administer', { tenant: 'acme', actor: 'test', command, ...members });
    expect(answer).not.toHaveProperty('error');
  };
  await administer('rename-folder', { folder: TEAMS[1], newPath: '@SUM(A1)' });
  await administer('put-user-card', { user: '+1', card: { name: FORMULA, folder: TEAMS[0] } });
  await administer('assign-license', { serialNumber: 'A1000027', user: '+1' });
  client.close();
  const { page, open, end } = await visit(browser, stack.endpoints, { role: 'viewer' });

  await open('t/acme/licenses');
  const asked = page.waitForRequest(/\/exports\/licenses/);
  const downloading = page.waitForEvent('download', { timeout: 120_000 });
  await page.getByRole('button', { name: 'CSV', exact: true }).click();
  const download = await downloading;
  const saved = readFileSync(await download.path());
  await end();

  expect(download.suggestedFilename()).toBe('licenses-acme.csv');
  const own = await exported((await asked).headers());
  expect(saved.equals(own)).toBe(true);
  const lines = saved.toString().split('\r\n');
  expect(lines).toHaveLength(1 + SIZE + 1);
  expect(lines.slice(28, 30)).toEqual([
    'A1000027,dedicated,write,all,2026-01-15,2027-01-14,Team 1,\'+1,,,assigned,2,"\'=HYPERLINK(""https://evil.example"",""Ä"")",',
    "A1000028,floating,read,all,2026-01-15,2027-01-14,'@SUM(A1),,,,free,1,,",
  ]);
});

/** Returns the export of the API, all its pages joined in order, as the API describes it. */
async function exported({ authorization = '' }: Readonly<Record<string, string>>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let next: string | undefined = `/tenants/acme/exports/licenses?format=csv&limit=${PAGE}`;
  while (next !== undefined) {
    const answer: Response = await fetch(new URL(next, stack.endpoints.api), { headers: { authorization } });
    expect(answer.status).toBe(200);
    parts.push(Buffer.from(await answer.arrayBuffer()));
    next = /<([^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  expect(parts).toHaveLength(Math.ceil(SIZE / PAGE));
  return Buffer.concat(parts);
}
