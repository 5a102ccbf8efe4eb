/** Returns the candidate that a misspelt word most likely means; `undefined` if none is near enough to be worth a guess. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = folded(word);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const ranked = candidates.map((candidate) => ({ candidate, distance: editDistance(wanted, folded(candidate)) }));
  return ranked.filter(({ distance }) => distance <= limit).sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** `minimum-age` and `MinimumAge` mean `minimumAge`. The length is bounded, since a distance takes time that grows with its square. */
function folded(word: string): string {
  return word
    .replace(/[-_\s]/g, "")
    .toLowerCase()
    .slice(0, 64);
}

/** The number of letters to insert, delete, replace, or swap with the next one: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 0; line < from.length; line++) {
    const next = [line + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (from[line] === to[column] ? 0 : 1);
      const isSwapped = line > 0 && column > 0 && from[line] === to[column - 1] && from[line - 1] === to[column];
      const swapped = isSwapped ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
