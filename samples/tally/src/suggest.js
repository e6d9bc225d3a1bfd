/** The candidate closest to what was typed, if it is close enough to be meant. */
export function suggest(typed, candidates) {
  const prefixed = candidates.find((candidate) => typed.length >= 3 && candidate.startsWith(typed));
  if (prefixed) return prefixed;

  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** How many letters to insert, delete, replace or swap with their neighbour to get from `a` to `b`. */
export function editDistance(a, b) {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  table[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const replace = table[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? table[i - 2][j - 2] + 1 : Infinity;
      table[i][j] = Math.min(replace, swap, table[i - 1][j] + 1, table[i][j - 1] + 1);
    }
  }
  return table[a.length][b.length];
}
