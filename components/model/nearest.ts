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

/** The number of letters to insert, delete or replace: https://en.wikipedia.org/wiki/Levenshtein_distance */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
