export { Component as ExpiryPage } from '../expiry/expiry-page.tsx';
export { Component as ImportsPage } from '../imports/imports-page.tsx';
export { Component as RenewalsPage } from '../renewals/renewals-page.tsx';
export { Component as UsagePage } from '../usage/usage-page.tsx';
