import { describe, expect, it } from 'vitest';
import { administerRequest } from '../../shared/administration/administer-request.ts';

const faultsOf = (command: string, members: object): readonly string[] => {
  const reading = administerRequest.safeParse({ tenant: 'acme', actor: 'olga', command, ...members });
  return reading.success ? [] : reading.error.issues.map(({ message }) => message);
};

describe('days and moments are compared as text', () => {
  it.each([
    ['get-usage', { from: '1970-01-01', to: '9999-12-31' }],
    ['list-licenses', { expiringBefore: '9999-12-31' }],
    ['get-user-as-of', { user: 'ada', at: '1970-01-02T00:00:00Z' }],
    ['get-user-as-of', { user: 'ada', at: '9998-12-31T23:59:59.999Z' }],
  ])('so the first and the last ones are accepted: %s %j', (command, members) => {
    expect(faultsOf(command, members)).toEqual([]);
  });

  it.each([
    ['get-usage', { from: '1969-12-31' }],
    ['list-tenant-history', { day: '0000-01-01' }],
    ['get-user-as-of', { user: 'ada', at: '1970-01-01T23:59:59Z' }],
    ['explain', { user: 'ada', at: '9999-01-01T00:00:00Z' }],
  ])('so those before and after them are refused: %s %j', (command, members) => {
    expect(faultsOf(command, members)).toEqual([expect.stringContaining('1970-01-0')]);
  });
});
