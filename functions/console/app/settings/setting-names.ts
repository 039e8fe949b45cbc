import type { Answer } from '../api/types.ts';

export type Settings = Answer<'/tenants/{tenant}'>['settings'];
export type SettingName = keyof Settings;

/** The settings that the dialog of the section General changes. Folder mappings and watched pools have dialogs of their own. */
export const EDITED = [
  'timeZone',
  'idleTimeout',
  'cleanupHour',
  'setAsideWarningDays',
  'refuseWithoutLicense',
  'claims',
  'onLeave',
] as const satisfies readonly SettingName[];

/** Settings that decide what belongs to the tenant. Only operators set them, in the API. */
export const OPERATORS = [
  'environment',
  'customers',
  'publicKeys',
  'providerScopes',
] as const satisfies readonly SettingName[];
