import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as engine, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Endpoints } from '../../../infra/local/endpoints.ts';
import { SAMPLE_PEOPLE } from '../../../infra/local/sample-people.ts';

/** Starts the browser of the package. `CHROMIUM_PATH` names an installed one where the package's does not run. */
export async function startBrowser(): Promise<Browser> {
  const { CHROMIUM_PATH: installed } = process.env;
  if (installed === undefined && process.platform !== 'linux') {
    throw new Error('The browser of the package runs on Linux only: name an installed Chromium by CHROMIUM_PATH');
  }
  return engine.launch({
    executablePath: installed ?? (await chromium.executablePath()),
    // The package's own flags switch off what these tests are about: `--disable-web-security` is one of them. The sandbox
    // needs rights that containers do not have.
    args: ['--no-sandbox', '--font-render-hinting=none'],
  });
}

/** A sample person of a role, whom the login page of the local stack offers. */
export type Person = { readonly role: 'administrator' | 'viewer' | 'operator' };

export type Look = Pick<BrowserContextOptions, 'colorScheme' | 'viewport' | 'locale'>;

export type Visit = {
  readonly page: Page;
  /** Goes to a page by its address, `t/acme/licenses?folder=Sales`, as a link does, and waits until it shows. */
  readonly open: (address: string) => Promise<void>;
  /** Fails when the browser has seen a fault: an error, a breach of the policy, or a request to a foreign host. */
  readonly end: () => Promise<void>;
};

/** The console in a window of its own, with a person who has signed in. `press` decides how buttons are pressed for that. */
export async function visit(
  browser: Browser,
  endpoints: Endpoints,
  { role }: Person,
  look: Look = {},
  press: (button: Locator) => Promise<void> = (button) => button.click(),
): Promise<Visit> {
  // Without animations, so that a page is judged as it stays.
  const usual = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' } as const;
  const context = await browser.newContext({ ...usual, ...look });
  const page = await context.newPage();
  const faults = watchFaults(page, endpoints);
  await page.goto(endpoints.console);
  await press(page.getByRole('button', { name: /Sign in|Kirjaudu/ }));
  await press(page.getByRole('button', { name: SAMPLE_PEOPLE.find((one) => one.role === role)!.name }));
  await page.locator('.shell').waitFor();
  return {
    page,
    async open(address) {
      await page.evaluate(
        `history.pushState(null, '', '/console/' + ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent('popstate'))`,
      );
      const [path = ''] = address.split('?');
      await page.locator(`main[data-path="/${path}"]`).waitFor();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      // The network is also idle before a busy service is asked again.
      await page.locator('.loading').first().waitFor({ state: 'detached' });
    },
    async end() {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
}

function watchFaults(page: Page, { api, s3, issuer }: Endpoints): string[] {
  const faults: string[] = [];
  const own = [api, s3, issuer].map((url) => new URL(url).host);
  page.on('console', (message) => {
    // A refusal of the API is an answer, and the browser notes each on its own.
    const isRefusal =
      /Failed to load resource: .* 4(01|04|09|10|12|29)/.test(message.text()) &&
      message.location().url.includes('/tenants/');
    if (message.type() === 'error' && !isRefusal) {
      faults.push(`console: ${message.text()} ${message.location().url}`);
    }
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && !own.includes(url.host)) faults.push(`foreign request: ${url.href}`);
  });
  return faults;
}
