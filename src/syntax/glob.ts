/** Patterns in which `*` stands for any characters, none and dots and slashes included. Everything else stands for itself. */

/** `text` is compared as it is, the pattern in lower case. */
export function globMatches(pattern: string, text: string): boolean {
  return matchesGlob(pattern.toLowerCase(), text)
}

/** Both are compared as they are. Linear in the product of the lengths, whatever the pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*')
  if (parts.length === 0) return head === text
  const tail = parts.pop() ?? ''
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false
  let from = head.length
  for (const part of parts) {
    const found = text.indexOf(part, from)
    if (found < 0 || found + part.length > text.length - tail.length) return false
    from = found + part.length
  }
  return true
}
