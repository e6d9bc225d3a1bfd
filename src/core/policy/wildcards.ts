// Matching with `*` and `?` in time that grows with pattern × text: patterns come from models.

/** Any text, the empty one included. */
export const ANY = Symbol("any");
/** Any one character. */
export const ONE = Symbol("one");

/** Single characters and wildcards. */
export type Wildcards = readonly (string | typeof ANY | typeof ONE)[];

export function wildcardsMatch(pattern: Wildcards, text: string): boolean {
  const characters = Array.from(text);
  let at = 0;
  let next = 0;
  let star = -1;
  let retry = 0;
  while (at < characters.length) {
    const wanted = pattern[next];
    if (wanted === ANY) {
      star = next;
      retry = at;
      next += 1;
    } else if (wanted === ONE || (wanted !== undefined && wanted === characters[at])) {
      at += 1;
      next += 1;
    } else if (star !== -1) {
      // The last star takes one character more.
      retry += 1;
      at = retry;
      next = star + 1;
    } else return false;
  }
  return pattern.slice(next).every((rest) => rest === ANY);
}

/** What follows the last `/` of a pattern. */
export function lastSegment(pattern: Wildcards): Wildcards {
  return pattern.slice(pattern.lastIndexOf("/") + 1);
}
