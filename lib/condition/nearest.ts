// Finds the word that a caller probably meant, for messages.

/** Returns the first candidate with the smallest edit distance to the word (Levenshtein 1966), ignoring case. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // Bounds the time, which grows with the product of the lengths.
  // Stryker disable next-line MethodExpression: only the time differs.
  const wanted = word.slice(0, 100).toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (!best || distance < best.distance) best = { candidate, distance };
  }
  return best?.candidate;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
