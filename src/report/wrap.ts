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
    if (cut) {
      const pieces = chunks(word, room)
      word = pieces.pop() ?? ''
      for (const piece of pieces) lines.push(piece)
    }
    line = word
    filled = cells(word)
  }
  return filled > 0 ? [...lines, line] : lines
}

/** Of a text that goes on and on, as much as says what it is. */
export function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text
}

const longest = 1200

/** `text` in pieces of at most `width` cells, wherever the cuts fall; '' is one piece. */
export function chunks(text: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let filled = 0
  for (const character of text) {
    const taken = cells(character)
    if (filled + taken > width && piece !== '') {
      pieces.push(piece)
      piece = ''
      filled = 0
    }
    piece += character
    filled += taken
  }
  return [...pieces, piece]
}
