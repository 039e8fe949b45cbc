import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults, overflowingElements } from './accessibility.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack();
});
afterAll(() => stack.stop());

const PAGES = [
  'today',
  'licenses',
  'licenses/F1001',
  'licenses/D1001?tab=history',
  'licenses/D1001?tab=as-of&at=2026-05-03T11:03:00.000Z',
  'users',
  'imports',
  'renewals',
  'why',
  'history',
  'usage',
  'usage?tab=peaks',
  'usage?tab=denials',
  'usage?tab=needs',
  'expiry',
  'expiry?feeds=yes',
  'settings/general',
  'settings/folders',
  'settings/identity',
  'settings/identity/okta',
  'settings/webhook',
  'settings/audit',
] as const;
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;

describe.each(LOOKS)('in $colorScheme at $viewport.width pixels', (look) => {
  test('every page can be used by everybody, and nothing of it is cut off', async () => {
    const { open, page, end } = await stack.visit({ role: 'administrator' }, look);

    for (const name of PAGES) {
      await open(`t/acme/${name}`);
      expect.soft(await accessibilityFaults(page), name).toEqual([]);
      expect.soft(await overflowingElements(page), name).toEqual([]);
    }
    await end();
  });

  test('so can the pages of operators', async () => {
    const { open, page, end } = await stack.visit({ role: 'operator' }, look);

    for (const address of ['operate', 'operate?new=yes', 't/acme/settings/general']) {
      await open(address);
      expect.soft(await accessibilityFaults(page), address).toEqual([]);
      expect.soft(await overflowingElements(page), address).toEqual([]);
    }
    await end();
  });
});

test.each([
  ['administrator', 't/acme/today', 'acme'],
  ['viewer', 't/acme/today', 'acme'],
  ['operator', 'operate', undefined],
] as const)('a %s comes to %s after the sign-in', async (role, address, tenant) => {
  const { page, end } = await stack.visit({ role });

  expect(new URL(page.url()).pathname).toBe(`/console/${address}`);
  expect(await page.locator('.top-bar-tenant bdi').allTextContents()).toEqual(tenant === undefined ? [] : [tenant]);
  await end();
});

test('tokens are nowhere in the browser where another script could read them', async () => {
  const { page, end } = await stack.visit({ role: 'administrator' });

  const stored = await page.evaluate<string>(
    'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href])',
  );
  expect(stored).not.toMatch(/ey[\w-]+\.|code=|state=|verifier/);
  expect(await page.evaluate('indexedDB.databases()')).toEqual([]);
  await end();
});

test('every page is found from the keyboard', async () => {
  const { page, end } = await stack.visit({ role: 'viewer' });

  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('usage');
  await page.getByRole('menuitem', { name: 'Usage', exact: true }).waitFor();
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor();
  await end();
});

test('the language, the theme and the density change at once, and stay after a reload', async () => {
  const { page, end } = await stack.visit({ role: 'administrator' });
  const choose = async (name: string) => {
    await page.getByRole('menuitemradio', { name }).click();
  };

  await page.getByRole('button', { name: /preferences/ }).click();
  await choose('Dark');
  await choose('Comfortable');
  await choose('suomi');
  await page.getByRole('menuitem', { name: 'Kirjaudu ulos' }).waitFor();

  const shown = () => page.evaluate('({ ...document.documentElement.dataset, lang: document.documentElement.lang })');
  expect(await shown()).toEqual({ theme: 'dark', density: 'comfortable', lang: 'fi' });
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Tänään' }).waitFor();
  expect(await shown()).toEqual({ theme: 'dark', density: 'comfortable', lang: 'fi' });
  await end();
});
