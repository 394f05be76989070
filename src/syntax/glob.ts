/** Patterns in which `*` stands for any characters, none and dots and slashes included. Everything else stands for itself. */

/** `text` is compared as it is, the pattern in lower case. Linear in the product of the lengths, whatever the pattern. */
export function globMatches(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.toLowerCase().split('*')
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
