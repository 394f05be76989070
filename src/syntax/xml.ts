/**
 * XML as mail set-up files use it: elements, attributes and text, read into a small tree. No DOCTYPE, so no entities but the
 * five that XML itself has (XML 1.0 §4.6); nothing is fetched. Bounded in octets, depth and elements, because anybody writes it.
 */
import { SaxesParser } from 'saxes'

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string
  /** Without those of namespaces. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly within, trimmed. */
  readonly text: string
  /** From 1. */
  readonly line: number
}

export interface XmlProblem {
  /** In words; what the parser says may quote the file. */
  readonly problem: string
  readonly line: number
}

/** Octets of a file; one that tells a mail program where to go has a few thousand. */
const mostOctets = 64 * 1024
const mostDepth = 32
const mostElements = 4000

class Unreadable extends Error {}

/** `octets`: one character an octet, UTF-8. Never throws. */
export function parseXml(octets: string): XmlElement | XmlProblem {
  if (octets.length > mostOctets) return { problem: `the file has more than ${mostOctets} octets`, line: 1 }
  const text = decode(octets)
  if (text === null) return { problem: 'the file is not in UTF-8', line: 1 }
  const parser = new SaxesParser({ xmlns: true })
  const open: { name: string; attributes: Map<string, string>; children: XmlElement[]; text: string[]; line: number }[] = []
  let root: XmlElement | undefined
  let elements = 0
  parser.on('error', error => {
    throw new Unreadable(error.message.replace(/^\d+:\d+: /, ''))
  })
  parser.on('doctype', () => {
    throw new Unreadable('a DOCTYPE has no place in it')
  })
  parser.on('opentag', tag => {
    if (++elements > mostElements) throw new Unreadable(`more than ${mostElements} elements`)
    if (open.length >= mostDepth) throw new Unreadable(`more than ${mostDepth} elements within one another`)
    const attributes = new Map(Object.values(tag.attributes).filter(({ prefix, local }) => prefix !== 'xmlns' && local !== 'xmlns')
      .map(({ local, value }) => [local, value]))
    open.push({ name: tag.local, attributes, children: [], text: [], line: parser.line })
  })
  const take = (part: string): unknown => open.at(-1)?.text.push(part)
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', () => {
    const closed = open.pop()
    if (!closed) return
    const element = { ...closed, text: closed.text.join('').trim() }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else root = element
  })
  try {
    parser.write(text).close()
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message, line: parser.line }
    throw error
  }
  return root ?? { problem: 'there is no element', line: 1 }
}

/** The children of this name, compared without regard to case: so do the programs that read such files. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(child => child.name.toLowerCase() === name.toLowerCase())
}

/** The text of the first of them; undefined when there is none. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** As text or attribute value. What XML 1.0 has no way to write (§2.2: most control characters) becomes U+FFFD. */
export function escapeXml(text: string): string {
   
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu, '\ufffd').replace(/[&<>"']/g, mark => escapes[mark] ?? mark)
}

function decode(octets: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(octets, octet => octet.charCodeAt(0)))
  } catch {
    return null
  }
}
