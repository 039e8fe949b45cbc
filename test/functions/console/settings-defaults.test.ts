import { expect, test } from 'vitest';
import { DEFAULTS, HOOK_RULES } from '../../../functions/console/app/settings/defaults.ts';
import { EDITED } from '../../../functions/console/app/settings/setting-names.ts';
import {
  changedSettings,
  operatorsMembers,
  viewSettings,
  withDefaults,
} from '../../../shared/administration/tenant-settings.ts';
import { RULES } from '../../../shared/sign-in/hooks/hook-rules.ts';

test('the console knows the defaults of a new tenant', () => {
  expect(viewSettings(withDefaults({ customers: ['Acme'], timeZone: 'UTC' }))).toMatchObject(DEFAULTS);
});

test('an administrator changes every setting in the console that the service lets administrators change', () => {
  const ofAdministrators = Object.keys(changedSettings.shape).filter(
    (name) => operatorsMembers({ [name]: 'any' } as never).length === 0,
  );

  expect([...EDITED, 'folderClaims', 'poolThresholds'].toSorted()).toEqual(ofAdministrators.toSorted());
});

test('the console asks for the settings that each hook needs or may have, and for no others', () => {
  expect(HOOK_RULES).toEqual(RULES);
});
