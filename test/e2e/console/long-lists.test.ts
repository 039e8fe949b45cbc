import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalStack } from '../../../infra/local/local-stack.ts';
import { emptyDir } from '../license-service/killable-stack.ts';
import { startBrowser, visit } from './browser.ts';
import { startLargeTenant } from './large-tenant.ts';

const SIZE = 900;
/** The rows in view, and those that stand ready beside them. */
const MOST_ROWS = 60;

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

test.each([
  { path: 'licenses', route: 'licenses' },
  { path: 'users', route: 'user-cards' },
])('the list of $path asks once, shows few rows, and renders again only what a click changes', async (list) => {
  const { page, open, end } = await visit(browser, stack.endpoints, { role: 'administrator' });
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === `/tenants/acme/${list.route}`) asked.push(pathname);
  });
  await page.addInitScript(NOTE_RENDERED_ROWS);
  await page.reload();
  await page.locator('.shell').waitFor();

  await open(`t/acme/${list.path}`);
  expect(asked).toHaveLength(1);
  await loadAll(page);
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(SIZE + 1));
  expect(asked).toHaveLength(Math.ceil(SIZE / 200));

  for (const share of [1, 0.5, 0]) expect(await rowsAfterScrolling(page, share)).toBeLessThanOrEqual(MOST_ROWS);

  const row = (index: number, more = '') => page.locator(`tbody [data-index="${index}"]${more}`);
  await row(2).click();
  await page.getByRole('heading', { level: 2 }).waitFor();
  // The panel makes the table narrower, which renders its rows again.
  const frames = () => page.evaluate<void>('new Promise((done) => setTimeout(() => requestAnimationFrame(done), 500))');
  await expect.poll(async () => (await renderedRows(page, frames)).length).toBe(0);
  const byOpening = await renderedRows(page, async () => {
    await row(5).click();
    await row(5, '[data-open]').waitFor();
  });
  const bySelecting = await renderedRows(page, async () => {
    await row(5).getByRole('checkbox').click();
    await row(5, '[aria-selected="true"]').waitFor();
  });
  // The row that the click is on, and the one that was open.
  for (const rendered of [byOpening, bySelecting]) expect([1, 2]).toContain(rendered.length);
  await end();
});

/** Scrolls to the end again and again until all rows are loaded. */
function loadAll(page: Page): Promise<void> {
  return page.evaluate(`(async () => {
    const scroller = document.querySelector('.table-scroller');
    while (document.querySelector('[role="grid"]').getAttribute('aria-rowcount') === '-1') {
      scroller.scrollTop = scroller.scrollHeight;
      await new Promise(requestAnimationFrame);
    }
  })()`);
}

function rowsAfterScrolling(page: Page, share: number): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const scroller = document.querySelector('.table-scroller');
    scroller.scrollTop = scroller.scrollHeight * ${share};
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    return document.querySelectorAll('tbody [role="row"]').length;
  })()`);
}

/** Returns the names of the rows that React renders while a person does something. */
async function renderedRows(page: Page, act: () => Promise<void>): Promise<readonly string[]> {
  await page.evaluate('renderedRows.clear()');
  await act();
  return page.evaluate<string[]>('[...renderedRows]');
}

/** Notes in `renderedRows` the rows that React renders, by the interface that it has for the tools of developers. */
const NOTE_RENDERED_ROWS = `(() => {
  const PERFORMED_WORK = 1;
  globalThis.renderedRows = new Set();
  const note = (fiber) => {
    const props = fiber.memoizedProps;
    const isRow = typeof fiber.type === 'function' && props?.events !== undefined && 'isActive' in props;
    if (isRow && (fiber.alternate === null || (fiber.flags & PERFORMED_WORK) !== 0)) renderedRows.add(props.name);
    // What a parent has kept was not looked at.
    if (fiber.child === fiber.alternate?.child) return;
    for (let child = fiber.child; child !== null; child = child.sibling) note(child);
  };
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberRoot: (_, root) => note(root.current),
    onPostCommitFiberRoot: () => undefined,
    onCommitFiberUnmount: () => undefined,
  };
})()`;
