import { api, ifMatch, read } from '../api/client.ts';
import type { UserCard } from '../api/types.ts';
import type { CardFacts } from './card-facts.ts';

/** Writes some members of a card in the version that was read. `0` stands for a user without a card. */
export function saveCard(tenant: string, user: string, version: number, facts: Partial<CardFacts>): Promise<UserCard> {
  const { name, ...rest } = facts;
  return read(
    api.PUT('/tenants/{tenant}/user-cards/{user}', {
      params: { path: { tenant, user }, header: ifMatch(version) },
      body: { ...rest, ...(name !== undefined && name !== '' && { name }) },
    }),
  );
}
