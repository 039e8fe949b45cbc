import { CATALOGS } from 'texts:catalogs';
import type { ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { IntlProvider } from 'react-intl';
import type { Language } from '../described/texts.ts';

export const LANGUAGES = Object.keys(CATALOGS).filter(isLanguage);

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(CATALOGS, text);
}

/** Dates and numbers of a language. English has the days before the months, as in the Nordic countries. */
const LOCALES: Readonly<Partial<Record<Language, string>>> = { en: 'en-GB', fi: 'fi-FI' };

/** The build has parsed them. */
type Texts = Awaited<ReturnType<(typeof CATALOGS)[Language]>>['default'];

export type Catalog = { readonly language: Language; readonly texts: Texts };

export async function loadCatalog(language: Language): Promise<Catalog> {
  const { default: texts } = await CATALOGS[language]();
  return { language, texts };
}

export function TextProvider({ catalog, children }: { readonly catalog: Catalog; readonly children: ReactNode }) {
  const locale = LOCALES[catalog.language] ?? catalog.language;
  return (
    <I18nProvider locale={locale}>
      <IntlProvider locale={locale} messages={catalog.texts} onError={reportText}>
        {children}
      </IntlProvider>
    </I18nProvider>
  );
}

/** A missing text shows its id. Every test in a browser fails when the console of the browser says so. */
function reportText(error: Error): void {
  // biome-ignore lint/suspicious/noConsole: it is for the person who wrote the page, in the browser's own console
  console.error(error.message);
}
