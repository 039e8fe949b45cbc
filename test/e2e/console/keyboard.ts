import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Somebody without a mouse. After each key the focus must be somewhere, where it can be seen. */
export type Keyboard = {
  readonly press: (...keys: readonly string[]) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  /** Goes to an element by Tab or Shift+Tab, or by another key, and fails when the key does not lead there. */
  readonly reach: (target: Locator, key?: string) => Promise<void>;
  /** Goes to an element, and presses Enter. */
  readonly enter: (target: Locator, key?: string) => Promise<void>;
  /** Waits until an element has the focus that nobody gave it by a key. */
  readonly isAt: (target: Locator) => Promise<void>;
};

/** More than the focusable elements of any page. */
const MOST_KEYS = 150;

export function keyboardOf(page: Page): Keyboard {
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await expect.poll(() => faultOfFocus(page), { message: `after ${key}` }).toBe('');
    }
  };
  const has = (target: Locator) => target.evaluate(hasFocus);
  const reach = async (target: Locator, key?: string) => {
    await target.waitFor();
    for (let count = 0; count < MOST_KEYS; count++) {
      if (await has(target)) return;
      await press(key ?? ((await target.evaluate(isBehindFocus)) ? 'Tab' : 'Shift+Tab'));
    }
    throw new Error(`${MOST_KEYS} keys do not lead to ${target}, but to ${await page.evaluate(DESCRIBE_FOCUS)}`);
  };
  return {
    press,
    reach,
    async type(text) {
      await page.keyboard.type(text);
      await expect.poll(() => faultOfFocus(page), { message: `after ${text}` }).toBe('');
    },
    async enter(target, key) {
      await reach(target, key);
      await press('Enter');
    },
    async isAt(target) {
      await target.waitFor();
      await expect.poll(() => has(target), { message: `the focus is at ${target}` }).toBe(true);
    },
  };
}

/** What these tests use of an element. They run without the types of a browser. */
type Dom = {
  readonly ownerDocument: { readonly activeElement: Dom };
  readonly compareDocumentPosition: (other: Dom) => number;
  readonly DOCUMENT_POSITION_PRECEDING: number;
};

function hasFocus(element: unknown): boolean {
  return element === (element as Dom).ownerDocument.activeElement;
}

function isBehindFocus(element: unknown): boolean {
  const { ownerDocument, DOCUMENT_POSITION_PRECEDING } = element as Dom;
  return ((element as Dom).compareDocumentPosition(ownerDocument.activeElement) & DOCUMENT_POSITION_PRECEDING) !== 0;
}

const DESCRIBE_FOCUS = 'document.activeElement?.outerHTML.slice(0, 200)';

/** Returns what is wrong with the focus, or nothing. A mouse that was used is also wrong. */
function faultOfFocus(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    if (globalThis.watchesMouse === undefined) {
      globalThis.watchesMouse = true;
      addEventListener('pointerdown', () => { globalThis.mouseWasUsed = true; }, true);
    }
    if (globalThis.mouseWasUsed) return 'a mouse was used';
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return 'nothing has the focus';
    const what = focused.outerHTML.slice(0, 200);
    // A dialog and the field of the palette are seen by themselves. A box that is drawn by its label shows the focus there.
    const seen = focused.closest('[data-focus-visible]') ?? focused;
    const { left, right, top, bottom, width } = seen.getBoundingClientRect();
    if (width === 0 || right < 0 || left > innerWidth || bottom < 0 || top > innerHeight) return 'out of view: ' + what;
    // A part of a field that belongs to the browser, such as the button of a date, has the browser's own mark.
    if (!focused.matches(':focus')) return '';
    if (seen !== focused || focused.matches('[role=dialog], [role=alertdialog], main, .palette input')) return '';
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    return outlineStyle === 'none' || outlineWidth === '0px' ? 'without a mark: ' + what : '';
  })()`);
}
