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
export type Import = Answer<'/tenants/{tenant}/imports'>['imports'][number];
export type ImportCounts = Import extends infer One ? (One extends { counts: infer Counts } ? Counts : never) : never;
export type ImportPreview = Answer<'/tenants/{tenant}/import-previews/{previewId}'>;
export type PreviewedLicense = ImportPreview['licenses'][number];
export type ImportOutcome = PreviewedLicense['outcome'];
export type FileFault = ImportPreview['faults'][number];
export type RenewalEntry = Answer<'/tenants/{tenant}/renewals'>['renewals'][number];
export type RenewalStatus = RenewalEntry['status'];
export type RenewalRow = Answer<'/tenants/{tenant}/renewals/{renewalId}/rows'>['rows'][number];
export type RowOutcome = RenewalRow['outcome'];
export type LicenseClass = RenewalRow['class'];
export type RenewalDifference = Answer<'/tenants/{tenant}/renewals/{renewalId}/differences'>['differences'][number];
type AnyRenewal = Answer<'/tenants/{tenant}/renewals/{renewalId}'>;
export type Renewal = Extract<AnyRenewal, { shortfall: unknown }>;
export type RenewalProgress = Omit<Extract<AnyRenewal, { progress: unknown }>, 'rows' | 'cursor'>;
export type UserCardRow = Answer<'/tenants/{tenant}/user-cards'>['userCards'][number];
export type UserCard = Answer<'/tenants/{tenant}/user-cards/{user}'>;
export type Receipt = NonNullable<UserCard['lastReceipt']>;
export type HistoryEntry = Answer<'/tenants/{tenant}/history'>['entries'][number];
