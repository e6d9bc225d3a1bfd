// Finds files by a few letters of their path. Pure; a list of a hundred thousand takes some tens of milliseconds.

/** At most `limit` paths whose letters contain those of `query` in order, best first: together, at the start of a name. */
export function bestMatches(paths: readonly string[], query: string, limit: number): readonly string[] {
  const letters = query.toLowerCase().replaceAll(/\s+/g, "");
  if (letters === "") return paths.slice(0, limit);
  const scored = paths.flatMap((path) => {
    const score = scoreOf(path, letters);
    return score === null ? [] : [{ path, score }];
  });
  return scored
    .toSorted((a, b) => b.score - a.score || a.path.length - b.path.length)
    .slice(0, limit)
    .map(({ path }) => path);
}

const START_OF_WORD = /[\s/._-]/;

function scoreOf(path: string, letters: string): number | null {
  const name = path.toLowerCase();
  const whole = name.lastIndexOf(letters);
  // The same letters in a row count most where a word begins, and in the file's own name.
  if (whole !== -1) return 1000 + (whole > name.lastIndexOf("/") ? 500 : 0) + (whole === 0 || START_OF_WORD.test(name.charAt(whole - 1)) ? 200 : 0);
  let at = -1;
  let score = 0;
  for (const letter of letters) {
    const next = name.indexOf(letter, at + 1);
    if (next === -1) return null;
    if (next === at + 1) score += 5;
    if (next === 0 || START_OF_WORD.test(name.charAt(next - 1))) score += 8;
    at = next;
  }
  return score;
}
