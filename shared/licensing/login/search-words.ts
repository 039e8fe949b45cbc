import { beginning } from '../beginning.ts';
import type { UserCard } from './user-card.ts';

/** The most words of a name that people are found by. */
const MOST_WORDS = 10;

/** The most characters of a word that count. */
const LONGEST = 100;

type Named = Pick<UserCard, 'user' | 'name' | 'linkedIds'>;

/**
 * Returns the words by which a card is found: its user ids as a whole, and each word of the name, as `folded` writes
 * them.
 */
export function searchWords({ user, name = '', linkedIds = [] }: Named): readonly string[] {
  return [...new Set([...[user, ...linkedIds].map(idWord), ...wordsOf(name).slice(0, MOST_WORDS)])];
}

/** A search for people: the words that a name must have, and the text with which an id may begin. */
export type PeopleSearch = { readonly words: readonly string[]; readonly id: string };

/** Returns the search that a text asks for; undefined when the text has nothing that can be searched for. */
export function peopleSearch(text: string): PeopleSearch | undefined {
  const search = { words: wordsOf(text), id: idWord(text.trim()) };
  return search.id === '' ? undefined : search;
}

/** Returns whether the id begins with the text, or each word of the text begins a word of the name. */
export function isFound(card: Named, { words, id }: PeopleSearch): boolean {
  if ([card.user, ...(card.linkedIds ?? [])].some((one) => idWord(one).startsWith(id))) return true;
  const names = wordsOf(card.name ?? '');
  return words.length > 0 && words.every((word) => names.some((name) => name.startsWith(word)));
}

function idWord(user: string): string {
  return beginning(folded(user), LONGEST);
}

function wordsOf(name: string): readonly string[] {
  return folded(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => beginning(word, LONGEST));
}

/** Returns a text without the differences that people do not look for: case, accents and width. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
