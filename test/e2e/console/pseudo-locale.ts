import type { Page } from 'playwright-core';
import { openApi } from '../../../functions/admin-api/open-api.ts';
import { ROUTES } from '../../../functions/admin-api/routes.ts';

/** Puts marks around what comes from a catalog, from the next load on. Values of texts stay outside of the marks. */
export async function markTexts(page: Page): Promise<void> {
  await page.addInitScript(`{
    const parse = JSON.parse;
    const LITERAL = 0, FORMATTED = [2, 3, 4];
    const sign = (value) => ({ type: LITERAL, value });
    const mark = (parts) => parts.flatMap((part) => {
      for (const option of Object.values(part.options ?? {})) option.value = mark(option.value);
      if (part.children !== undefined) part.children = mark(part.children);
      if (part.type === LITERAL) return [sign('⟦' + part.value + '⟧')];
      return FORMATTED.includes(part.type) ? [sign('⟦'), part, sign('⟧')] : [part];
    });
    JSON.parse = (...of) => {
      const value = parse(...of);
      if (value?.['shell.product'] === undefined) return value;
      return Object.fromEntries(Object.entries(value).map(([id, parts]) => [id, mark(parts)]));
    };
  }`);
  await page.reload();
  await page.locator('.shell').waitFor();
}

/**
 * Returns the visible texts and labels of a page that come from no catalog. Names from outside stand in elements of
 * their own, and the words of days and months are the browser's. A name that is a code of the API is no name.
 */
export function unmarkedTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const WORD = /\\p{L}{2}/u, LABELS = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'];
    const codes = new Set(${JSON.stringify(CODES)});
    const found = [], texts = [], names = new Set(${JSON.stringify(OTHER_NAMES)});
    const isNamed = (text) => text.split('·').every((part) => !WORD.test(part) || names.has(part.trim()));
    const isName = (element) => element.closest('[translate="no"], bdi, kbd, time') !== null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let depth = 0;
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      let outside = '';
      for (const sign of data) {
        if (sign === '⟦') depth++;
        else if (sign === '⟧') depth--;
        else if (depth === 0) outside += sign;
      }
      if (!isName(parentElement)) texts.push([parentElement, outside]);
      else if (codes.has(outside.trim())) found.push(outside);
      else names.add(data);
    }
    for (const [element, text] of texts) if (element.checkVisibility() && !isNamed(text)) found.push(text);
    for (const element of document.body.querySelectorAll('*')) {
      for (const name of LABELS) {
        const label = element.getAttribute(name) ?? '';
        if (!label.includes('⟦') && !isNamed(label) && !isName(element)) found.push(name + ': ' + label);
      }
    }
    return found;
  })()`);
}

/** A label of the library, which has languages of its own, and names of the sample that stand within a label. */
const OTHER_NAMES = ['Dismiss', 'CMDB', 'Sales'];

/** What the API says by a code, such as `no-free-license`. */
const CODES = [...new Set(codesIn(openApi(ROUTES)))];

function codesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'enum' && Array.isArray(member) ? member.map(String) : codesIn(member),
  );
}
