import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import type { Root } from 'react-dom/client';
import type { ConsoleSettings } from '../../settings.ts';
import { openSession, sessionState, subscribeSession } from '../sign-in/session.ts';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { type Catalog, loadCatalog, TextProvider } from '../texts/text-provider.tsx';
import { keepFocus } from './keep-focus.ts';
import { PageBoundary } from './page-boundary.tsx';
import { currentPreferences, showPreferences, usePreferences } from './preferences.ts';
import { queryClient } from './query-client.ts';
import { Router } from './router.tsx';

const Toasts = lazy(async () => ({ default: (await import('../ui/toast.tsx')).Toasts }));

/** Reads the settings, finds out whether there is a session, and shows the console. */
export async function start(root: Root): Promise<void> {
  showPreferences();
  keepFocus();
  const [catalog, settings] = await Promise.all([loadCatalog(currentPreferences().language), readSettings()]);
  const page = await openSession(settings);
  if (page === undefined) return;
  history.replaceState(null, '', page);
  root.render(
    <StrictMode>
      <Console first={catalog} />
    </StrictMode>,
  );
}

async function readSettings(): Promise<ConsoleSettings> {
  const response = await fetch('/console/console.json');
  return response.json();
}

function Console({ first }: { readonly first: Catalog }) {
  const catalog = useCatalog(first);
  const session = useSyncExternalStore(subscribeSession, sessionState);
  return (
    <TextProvider catalog={catalog}>
      <QueryClientProvider client={queryClient}>
        <PageBoundary>
          {session.kind === 'signed-in' ? <SignedIn /> : <SignInPage state={session} />}
          <Suspense>
            <Toasts />
          </Suspense>
        </PageBoundary>
      </QueryClientProvider>
    </TextProvider>
  );
}

/** Only a session has pages, so that none of them asks for anything without a token. */
function SignedIn() {
  useEffect(() => () => queryClient.clear(), []);
  return <Router />;
}

function useCatalog(first: Catalog): Catalog {
  const { language } = usePreferences();
  const [catalog, setCatalog] = useState(first);
  useEffect(() => {
    if (language !== catalog.language) void loadCatalog(language).then(setCatalog);
  }, [language, catalog.language]);
  return catalog;
}
