import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { startBrowser, type Visit, visit } from '../e2e/console/browser.ts';
import { startLargeTenant, TEAMS } from '../e2e/console/large-tenant.ts';
import { median } from './measuring.ts';

/*
 * The lists of the console with 100,000 licenses and as many people, in the browser of the tests. Processor time is the
 * thread time of the page's main thread from the click until the page is quiet again, so that other load counts little.
 * The time from the opening of a page to its first row is compared with what the API took to answer the page's own request.
 * The tenant is always the same. `SIZE=1000` gives it another size.
 */

const SIZE = Number(process.env['SIZE'] ?? 100_000);
const CLICKS = 7;
const STEPS = 50;
const MEGABYTE = 1_048_576;

/** The pages with a list, and the last part of the route that each asks. */
const LISTS = [
  { path: 'licenses', route: 'licenses' },
  { path: 'users', route: 'user-cards' },
] as const;

export async function benchConsole(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-console-'));
  const stack = await startLargeTenant(dir, SIZE);
  const browser = await startBrowser();
  // Signs in at an address without a page, which asks nothing.
  const endpoints = { ...stack.endpoints, console: `${stack.endpoints.console}t/acme/nothing` };
  try {
    const rows: Record<string, string | number>[] = [];
    for (const list of LISTS) {
      await warmUp(await visit(browser, endpoints, { role: 'administrator' }), list.path);
      const one = await visit(browser, endpoints, { role: 'administrator' });
      const figures = await measure(one, list);
      await one.end();
      const machine = { cores: cpus().length, load: loadavg()[0] };
      console.log(JSON.stringify({ bench: 'console', list: list.path, size: SIZE, ...machine, ...figures }));
      rows.push(rowOf(list.path, figures));
    }
    console.table(rows);
  } finally {
    await browser.close();
    await stack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The functions of the local stack start with their first calls. */
async function warmUp({ page, end }: Visit, path: string): Promise<void> {
  const settled = watchRequests(page);
  await page.evaluate(go(`t/acme/${path}`));
  await settled();
  await end();
}

async function measure({ page }: Visit, { path, route }: (typeof LISTS)[number]) {
  page.setDefaultTimeout(0);
  const settled = watchRequests(page);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('HeapProfiler.enable');
  await cdp.send('Network.enable');
  /** Waits until the page has nothing to do. */
  const quiet = async () => {
    await settled();
    for (let before = Number.NaN; ; ) {
      const now = await taskMs(cdp);
      if (now - before < 1) return;
      before = now;
      await page.waitForTimeout(200);
    }
  };
  let asked = 0;
  let bytes = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith(`/${route}`)) asked += 1;
  });
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });

  const withScripts = await firstRow(page, `t/acme/${path}`, route);
  await settled();
  const openingAsks = asked;
  const openings: FirstRow[] = [];
  for (const team of TEAMS) {
    await leave(page);
    await settled();
    openings.push(await firstRow(page, `t/acme/${path}?folder=${encodeURIComponent(team)}`, route));
    await settled();
  }
  await leave(page);
  await page.evaluate(go(`t/acme/${path}`));
  await page.locator('tbody [role="row"]').first().waitFor();
  await quiet();
  const clicksOfFirstPage = await clicks(page, cdp, quiet);

  const heapMb: Record<string, number> = { before: await heap(cdp) };
  asked = 0;
  bytes = 0;
  const before = await taskMs(cdp);
  await loadAll(page);
  const loading = { requests: asked, bytes, cpuMsPerRequest: ((await taskMs(cdp)) - before) / asked };
  heapMb['loaded'] = await heap(cdp);
  const scrolling = await scrollThrough(page, cdp);
  heapMb['scrolled'] = await heap(cdp);
  const again = median(openings.map(({ ratio }) => ratio));
  const firstRows = { openingAsks, withScripts, again, openings };
  return { firstRows, clicksOfFirstPage, loading, heapMb, scrolling, clicksOfAll: await clicks(page, cdp, quiet) };
}

function rowOf(list: string, figures: Awaited<ReturnType<typeof measure>>): Record<string, string | number> {
  const { firstRows, clicksOfFirstPage, clicksOfAll, heapMb, scrolling, loading } = figures;
  const shown = ({ median: middle, worst }: Spread) => `${middle.toFixed(0)} (${worst.toFixed(0)})`;
  return {
    list,
    'first row ÷ answer (≤ 1.5)': firstRows.again.toFixed(2),
    'with scripts': firstRows.withScripts.ratio.toFixed(2),
    'open, CPU ms (< 30)': shown(clicksOfAll.open),
    'of 200 rows': shown(clicksOfFirstPage.open),
    'select, CPU ms (< 30)': shown(clicksOfAll.select),
    'of 200 rows ': shown(clicksOfFirstPage.select),
    'heap MB (< 60)': (heapMb['scrolled'] ?? 0).toFixed(0),
    'rows in the document': scrolling.rows,
    requests: loading.requests,
    KB: Math.round(loading.bytes / 1_024),
  };
}

