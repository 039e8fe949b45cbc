import { createBrowserRouter, type RouteObject } from 'react-router';
import { Loading } from '../ui/loading.tsx';
import { Home } from './home.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PageFault } from './page-fault.tsx';
import { Shell } from './shell.tsx';

/**
 * The pages. Each is a module of its own that is loaded when it is opened, and exports its page as `Component`.
 * The navigation lists the same names in `navigation-entries.ts`.
 */
const PAGES: readonly RouteObject[] = [
  { path: 'today', lazy: () => import('../today/today-page.tsx') },
  { path: 'licenses/:serialNumber?', lazy: () => import('../licenses/licenses-page.tsx') },
  { path: 'users/:user?', lazy: () => import('../users/users-page.tsx') },
  { path: 'imports/:importId?', lazy: () => import('../imports/imports-page.tsx') },
  { path: 'renewals/:renewalId?', lazy: () => import('../renewals/renewals-page.tsx') },
  { path: 'why', lazy: () => import('../why/why-page.tsx') },
  { path: 'history/:view?', lazy: () => import('../history/history-page.tsx') },
  { path: 'usage', lazy: () => import('../usage/usage-page.tsx') },
  { path: 'expiry', lazy: () => import('../expiry/expiry-page.tsx') },
  { path: 'settings/:section?/:part?', lazy: () => import('../settings/settings-page.tsx') },
];

/** Every address of the console is under `/console`, and everything of a tenant under `/t/{tenant}`. */
export function createRouter() {
  return createBrowserRouter(
    [
      {
        ErrorBoundary: PageFault,
        HydrateFallback: Loading,
        children: [
          { index: true, Component: Home },
          {
            path: 't/:tenant',
            Component: Shell,
            children: [
              {
                ErrorBoundary: PageFault,
                children: [{ index: true, Component: Home }, ...PAGES, { path: '*', Component: NotFoundPage }],
              },
            ],
          },
          {
            path: 'operate',
            Component: Shell,
            children: [
              {
                ErrorBoundary: PageFault,
                children: [{ index: true, lazy: () => import('../operate/operate-page.tsx') }],
              },
            ],
          },
          { path: '*', Component: NotFoundPage },
        ],
      },
    ],
    { basename: '/console' },
  );
}
