/** A label that nobody chose: what a name server answers for it, it answers for every name that does not exist. */

/** Always the same for a domain, so that a recording of the question is found again. */
export function unlikelyLabel(domain: string): string {
  let hash = 0x811c9dc5 // FNV-1a
  for (let i = 0; i < domain.length; i++) hash = Math.imul(hash ^ domain.charCodeAt(i), 0x01000193) >>> 0
  return `mailcheck-${hash.toString(36)}-absent`
}
