import axe from 'axe-core';
import type { Page } from 'playwright-core';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Returns what axe finds on a page against WCAG 2.2 AA, as one line per element. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // The script of a test is no code of the page: its policy does not apply to it.
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: WCAG }, resultTypes: ['violations'] });
  const { violations } = await page.evaluate<{
    violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[];
  }>(`globalThis.axe.run(document, ${options})`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary.split('\n').at(-1)}`,
    ),
  );
}

/**
 * Returns the elements that are cut off at the sides of the window or that make it scroll sideways, and cut texts. Very
 * long texts may be shortened (`…`) where the page means to, and go on in the field in which they are written.
 */
export function overflowingElements(page: Page, { mayShorten = false } = {}): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('body *')]
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      // What is one pixel wide is there for the ear alone.
      if (width <= 1) return false;
      const { overflowX, textOverflow } = getComputedStyle(element);
      const cutsOff = /hidden|clip/.test(overflowX) && !(${mayShorten} && (textOverflow === 'ellipsis' || element.matches('input')));
      if (cutsOff && element.scrollWidth > element.clientWidth + 1) return true;
      if (left >= -1 && right <= innerWidth + 1) return false;
      for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
        if (/auto|scroll|hidden|clip/.test(getComputedStyle(parent).overflowX)) return false;
      }
      return true;
    })
    .map((element) => (element.className || element.tagName) + ': ' + element.textContent.slice(0, 40))`);
}
