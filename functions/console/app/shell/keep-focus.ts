/** An element, and which of its children the focus was in. */
type Step = { readonly element: Element; readonly child: number };

/** The latest place of the focus in a part of the window: an element, and what it is in up to the whole part. */
type Place = { readonly part: Element | null; readonly steps: readonly Step[] };

/** What opens and closes as a whole. */
const PARTS = 'main, .panel, [role="dialog"], [role="alertdialog"]';
const FOCUSABLE = 'h1[tabindex], h2[tabindex], a[href], button, input, select, textarea, [tabindex="0"]';

/**
 * Keeps the focus near its place when the element that has it goes away: because a row is deleted, because a panel
 * closes, or because a dialog closes whose button is gone. A click beside everything takes the focus away, as anywhere.
 */
export function keepFocus(): void {
  let places: readonly Place[] = [];
  let isWaiting = false;
  addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    const part = target.closest(PARTS);
    places = [{ part, steps: stepsFrom(target, part) }, ...places.filter((place) => place.part !== part)];
  });
  addEventListener('pointerdown', () => {
    places = [];
  });
  const recover = () => {
    isWaiting = false;
    places = places.filter(({ steps }) => steps.some(({ element }) => element.isConnected));
    if (isLost()) places.some(({ steps }) => steps.some(focusIn));
  };
  new MutationObserver(() => {
    if (isWaiting || !isLost()) return;
    isWaiting = true;
    // What closes gives the focus back by itself in the next frame, if it can.
    requestAnimationFrame(() => requestAnimationFrame(recover));
  }).observe(document.body, { childList: true, subtree: true });
}

const isLost = () => document.activeElement === null || document.activeElement === document.body;

function stepsFrom(focused: Element, part: Element | null): readonly Step[] {
  const steps: Step[] = [{ element: focused, child: 0 }];
  for (let child = focused; child !== part; ) {
    const parent = child.parentElement;
    if (parent === null || parent === document.body) break;
    steps.push({ element: parent, child: [...parent.children].indexOf(child) });
    child = parent;
  }
  return steps;
}

/** Gives the focus to an element, to what took the place of its child, or to the first in it that can have it. */
function focusIn({ element, child }: Step): boolean {
  if (!element.isConnected) return false;
  const neighbor = element.children[Math.min(child, element.children.length - 1)];
  const inside = [neighbor, element].flatMap((one) => [...(one?.querySelectorAll(FOCUSABLE) ?? [])]);
  return [element, neighbor, ...inside].some((one) => {
    if (one instanceof HTMLElement && one.matches(FOCUSABLE) && one.checkVisibility()) one.focus();
    return !isLost();
  });
}
