import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { Home } from './home.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

type Page = { readonly path: string; readonly Component: LazyExoticComponent<ComponentType> };

// Pages that have much in common are loaded together: each alone would repeat it.
const people = () => import('./people-pages.ts');
const supply = () => import('./supply-pages.ts');
const settings = () => import('./settings-pages.ts');

/** The pages of a tenant. Each is loaded when it is opened. The navigation lists them in `navigation-entries.ts`. */
const PAGES: readonly Page[] = [
  page('today', async () => (await import('../today/today-page.tsx')).Component),
  page('licenses/:serialNumber?', async () => (await import('../licenses/licenses-page.tsx')).Component),
  page('users/:user?', async () => (await people()).UsersPage),
  page('imports/:importId?', async () => (await supply()).ImportsPage),
  page('renewals/:renewalId?', async () => (await supply()).RenewalsPage),
  page('why', async () => (await people()).WhyPage),
  page('history/:view?', async () => (await people()).HistoryPage),
  page('usage', async () => (await supply()).UsagePage),
  page('expiry', async () => (await supply()).ExpiryPage),
  page('settings/:section?/:part?', async () => (await settings()).SettingsPage),
];
const Operate = page('', async () => (await settings()).OperatePage).Component;

function page(path: string, load: () => Promise<ComponentType>): Page {
  return { path, Component: lazy(async () => ({ default: await load() })) };
}

/** Every address of the console is under `/console`, and everything of a tenant under `/t/{tenant}`. */
export function Router() {
  return (
    <BrowserRouter basename="/console">
      <Routes>
        <Route index element={<Home />} />
        <Route path="t/:tenant" element={<Shell />}>
          <Route index element={<Home />} />
          {PAGES.map(({ path, Component }) => (
            <Route key={path} path={path} element={<Component />} />
          ))}
          <Route path="*" element={<NotFoundPage />} />
        </Route>
        <Route path="operate" element={<Shell />}>
          <Route index element={<Operate />} />
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </BrowserRouter>
  );
}
