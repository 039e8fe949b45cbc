import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languages } from '../../../functions/console/build.ts';
import { accessibilityFaults, overflowingElements } from './accessibility.ts';
import { type ConsoleStack, consoleStack } from './console-stack.ts';
import { PAGES_OF_OPERATORS, pagesOf } from './pages.ts';
import { markTexts, unmarkedTexts } from './pseudo-locale.ts';

let stack: ConsoleStack;
beforeAll(async () => {
  stack = await consoleStack();
  // Before the end of the licenses, so that the days that are left show.
  const year = (await stack.client.now()).slice(0, 4);
  await stack.client.moveClock({ now: `${year}-12-12T08:00:00.000Z` });
  const administer = async (command: string, members: Record<string, unknown>) => {
    const answer = await stack.client.invoke('administer', { tenant: 'acme', actor: 'grace', command, ...members });
    expect(answer).not.toHaveProperty('error');
  };
  for (const [user, name] of Object.entries({ ada: 'Ada Lovelace', kim: 'Kim Korhonen', lea: 'Lea Lind' })) {
    await administer('put-user-card', { user, card: { name } });
  }
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

const PAGES = pagesOf({ serialNumber: 'F1001', assigned: 'D1001', user: 'ada', denied: 'lea', folder: 'Sales' });

/** `npm run check:console` walks every page in each language, and `npm test` in English alone. */
const LANGUAGES = process.env['EVERY_LANGUAGE'] === undefined ? ['en'] : languages();
const LOOKS = LANGUAGES.flatMap((locale) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ locale, colorScheme })),
);
const SIZES = [
  { width: 1280, height: 800 },
  { width: 320, height: 640 },
];

describe.each(LOOKS)('in $locale, $colorScheme', (look) => {
  test.each([
    ['every page', 'administrator', PAGES.map((name) => `t/acme/${name}`)],
    ['every page of operators', 'operator', PAGES_OF_OPERATORS],
  ] as const)('%s can be used by everybody, and nothing of it is cut off', async (_, role, addresses) => {
    const { open, page, end } = await stack.visit({ role }, look);
    // Half of the looks are in the other density.
    if (look.colorScheme === 'dark') {
      await page.evaluate(`localStorage.setItem('console.preferences', '{"density":"comfortable"}')`);
      await page.reload();
      await page.locator('.shell').waitFor();
    }

    for (const address of addresses) {
      await open(address);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await framesShown(page);
        const at = `${address} at ${size.width} pixels`;
        expect.soft(await accessibilityFaults(page), at).toEqual([]);
        expect.soft(await overflowingElements(page), at).toEqual([]);
      }
    }
    await end();
  });
});

/** Waits until the page has followed a change of its size. */
async function framesShown(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

/** The picture of the README. `npm run picture` makes it. */
const PICTURE = join(import.meta.dirname, '../../../functions/console/picture.png');

test('the picture in the README shows the console as it is', async () => {
  const { open, page, end } = await stack.visit({ role: 'administrator' });
  await open('t/acme/users/lea?tab=why');
  await page.getByText('No license was free on any step.').first().waitFor();
  const now = await page.screenshot();
  if (process.env['WRITE_PICTURE'] !== undefined) writeFileSync(PICTURE, now);
  const kept = readFileSync(PICTURE);

  // Other fonts and other times of the day change a cell by little, another layout or other colors by much.
  const cells = await Promise.all([kept, now].map((picture) => averageColors(page, picture)));
  const [before = [], after = []] = cells;
  const changed = before.filter((level, place) => Math.abs(level - (after[place] ?? 0)) > 30);
  expect(changed.length / before.length, 'The console looks different: npm run picture').toBeLessThan(0.03);
  expect(kept.length).toBeLessThan(300_000);
  await end();
});

/** Returns the red, green and blue of 40 × 25 cells of a picture. */
async function averageColors(page: Page, picture: Buffer): Promise<number[]> {
  const blank = await page.context().newPage();
  const colors = await blank.evaluate<number[]>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${picture.toString('base64')}';
    await image.decode();
    const canvas = new OffscreenCanvas(40, 25).getContext('2d');
    canvas.imageSmoothingQuality = 'high';
    canvas.drawImage(image, 0, 0, 40, 25);
    return [...canvas.getImageData(0, 0, 40, 25).data].filter((_, place) => place % 4 < 3);
  })()`);
  await blank.close();
  return colors;
}

test('paper is light, and has every loaded row and no buttons', async () => {
  const { open, page, end } = await stack.visit(
    { role: 'administrator' },
    { colorScheme: 'dark', viewport: { width: 1280, height: 240 } },
  );
  await open('t/acme/licenses');
  await page.getByText('13 licenses').waitFor();
  const rows = page.locator('tbody').getByRole('row');
  expect(await rows.count()).toBeLessThan(13);

  await page.emulateMedia({ media: 'print' });
  await expect.poll(() => rows.count()).toBe(13);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('oklch(1 0 0)');
  expect(await page.locator('.page .button:visible').count()).toBe(0);
  await page.getByText('acme, printed by Aino Virtanen').waitFor();
  await end();
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
] as const)('a sign-in as %s leads to %s', async (role, address, tenant) => {
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
