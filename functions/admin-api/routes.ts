import type { Route } from './route.ts';
import { adviceRoutes } from './routes/advice.ts';
import { calendarRoutes } from './routes/calendars.ts';
import { exportRoutes } from './routes/exports.ts';
import { folderRoutes } from './routes/folders.ts';
import { historyRoutes } from './routes/history.ts';
import { importRoutes } from './routes/imports.ts';
import { licenseRoutes } from './routes/licenses.ts';
import { renewalRoutes } from './routes/renewals.ts';
import { serviceRoutes } from './routes/service.ts';
import { tenantRoutes } from './routes/tenant.ts';
import { usageRoutes } from './routes/usage.ts';
import { userCardRoutes } from './routes/user-cards.ts';

/** All routes of the API. */
export const ROUTES: readonly Route[] = [
  ...serviceRoutes,
  ...tenantRoutes,
  ...licenseRoutes,
  ...folderRoutes,
  ...userCardRoutes,
  ...importRoutes,
  ...renewalRoutes,
  ...usageRoutes,
  ...adviceRoutes,
  ...calendarRoutes,
  ...historyRoutes,
  ...exportRoutes,
];
