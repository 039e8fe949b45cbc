import { useSyncExternalStore } from 'react';
import type { Language } from '../described/texts.ts';
import { isLanguage } from '../texts/text-provider.tsx';

export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['compact', 'comfortable'] as const;

/** What a person chose for this browser. Nothing in it is secret or about anybody else. */
export type Preferences = {
  readonly language: Language;
  readonly theme: (typeof THEMES)[number];
  readonly density: (typeof DENSITIES)[number];
};

const KEY = 'console.preferences';

let preferences = readPreferences();
const listeners = new Set<() => void>();

export const currentPreferences = () => preferences;

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, currentPreferences);
}

export function setPreferences(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  showPreferences();
  for (const listener of listeners) listener();
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // The browser keeps nothing, or its place is full: then it holds until the page is loaded again.
  }
}

/** The stylesheet reads these attributes. */
export function showPreferences(): void {
  const { language, theme, density } = preferences;
  document.documentElement.lang = language;
  document.documentElement.dataset['theme'] = theme;
  document.documentElement.dataset['density'] = density;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readPreferences(): Preferences {
  const { language, theme, density } = storedPreferences();
  return {
    language: [String(language), ...navigator.languages.map(primaryTag)].find(isLanguage) ?? 'en',
    theme: THEMES.find((one) => one === theme) ?? 'system',
    density: DENSITIES.find((one) => one === density) ?? 'compact',
  };
}

function storedPreferences(): Partial<Record<keyof Preferences, unknown>> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? stored : {};
  } catch {
    return {};
  }
}

function primaryTag(tag: string): string {
  return tag.split('-')[0] ?? tag;
}
