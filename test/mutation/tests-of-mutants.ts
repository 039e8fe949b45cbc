/**
 * The tests that run first for a mutant, by a part of its file's path: the first row that fits decides. A test file is
 * named by the beginning of its path.
 */
export const FIRST_TESTS: readonly (readonly [part: string, tests: readonly string[]])[] = [
  ['shared/licensing/license/lifecycle', ['test/licensing/license/lifecycle']],
  ['shared/licensing/license', ['test/licensing/license', 'test/store/claim', 'test/imports']],
  ['shared/licensing/login', ['test/licensing/login', 'test/sign-in/sessions', 'test/functions/session-hooks']],
  ['shared/licensing/limits', ['test/licensing/limits', 'test/administration/limits']],
  ['shared/licensing/', ['test/licensing', 'test/sign-in/sessions']],
  ['shared/sign-in/sessions', ['test/sign-in/sessions', 'test/functions/session-hooks']],
  ['shared/sign-in/hooks', ['test/sign-in/hooks', 'test/functions/session-hooks', 'test/administration/hooks']],
  ['shared/sign-in/providers', ['test/sign-in/providers', 'test/functions/session-hooks']],
  ['shared/imports', ['test/imports']],
  ['shared/store/write-import', ['test/imports']],
  ['shared/store/write-tenant', ['test/administration/tenants', 'test/administration/folders']],
  ['shared/store/write-user-card', ['test/sign-in/sessions', 'test/administration', 'test/functions/erasure']],
  ['shared/store/command-items', ['test/store/command-items', 'test/administration/commands']],
  ['shared/store/named-people', ['test/store/command-items', 'test/functions/erasure']],
  ['shared/store/erasures', ['test/functions/erasure', 'test/functions/record-history']],
  ['shared/administration/erase', ['test/administration/erase-last-changes', 'test/functions', 'test/renewals/erased']],
  ['shared/administration/renewals', ['test/renewals']],
  ['shared/administration/hooks', ['test/administration']],
  ['shared/administration/tenant', ['test/administration', 'test/functions/admin-api/operators-settings']],
  ['shared/administration/webhook', ['test/administration/webhook']],
  ['shared/administration/', ['test/administration', 'test/functions/admin-api']],
  ['shared/platform', ['test/platform']],
  ['shared/history', ['test/functions/record-history']],
  ['shared/audit', ['test/audit']],
  ['functions/session-hooks', ['test/functions/session-hooks']],
  ['functions/admin-api', ['test/functions/admin-api']],
  ['functions/audit-tenants', ['test/functions/audit-tenants']],
  ['functions/record-history', ['test/functions/record-history']],
  ['clean-up-daily', ['test/renewals/daily-cleanup']],
  ['cleanup-mark', ['test/renewals/daily-cleanup', 'test/events']],
  ['pool-notice', ['test/events', 'test/functions/publish-events']],
  ['renewal', ['test/renewals']],
  ['switch-licenses', ['test/renewals']],
  ['find-next-step', ['test/renewals']],
  ['import-held-back', ['test/renewals']],
  ['', ['test/store', 'test/sign-in/sessions']],
];

/** What interrupts and interleaves: runs last, after all unit tests. */
export const SIMULATIONS = [
  'test/simulation/histories',
  'test/simulation/idle-time',
  'test/simulation/import-beside-logins',
  'test/simulation/audit-beside-logins',
  'test/simulation/interrupted',
  'test/simulation/login-storms',
  'test/simulation/renewal',
  'test/simulation/session-ends',
  'test/simulation/redelivery',
];

export function firstTestsOf(file: string): readonly string[] {
  return FIRST_TESTS.find(([part]) => file.includes(part))?.[1] ?? [];
}