async function leave(page: Page): Promise<void> {
  await page.evaluate(go('t/acme/nothing'));
  await page.locator('.table-scroller').waitFor({ state: 'detached' });
}

const go = (address: string) =>
  `history.pushState(null, '', ${JSON.stringify(`/console/${address}`)}); dispatchEvent(new PopStateEvent('popstate'))`;

/**
 * Goes to a page as a link does. Returns what the API took to answer the request for its rows, and the time until the first
 * one is in the document, in parts of that.
 */
function firstRow(page: Page, address: string, route: string): Promise<FirstRow> {
  return page.evaluate<FirstRow>(`new Promise((resolve, reject) => {
    performance.clearResourceTimings();
    const at = performance.now();
    const look = () => {
      const answer = performance.getEntriesByType('resource').find(({ name }) => name.includes('/${route}?'));
      if (document.querySelector('main [role="alert"]') !== null) reject(new Error('the service has not answered'));
      else if (document.querySelector('tbody [role="row"]') === null || answer === undefined) requestAnimationFrame(look);
      else resolve({ answerMs: answer.duration, ratio: (performance.now() - at) / answer.duration });
    };
    ${go(address)};
    look();
  })`);
}

async function metric(cdp: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
}

const taskMs = async (cdp: CDPSession) => (await metric(cdp, 'TaskDuration')) * 1_000;

async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  return (await metric(cdp, 'JSHeapUsedSize')) / MEGABYTE;
}

/** Returns a function that waits until no request is under way, and none follows. */
function watchRequests(page: Page): () => Promise<void> {
  let underWay = 0;
  page.on('request', () => {
    underWay += 1;
  });
  const done = () => {
    underWay -= 1;
  };
  page.on('requestfinished', done);
  page.on('requestfailed', done);
  return async () => {
    for (let idle = 0; idle < 3; idle = underWay === 0 ? idle + 1 : 0) await page.waitForTimeout(100);
  };
}

type FirstRow = { readonly answerMs: number; readonly ratio: number };

type Spread = { readonly median: number; readonly worst: number };

/**
 * Clicks on rows, each time on the box of one and then on itself, which opens it. The first click loads its scripts.
 */
async function clicks(
  page: Page,
  cdp: CDPSession,
  quiet: () => Promise<void>,
): Promise<{ readonly open: Spread; readonly select: Spread }> {
  const open: number[] = [];
  const select: number[] = [];
  const click = async (index: number, part: string) => {
    const box = await page.evaluate<{ x: number; y: number; width: number; height: number }>(`(() => {
      const { top } = document.querySelector('.table-body').closest('.table-scroller').getBoundingClientRect();
      const rows = [...document.querySelectorAll('tbody [role="row"]')];
      const inView = rows.filter((row) => row.getBoundingClientRect().top > top + 32);
      return inView[${index}].querySelector('${part}').getBoundingClientRect().toJSON();
    })()`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await quiet();
    const before = await taskMs(cdp);
    await page.mouse.click(x, y);
    await quiet();
    return (await taskMs(cdp)) - before;
  };
  for (let index = 1; index <= CLICKS; index += 1) {
    const costs = [await click(index, 'input'), await click(index, '.serial, .users-name')];
    if (index === 1) continue;
    select.push(costs[0] ?? 0);
    open.push(costs[1] ?? 0);
  }
  const spread = (values: readonly number[]) => ({ median: median(values), worst: Math.max(...values) });
  return { open: spread(open), select: spread(select) };
}

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

/**
 * Scrolls from the first row to the last one. Returns what a step costs, and how many rows the document has at most.
 */
async function scrollThrough(page: Page, cdp: CDPSession) {
  const costs: number[] = [];
  let rows = 0;
  for (let step = 0; step <= STEPS; step += 1) {
    const before = await taskMs(cdp);
    const shown = await page.evaluate<number>(`(async () => {
      const scroller = document.querySelector('.table-scroller');
      scroller.scrollTop = scroller.scrollHeight * ${step / STEPS};
      for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
      return document.querySelectorAll('tbody [role="row"]').length;
    })()`);
    rows = Math.max(rows, shown);
    costs.push((await taskMs(cdp)) - before);
  }
  return { cpuMs: median(costs), rows };
}
