import type { Route } from './route.ts';
import { licenseRoutes } from './routes/licenses.ts';

/** Every route of the API under `/tenants/{tenant}`. */
export const ROUTES: readonly Route[] = [...licenseRoutes];
