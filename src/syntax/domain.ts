/**
 * What a person types -> the domain meant (RFC 1035 §2.3.1, RFC 5890). People paste URLs and mail addresses, and write names
 * in their own script: the domain is taken out of what they gave, and what was left out is said. Inside, a domain is lower
 * case A-labels without final dot ("xn--mnchen-3ya.de"); people see it as they typed it ("münchen.de").
 */
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

export type DomainInput =
  | {
      /** Lower case A-labels, no final dot. */
      readonly domain: string
      /** The name as typed, without what stood around it. */
      readonly shownAs: string
      /** What was left out or looks odd, for people. */
      readonly note?: string
    }
  | { readonly error: string }

/** RFC 1035 §2.3.4, in presentation format: 255 octets on the wire are 253 characters. */
const longestName = 253
const longestLabel = 63

/** Never throws. */
export function parseDomain(input: string): DomainInput {
  const typed = input.trim()
  if (typed === '') return { error: 'no domain is given: name one, such as example.com' }
  const { name, note } = takeName(typed)
  const notes = note ? [note] : []

  const bare = name.replace(/^\[(?:ipv6:)?(.*)\]$/i, '$1')
  if (isIP(bare)) return addressError(bare)
  if (name === '') return { error: `${quote(typed)} names no domain: name one, such as example.com` }
  if (/\s/.test(name)) return { error: `${quote(name)} contains a space: a domain is one word, such as example.com` }

  const dotted = name.replace(/[\u3002\uff0e\uff61]/g, '.') // UTS #46 §2.3: the full stops of other scripts
  const shownAs = dotted.replace(/\.+$/, '')
  if (shownAs === '') return { error: `${quote(name)} is the root of the DNS: name a domain, such as example.com` }
  if (dotted.endsWith('..')) notes.push(`${quote(name)} ends in several dots: ${shownAs} is taken`)
  // Measured before it is converted, so that no megabyte is.
  if (shownAs.length > longestName) return tooLong(shownAs, shownAs.length)

  const converted = toALabels(shownAs)
  if (converted === '') {
    return { error: `${quote(shownAs)} is not a name that can stand in the DNS (it has no A-label form, RFC 5891)` }
  }
  const domain = converted
  if (isIP(domain)) return addressError(domain)
  const wrong = faultOf(domain, shownAs, dotted.endsWith('.'))
  if (wrong !== null) return { error: wrong }
  if (domain.includes('_')) {
    const parent = domain.replace(/^.*_[^.]*\./, '')
    const meant = parent.includes('.') && parent !== domain ? `; did you mean ${parent}?` : ''
    notes.push(`${shownAs} holds an underscore, which no mail domain does (RFC 5321 §4.1.2)${meant}`)
  }
  return notes.length > 0 ? { domain, shownAs, note: notes.join('; ') } : { domain, shownAs }
}

/** The name within a URL, an address or `host:port`, and what to say about it. */
function takeName(typed: string): { name: string; note?: string } {
  const url = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*)/i.exec(typed)
  if (url) {
    const authority = url[1] ?? ''
    const name = withoutPort(authority.slice(authority.lastIndexOf('@') + 1))
    return { name, note: `${quote(typed)} is a URL: its host ${quote(name)} is taken` }
  }
  const mailto = /^mailto:([^?]*)/i.exec(typed)
  const address = mailto?.[1] ?? typed
  if (address.includes('@')) {
    const name = address.slice(address.lastIndexOf('@') + 1).replace(/>.*$/s, '').trim()
    return { name, note: `${quote(address)} is a mail address: its domain ${quote(name)} is taken` }
  }
  const name = withoutPort(address.replace(/[/?#].*$/s, ''))
  return name === typed ? { name } : { name, note: `of ${quote(typed)} only ${quote(name)} is taken` }
}

/** `example.com:25` -> `example.com`; IPv6 addresses stay whole. */
function withoutPort(authority: string): string {
  return isIP(authority) ? authority : authority.replace(/^([^:]*|\[[^\]]*\]):\d*$/, '$1')
}

/** `münchen.de` -> `xn--mnchen-3ya.de`, in lower case; '' when it has no such form. */
export function toALabels(name: string): string {
  const lower = name.toLowerCase()
  // ASCII needs no conversion: the converter would take "0x7f.1" for an address, and of labels with "xn--" that encode
  // nothing ("xn--a") every Node thinks differently, while the DNS can hold them (RFC 5890 §2.3.1).
  if (/^[\x21-\x7e]*$/.test(lower)) return lower
  return domainToASCII(name)
}

function faultOf(domain: string, shownAs: string, finalDot: boolean): string | null {
  const foreign = /[^a-z0-9._-]/.exec(domain)
  if (foreign) return `${quote(shownAs)} is not a domain: it contains ${quote(foreign[0])}`
  if (domain.length > longestName) return tooLong(shownAs, domain.length).error
  const labels = domain.split('.')
  if (labels.includes('')) return `${quote(shownAs)} is not a domain: it has an empty label (two dots in a row, or one in front)`
  const long = labels.find(label => label.length > longestLabel)
  if (long) return `${quote(shownAs)} is not a domain: the label ${quote(long)} has ${long.length} characters, and ${longestLabel} is the most`
  const hyphened = labels.find(label => label.startsWith('-') || label.endsWith('-'))
  if (hyphened) return `${quote(shownAs)} is not a domain: the label ${quote(hyphened)} begins or ends with a hyphen`
  if (/^\d+$/.test(labels.at(-1) ?? '')) return `${quote(shownAs)} is not a domain: no top-level domain is a number`
  if (labels.length === 1 && !finalDot) {
    return `${quote(shownAs)} is a single label: name the whole domain, such as ${shownAs}.example` +
      ` (or write "${shownAs}." if the top-level domain itself is meant)`
  }
  return null
}

function tooLong(name: string, length: number): { error: string } {
  return { error: `${quote(name)} is not a domain: it has ${length} characters, and ${longestName} is the most` }
}

function addressError(address: string): { error: string } {
  return {
    error: `${address} is an IP address; mailcheck starts from a domain, the part of a mail address after the @` +
      ` (to test one server, declare it under "services:" in mailcheck.yaml; to ask this resolver: --resolver ${address})`,
  }
}

function quote(text: string): string {
  const characters = Array.from(text.slice(0, 200)) // by code point, so that none is cut in two
  return `"${characters.length > 60 ? `${characters.slice(0, 57).join('')}…` : characters.join('')}"`
}
