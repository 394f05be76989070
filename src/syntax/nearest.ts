/** The word that was probably meant, for "did you mean …?". Typing errors are insertions, losses, changes and swaps of letters. */

/** The candidate nearest to `word`; undefined when none is near enough to be worth suggesting. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase().slice(0, 100)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const whole = editDistance(typed, candidate)
    // "within-lookup-limit" means "spf/within-lookup-limit".
    const tail = candidate.includes('/') && !typed.includes('/') ? editDistance(typed, candidate.replace(/^[^/]*\//, '')) + 0.5 : whole
    const distance = Math.min(whole, tail)
    if (!best || distance < best.distance) best = { candidate, distance }
  }
  return best && best.distance <= Math.max(1, Math.floor(typed.length / 3)) + 0.5 ? best.candidate : undefined
}

/** Letters inserted, lost, changed, or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed, swapped))
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
