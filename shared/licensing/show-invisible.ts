/**
 * Matches what a reader cannot see, or takes for something else: blanks other than the ordinary one, characters that
 * show nothing, hyphens other than `-`, marks that join any letter (the two dots of an NFD `ä`), and U+FFFD, which
 * stands for a lost letter. Marks that belong to one script, as in Hindi or Thai, are read with their letters.
 */
const INVISIBLE =
  /[[\p{C}\p{Z}\p{Pd}\p{Default_Ignorable_Code_Point}\u2212\u2800\ufffd[\p{M}&&\p{Script=Inherited}]]--[ \-]]/gv;

const WORD = /\p{L}+/gu;
const LATIN = /\p{Script=Latin}/u;
/** Letters that look like Latin ones. In a word with Latin letters they are there by mistake. */
const LIKE_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;

/** Returns a text in which every character that one cannot see stands as its code, as in `All[U+00A0]modules`. */
export function showInvisible(text: string): string {
  return text
    .replace(WORD, (word) => (LATIN.test(word) ? word.replace(LIKE_LATIN, codeOf) : word))
    .replace(INVISIBLE, codeOf);
}

function codeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `[U+${code}]`;
}
