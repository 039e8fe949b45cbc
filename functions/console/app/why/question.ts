import { oneOf, someDay, someText, useAddressQuery, yes } from '../shell/address-query.ts';

export const OUTCOMES = ['denied', 'allocated', 'assigned', 'continued'] as const;

const READINGS = {
  of: oneOf(['user', 'folder']),
  user: someText,
  folder: someText,
  subfolders: yes,
  level: oneOf(['normal', 'root', 'readonly', 'no-access']),
  access: oneOf(['write', 'read']),
  day: someDay,
  outcome: oneOf(OUTCOMES),
};

/** What is asked stands in the address. */
export const useWhyQuery = () => useAddressQuery(READINGS);
