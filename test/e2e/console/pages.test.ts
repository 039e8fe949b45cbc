import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languages } from '../../../functions/console/build.ts';
import { accessibilityFaults, overflowingElements } from './accessibility.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';
import { markTexts, unmarkedTexts } from './pseudo-locale.ts';

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack();
  const administer = async (command: string, members: Record<string, unknown>) => {
    const answer = await stack.client.invoke('administer', { tenant: 'acme', actor: 'grace', command, ...members });
    expect(answer).not.toHaveProperty('error');
  };
  await administer('put-user-card', { user: 'ada', card: { name: 'Ada Lovelace' } });
  await administer('assign-license', { serialNumber: 'D1001', user: 'ada' });
  await administer('assign-license', { serialNumber: 'D1002', user: 'kim' });
  await administer('move-license', { serialNumber: 'F1001', folder: 'Sales' });
  await administer('put-webhook', { settings: { url: 'https://esm.example/hook', secret: 'file:webhook' } });
  // Six floating licenses and two dedicated ones are free for eight users. The next one is denied.
  for (const user of ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'lea']) {
    await stack.client.invoke('login', { tenant: 'acme', user, session: `session of ${user}` });
  }
});
afterAll(() => stack.stop());

const PAGES = [
  'today',
  'licenses',
  'licenses?warnings=yes',
  'licenses/F1001',
  'licenses/D1001?tab=history',
  'licenses/D1001?tab=as-of&at=2026-05-03T11:03:00.000Z',
  'users',
  'users?q=nobody',
  'users?show=inactive',
  'users/ada',
  'users/ada?tab=history',
  'users/lea?tab=why',
  'users/somebody%20new',
  'imports',
  'renewals',
  'why',
  'why?user=lea&folder=%2F&access=read',
  'why?of=folder&folder=Sales',
  'history',
  'history?kind=denied',
  'history/as-of?of=license&name=D1001',
  'history/as-of?of=folder&name=%2F',
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
const PAGES_OF_OPERATORS = ['operate', 'operate?new=yes', 't/acme/settings/general'] as const;

/** `npm run check:console` walks every page in each language, and `npm test` in English alone. */
const LANGUAGES = process.env['EVERY_LANGUAGE'] === undefined ? ['en'] : languages();
const LOOKS = LANGUAGES.flatMap((locale) =>
  [1280, 320].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({
      colorScheme,
      locale,
      viewport: { width, height: width === 320 ? 640 : 800 },
    })),
  ),
);

describe.each(LOOKS)('in $locale, $colorScheme, at $viewport.width pixels', (look) => {
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

    for (const address of PAGES_OF_OPERATORS) {
      await open(address);
      expect.soft(await accessibilityFaults(page), address).toEqual([]);
      expect.soft(await overflowingElements(page), address).toEqual([]);
    }
    await end();
  });
});

test('every text of every page comes from a catalog, or is a name from outside that is marked as one', async () => {
  for (const [role, addresses] of [
    ['administrator', PAGES.map((name) => `t/acme/${name}`)],
    ['operator', PAGES_OF_OPERATORS],
  ] as const) {
    const { open, page, end } = await stack.visit({ role });
    await markTexts(page);

    for (const address of addresses) {
      await open(address);
      await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toContain('⟦');
      expect.soft(await unmarkedTexts(page), address).toEqual([]);
    }
    await end();
  }
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
