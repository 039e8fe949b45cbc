import type { UserCard } from '../api/types.ts';

/** The members of a card that an administrator sets. */
export type CardFacts = {
  readonly name?: string | undefined;
  readonly folder: string;
  readonly access: UserCard['access'];
  readonly level: UserCard['level'];
};

export const FACT_NAMES = ['name', 'folder', 'level', 'access'] as const satisfies readonly (keyof CardFacts)[];
export const LEVELS = ['normal', 'root', 'readonly', 'no-access'] as const;
export const ACCESS = ['write', 'read'] as const;

export const NEW_CARD: CardFacts = { folder: '', access: 'write', level: 'normal' };

/** Returns the members that differ from what was read. The service keeps the rest as it is. */
export function changedFacts(before: CardFacts | undefined, after: CardFacts): Partial<CardFacts> {
  const entries = FACT_NAMES.filter((name) => after[name] !== undefined && after[name] !== before?.[name]);
  return Object.fromEntries(entries.map((name) => [name, after[name]]));
}

export function factsOf({ name, folder, access, level }: CardFacts): CardFacts {
  return { name, folder, access, level };
}
