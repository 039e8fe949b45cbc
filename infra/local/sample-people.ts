import type { Role } from '../../shared/licensing/vocabulary.ts';

/** The tenant that a new state gets. */
export const TENANT = 'acme';

/** A person whom the login page of the local OpenID provider offers. */
export type SamplePerson = {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly tenant?: string;
};

/** One person of each role: of the sample tenant, and an operator, who belongs to no tenant. */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  { user: 'aino', name: 'Aino Virtanen', role: 'administrator', tenant: TENANT },
  { user: 'veikko', name: 'Veikko Lehto', role: 'viewer', tenant: TENANT },
  { user: 'outi', name: 'Outi Salo', role: 'operator' },
];
