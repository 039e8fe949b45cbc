import { expect, test } from 'vitest';
import { DEFAULTS } from '../../../functions/console/app/settings/defaults.ts';
import { viewSettings, withDefaults } from '../../../shared/administration/tenant-settings.ts';

test('the console knows the defaults of a new tenant', () => {
  expect(viewSettings(withDefaults({ customers: ['Acme'], timeZone: 'UTC' }))).toMatchObject(DEFAULTS);
});
