/** Prose in columns. Width is counted in terminal cells. */

/** Cells that `text` takes: East Asian wide characters two, combining marks none. */
export function cells(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let sum = 0
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue
    sum += /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
      .test(character) ? 2 : 1
  }
  return sum
}

/**
 * The words of `text` in lines of at most `width` cells. A word that is longer stands on a line of its own, whole, so that it
 * can be copied; with `cut` it is cut to fit.
 */
export function wrap(text: string, width: number, { cut = false } = {}): string[] {
  const room = Math.max(width, 10)
  const lines: string[] = []
  let line = ''
  let filled = 0
  for (let word of text.split(/\s+/).filter(part => part !== '')) {
    if (filled > 0 && filled + 1 + cells(word) <= room) {
      line += ` ${word}`
      filled += 1 + cells(word)
      continue
    }
    if (filled > 0) lines.push(line)
    while (cut && cells(word) > room) {
      const head = fitting(word, room)
      lines.push(head)
      word = word.slice(head.length)
    }
    line = word
    filled = cells(word)
  }
  return filled > 0 ? [...lines, line] : lines
}

function fitting(word: string, room: number): string {
  if (/^[\x20-\x7e]*$/.test(word)) return word.slice(0, room)
  let head = ''
  let filled = 0
  for (const character of word) {
    filled += cells(character)
    if (filled > room && head !== '') break
    head += character
  }
  return head
}
