/**
 * Every enumeration of the domain, each listed once. Types, schemas of requests, the description of the API and the
 * decoding of the table derive from these lists. Code that must handle a new value does not compile until it does.
 */

/** The right that a license gives, and that a user needs. */
export const ACCESS = ['write', 'read'] as const;
export type Access = (typeof ACCESS)[number];

/** Whether a license belongs to one user or is shared. */
export const LICENSE_TYPES = ['dedicated', 'floating'] as const;
export type LicenseType = (typeof LICENSE_TYPES)[number];

/** The level of a user card. `root` is licensed like `normal`. */
export const LEVELS = ['normal', 'root', 'readonly', 'no-access'] as const;
export type Level = (typeof LEVELS)[number];

/** Where a tenant runs ESM. */
export const ENVIRONMENTS = ['cloud', 'on-premises'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** When claims change the user card: only when the card is created, or at each login. */
export const CLAIMS_COUNT = ['at-creation', 'each-login'] as const;
export type ClaimsCount = (typeof CLAIMS_COUNT)[number];

/** What happens to the dedicated licenses of a user who has left. */
export const ON_LEAVE = ['release', 'keep'] as const;
export type OnLeave = (typeof ON_LEAVE)[number];

/** What an identity provider reports about a user who may no longer log in. */
export const LEAVER_NOTES = ['disabled', 'left'] as const;
export type LeaverNote = (typeof LEAVER_NOTES)[number];

/** The states of a license that follow from its item alone, on any day. */
export const LIFECYCLE_STATES = [
  'deleted',
  'held-back',
  'releasing',
  'in-use',
  'assigned',
  'set-aside',
  'free',
] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** The states in which people see a license. */
export const LICENSE_STATES = [
  'free',
  'assigned',
  'in-use',
  'releasing',
  'held-back',
  'set-aside',
  'expired',
  'not-yet-valid',
  'deleted',
] as const;
export type LicenseState = (typeof LICENSE_STATES)[number];

/** A login opens a session; an activity renews an open one. */
export const LOGIN_KINDS = ['login', 'activity'] as const;
export type LoginKind = (typeof LOGIN_KINDS)[number];

/** The outcome of a login. */
export const LOGIN_OUTCOMES = ['allocated', 'assigned', 'continued', 'denied'] as const;
export type LoginOutcome = (typeof LOGIN_OUTCOMES)[number];

/** Why a login got no license. */
export const DENIAL_REASONS = [
  'no-free-license',
  'assigned-license-expired',
  'no-access',
  'unknown-tenant',
  'session-ended',
  'too-old',
] as const;
export type DenialReason = (typeof DENIAL_REASONS)[number];

/** What an import did with one license. */
export const IMPORT_OUTCOMES = ['added', 'term-changed', 'unchanged', 'stale', 'conflict', 'deleted-before'] as const;
export type ImportOutcome = (typeof IMPORT_OUTCOMES)[number];

/** The outcomes of an import that change a license. */
export const IMPORT_MARKS = ['added', 'term-changed'] as const;
export type ImportMarkOutcome = (typeof IMPORT_MARKS)[number];

/** Whether a license file was imported or refused. */
export const REPORT_STATUSES = ['accepted', 'rejected'] as const;
export type ReportStatus = (typeof REPORT_STATUSES)[number];

/** Where an upload is: in `uploads` it is imported at once, in `renewals` it waits for a renewal. */
export const UPLOAD_AREAS = ['uploads', 'renewals'] as const;
export type UploadArea = (typeof UPLOAD_AREAS)[number];

/** Where an administrator may upload a file: in `previews` it is compared with the licenses, and never imported. */
export const FORM_AREAS = [...UPLOAD_AREAS, 'previews'] as const;
export type FormArea = (typeof FORM_AREAS)[number];

/** Whether a new license is assigned to the user of the old one, or is free. */
export const RENEWAL_MODES = ['assign', 'auto-allocate'] as const;
export type RenewalMode = (typeof RENEWAL_MODES)[number];

/** How far a renewal has come. */
export const RENEWAL_STATUSES = [
  'planned',
  'approved',
  'running',
  'waiting-for-term',
  'waiting-for-cleanup',
  'finished',
  'stopped',
  'undoing',
  'undone',
] as const;
export type RenewalStatus = (typeof RENEWAL_STATUSES)[number];

/** What a renewal plans for a row. */
export const PLANNED_OUTCOMES = ['replaced', 'extended', 'shortfall', 'left-over'] as const;
export type PlannedOutcome = (typeof PLANNED_OUTCOMES)[number];

/** Why it is doubtful that the user of an expiring license needs a new one. */
export const HOLDER_DOUBTS = ['no-access', 'second-license'] as const;
export type HolderDoubt = (typeof HOLDER_DOUBTS)[number];

/** What a renewal did with a row. */
export const ROW_OUTCOMES = [
  'replaced',
  'extended',
  'shortfall',
  'set-aside',
  'left-over',
  'undone',
  'skipped',
] as const;

/** What happened to an old license that was set aside. */
export const OLD_LICENSE_NOTES = ['set-aside', 'still-in-use', 'deleted'] as const;
export type OldLicenseNote = (typeof OLD_LICENSE_NOTES)[number];

/** What an undo did with a new license. */
export const NEW_LICENSE_NOTES = ['withdrawn', 'free-again'] as const;
export type NewLicenseNote = (typeof NEW_LICENSE_NOTES)[number];

/** The roles of callers of the API. If a token has several of them, the first in this list counts. */
export const ROLES = ['administrator', 'viewer', 'operator'] as const;
export type Role = (typeof ROLES)[number];
