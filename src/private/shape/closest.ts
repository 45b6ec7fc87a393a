/** The candidate that takes the fewest edits to become the word: what was probably meant. None if there is no candidate. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }));
  return ranked.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Insertions, deletions and replacements of single characters that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, character] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const replacement = row[column - 1] + (character === b[column - 1] ? 0 : 1);
      next.push(Math.min(replacement, row[column] + 1, next[column - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
