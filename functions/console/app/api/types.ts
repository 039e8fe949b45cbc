import type { paths } from '../described/api.ts';

type Json<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : never;

/** The body of a GET's success: `Answer<'/tenants/{tenant}/licenses'>`. */
export type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: infer Success } } }
  ? Json<Success>
  : never;

/** The query of a GET. */
export type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Wanted } } }
  ? NonNullable<Wanted>
  : never;

export type License = Answer<'/tenants/{tenant}/licenses'>['licenses'][number];
export type LicenseState = License['state'];
export type Folder = Answer<'/tenants/{tenant}/folders'>['folders'][number];
export type Me = Answer<'/me'>;
