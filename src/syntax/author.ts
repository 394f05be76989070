/**
 * The From field of a message (RFC 5322 §3.6.2, §3.4): who wrote it, as one address or several, with or without names, comments
 * and groups. DMARC asks for the domain alone (RFC 9989 §5.3.1).
 */
import { toALabels } from './domain.ts'
import { maxLabel } from './name.ts'

export type Authors =
  | {
      /** Each once, in order: lower case A-labels, no final dot. */
      readonly domains: readonly string[]
    }
  /** Some address has no domain that could be in the DNS. */
  | { readonly error: string }

/** A line of a header has 998 octets (RFC 5322 §2.1.1); a field has as many lines as anybody likes. */
const longestField = 65_536

/** The domains in a From field, in an address, or a domain given by itself. Never throws. */
export function authorDomains(field: string): Authors {
  if (field.length > longestField) return { error: 'the From field is too long' }
  const mailboxes = split(field)
  if (!mailboxes) return { error: 'the From field has a quotation, comment or angle bracket without its end' }
  const domains = new Set<string>()
  for (const mailbox of mailboxes) {
    const at = mailbox.lastIndexOf('@')
    const domain = at >= 0 || (mailboxes.length === 1 && mailbox.includes('.')) ? domainName(mailbox.slice(at + 1)) : null
    if (domain === null) return { error: `${JSON.stringify(mailbox.slice(0, 80))} has no domain that can be in the DNS` }
    domains.add(domain)
  }
  return { domains: [...domains] }
}

/**
 * A domain as mail fields have it, as the DNS knows it; null when it cannot be a name there. RFC 9989 §5.3.1: U-labels are
 * converted.
 */
export function domainName(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.length > 1000) return null // so that no megabyte is converted
  const labels = toALabels(trimmed).replace(/\.$/, '').split('.')
  const length = labels.reduce((sum, label) => sum + label.length + 1, -1)
  if (length > 253 || labels.some(label => label.length > maxLabel || !/^[A-Za-z0-9_-]+$/.test(label))) return null
  return labels.join('.').toLowerCase()
}

/** The addresses, without names and comments; null when something is left open. */
function split(field: string): string[] | null {
  const mailboxes: string[] = []
  let plain = ''
  let angle: string | null = null
  let depth = 0
  let quoted = false
  let within = false
  const keep = (text: string): void => {
    if (within) angle = `${angle ?? ''}${text}`
    else plain += text
  }
  const flush = (): void => {
    const address = (angle ?? plain).trim()
    if (address !== '' || angle !== null) mailboxes.push(address)
    plain = ''
    angle = null
  }
  for (let at = 0; at < field.length; at++) {
    const character = field.charAt(at)
    if (character === '\\' && (depth > 0 || quoted)) at++ // a quoted-pair (§3.2.1): of no account, as all that is quoted
    else if (depth > 0) depth += character === '(' ? 1 : character === ')' ? -1 : 0
    else if (character === '"') {
      quoted = !quoted
      keep('"')
    } else if (quoted) continue
    else if (character === '(') depth = 1
    else if (character === '<' && !within) {
      within = true
      angle = ''
    } else if (character === '>' && within) within = false
    else if ((character === ',' || character === ';') && !within) flush()
    else if (character === ':' && !within) plain = '' // the name of a group (§3.4)
    else keep(character)
  }
  if (depth > 0 || quoted || within) return null
  flush()
  return mailboxes
}
