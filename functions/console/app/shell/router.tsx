import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { Home } from './home.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

type Page = { readonly path: string; readonly Component: LazyExoticComponent<ComponentType> };

/**
 * The pages of a tenant. Each is a module of its own that is loaded when it is opened, and exports its page as
 * `Component`. The navigation lists the same names in `navigation-entries.ts`.
 */
const PAGES: readonly Page[] = [
  page('today', () => import('../today/today-page.tsx')),
  page('licenses/:serialNumber?', () => import('../licenses/licenses-page.tsx')),
  page('users/:user?', () => import('../users/users-page.tsx')),
  page('imports/:importId?', () => import('../imports/imports-page.tsx')),
  page('renewals/:renewalId?', () => import('../renewals/renewals-page.tsx')),
  page('why', () => import('../why/why-page.tsx')),
  page('history/:view?', () => import('../history/history-page.tsx')),
  page('usage', () => import('../usage/usage-page.tsx')),
  page('expiry', () => import('../expiry/expiry-page.tsx')),
  page('settings/:section?/:part?', () => import('../settings/settings-page.tsx')),
];
const Operate = page('', () => import('../operate/operate-page.tsx')).Component;

function page(path: string, load: () => Promise<{ readonly Component: ComponentType }>): Page {
  return { path, Component: lazy(async () => ({ default: (await load()).Component })) };
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
