// The words of a text as they are looked up: lower case, singular, camelCase and snake_case in their parts. Not the whole
// beside them: names that are written once would be most of the index, and all their parts rank the same name first.
const WORD = /[\p{L}\p{N}]+/gu;
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{N}+|\p{L}+/gu;
const SIMPLE = /^[a-z]+$/;
const PLURAL = /[^aious]s$/;
/** Longer ones were written by a program: hashes, encoded data. */
const LONGEST = 60;

export function searchTerms(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    if (word.length > LONGEST) continue;
    if (SIMPLE.test(word)) terms.push(singular(word));
    else for (const part of word.match(PART) ?? []) terms.push(singular(part.toLowerCase()));
  }
  return terms;
}

/** The same for both forms is enough; it need not be the right word. */
function singular(word: string): string {
  return word.length > 3 && PLURAL.test(word) ? word.slice(0, -1) : word;
}
