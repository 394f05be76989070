/**
 * Domain names renamed, part by part: a run of letters and digits becomes another of the same length and kind, everywhere the same.
 * So a label divided at its hyphens by an SPF macro, or set into a longer name, is still found. What lies under a public suffix, or
 * under the name of a provider that judgements know, changes; those stay, as do words that everybody calls hosts by.
 */
import { randomInt } from 'node:crypto'
import { addressOctets, formatAddress } from '../../syntax/address.ts'
import { registeredName, registrySuffix } from '../../syntax/organizational-domain.ts'
import { unlikelyLabel } from '../../syntax/unlikely-label.ts'
import type { AddressMap } from './address-map.ts'
import { labels, words } from './well-known.ts'

export interface KeptNames {
  /** Names that stay, with what lies below them renamed: providers, authorities, our own. */
  readonly zones: readonly string[]
  /** Block lists: what lies below is a name or an address of its own. */
  readonly lists: readonly string[]
  /** DKIM selectors that are guessed. */
  readonly selectors: ReadonlySet<string>
}

const mostRounds = 500

export class NameMap {
  /** Every name that changed, and what it became. */
  readonly renamed = new Map<string, string>()
  readonly #kept: KeptNames
  readonly #addresses: AddressMap
  /** Addresses that occur, by which a row of numbers in a name is read forwards or backwards. */
  readonly #occurring: ReadonlySet<string>
  /** Words of the recording, none of which a new part may be. */
  readonly #taken: ReadonlySet<string>
  readonly #parts = new Map<string, string>()
  readonly #given = new Set<string>()
  /** Names that somebody registered, and the parts of their first labels. */
  readonly #registered = new Set<string>()
  readonly #registeredParts = new Set<string>()

  constructor(kept: KeptNames, addresses: AddressMap, occurring: ReadonlySet<string>, taken: ReadonlySet<string>, names: Iterable<string>) {
    this.#kept = kept
    this.#addresses = addresses
    this.#occurring = occurring
    this.#taken = taken
    for (const name of names) {
      const registered = registeredName(name)
      if (registered === null || registered.startsWith('_') || this.#zoneOf(registered) !== null) continue
      this.#registered.add(registered)
      for (const part of registered.slice(0, registered.indexOf('.')).split(/[^a-z0-9]+/)) this.#registeredParts.add(part)
    }
  }

  /**
   * Draws again until the names of each set sort as they did: whom a run asks first is decided by that. Before anything else is
   * renamed; what cannot be brought into order is left.
   */
  bringInOrder(sets: readonly (readonly string[])[]): void {
    for (let round = 0; round < mostRounds; round++) {
      const astray = sets.flatMap(set => {
        const sorted = set.toSorted()
        const at = sorted.findIndex((name, i) => i > 0 && this.name(sorted[i - 1] ?? '') > this.name(name))
        return at < 0 ? [] : [sorted[at - (round & 1)] ?? '']
      })
      if (astray.length === 0) return
      for (const part of astray.flatMap(name => name.match(/[a-z0-9]+/g) ?? [])) this.#parts.delete(part)
      this.renamed.clear()
    }
  }

  /** In any spelling, with or without the final dot. */
  name(name: string): string {
    const known = this.renamed.get(name)
    if (known !== undefined) return known
    const dot = name.endsWith('.') ? '.' : ''
    const made = this.#make(dot ? name.slice(0, -1) : name) + dot
    if (made !== name) this.renamed.set(name, made)
    return made
  }

  /** A label, or several, that belong to a host or a key: generic words stay. */
  label(label: string): string {
    return this.#run(label)
  }

  /** A run of letters and digits. */
  part(part: string): string {
    const folded = part.toLowerCase()
    const made = this.#parts.get(folded) ?? this.#draw(folded)
    this.#parts.set(folded, made)
    return inCaseOf(part, made)
  }

  /** Is it a part of a name that somebody registered here? */
  isRegistered(part: string): boolean {
    return this.#registeredParts.has(part.toLowerCase())
  }

  #make(name: string): string {
    const folded = name.toLowerCase()
    if (name === '' || this.#kept.zones.includes(folded)) return name
    const numbers = /^(?:(.*[^\d.][^.]*)\.)?(\d{1,3}(?:\.\d{1,3}){0,3})$/s.exec(name)
    if (numbers) return (numbers[1] === undefined ? '' : `${this.#below(numbers[1])}.`) + this.#written(numbers[2] ?? '')
    if (/[^a-z0-9_.*-]/.test(folded) && !name.includes('\\')) return name.replace(/[\w.*-]+/g, piece => piece.includes('.') ? this.name(piece) : this.#run(piece))
    const arpa = /^(?:(.+)\.)?(in-addr|ip6)\.arpa$/s.exec(folded)
    if (arpa) return arpa[1] === undefined ? name : this.#reverse(name.slice(0, arpa[1].length), arpa[2] === 'ip6') + name.slice(arpa[1].length)
    const absent = /^(mailcheck-[0-9a-z]+-absent)\.(.+)$/s.exec(folded)
    if (absent) return `${this.#absent(absent[1] ?? '', absent[2] ?? '')}.${this.name(name.slice((absent[1]?.length ?? 0) + 1))}`
    const list = this.#kept.lists.find(zone => folded.endsWith(`.${zone}`))
    if (list !== undefined) return this.#listed(name.slice(0, -list.length - 1)) + name.slice(-list.length - 1)
    const report = folded.indexOf('._report._dmarc.')
    if (report > 0) return `${this.name(name.slice(0, report))}._report._dmarc.${this.name(name.slice(report + 16))}`
    const zone = this.#zoneOf(folded)
    const suffix = zone ?? registrySuffix(folded)
    if (folded === suffix) return name
    const head = name.slice(0, -suffix.length - 1)
    const end = name.slice(-suffix.length - 1)
    if (zone !== null) return this.#below(head) + end
    const at = head.lastIndexOf('.')
    const own = at > 0 && head.charAt(at - 1) === '\\' ? 0 : at + 1
    return (own > 0 ? `${this.#below(head.slice(0, own - 1))}.` : '') + this.#run(head.slice(own), true) + end
  }

  /** An address where a name should stand, or the end of one: somebody wrote MX 10 192.0.2.1. */
  #written(numbers: string): string {
    const whole = addressOctets(numbers) ? numbers : [...this.#occurring].find(address => address.endsWith(`.${numbers}`))
    const made = whole === undefined ? null : this.#addresses.text(whole)
    return made?.split('.').slice(-numbers.split('.').length).join('.') ?? numbers
  }

  #zoneOf(name: string): string | null {
    let longest: string | null = null
    for (const zone of this.#kept.zones) if ((name === zone || name.endsWith(`.${zone}`)) && zone.length > (longest?.length ?? 0)) longest = zone
    return longest
  }

  /** What stands in front of a registered name: labels, and maybe another registered name or an address among them. */
  #below(head: string): string {
    const parts = head.split('.')
    for (let end = parts.length; end >= 2; end--) {
      for (let start = end - 2; start >= Math.max(0, end - 4); start--) {
        const inner = parts.slice(start, end).join('.').toLowerCase()
        if (!this.#registered.has(inner)) continue
        const rest = parts.slice(end).join('.')
        return this.name(parts.slice(0, end).join('.')) + (rest === '' ? '' : `.${this.#below(rest)}`)
      }
    }
    const key = parts.at(-1)?.toLowerCase() === '_domainkey' ? parts[0]?.toLowerCase() ?? '' : ''
    if (parts.length === 2 && this.#kept.selectors.has(key)) return head
    return this.#run(head)
  }

  #listed(head: string): string {
    const row = this.#row(head.split('.'))
    if (row !== null) return row
    return /^(?:test|invalid|\*+)$/i.test(head) ? head : head.includes('.') ? this.name(head) : this.#run(head)
  }

  /** `2.0.192` of `2.0.192.in-addr.arpa`: the reversed beginning of an address. */
  #reverse(head: string, nibbles: boolean): string {
    const parts = head.split('.')
    const most = nibbles ? 32 : 4
    let from = parts.length
    while (from > 0 && parts.length - from < most && (nibbles ? /^[0-9a-f]$/i : /^\d{1,3}$/).test(parts[from - 1] ?? '')) from--
    const digits = parts.slice(from).toReversed()
    const octets = new Uint8Array(nibbles ? 16 : 4)
    for (const [i, digit] of digits.entries()) {
      if (nibbles) octets[i >> 1] = (octets[i >> 1] ?? 0) | (parseInt(digit, 16) << (i % 2 === 0 ? 4 : 0))
      else octets[i] = Number(digit)
    }
    const made = this.#addresses.octets(octets, digits.length * (nibbles ? 4 : 8))
    const written = (nibbles ? Buffer.from(made).toString('hex').split('') : [...made].map(String)).slice(0, digits.length).toReversed()
    return [...from > 0 ? [this.#below(parts.slice(0, from).join('.'))] : [], ...written].join('.')
  }

  /** Four numbers, or 32 hexadecimal digits, that are an address forwards or backwards. */
  #row(parts: readonly string[]): string | null {
    if (parts.length === 32 && parts.every(part => /^[0-9a-f]$/i.test(part))) {
      const read = (digits: readonly string[]): Uint8Array => Uint8Array.from(Buffer.from(digits.join(''), 'hex'))
      const write = (octets: Uint8Array): string[] => Buffer.from(octets).toString('hex').split('')
      const forwards = this.#occurring.has(formatAddress(read(parts)))
      const made = write(this.#addresses.octets(read(forwards ? parts : parts.toReversed())))
      return (forwards ? made : made.toReversed()).join('.')
    }
    if (parts.length !== 4 || !parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null
    const numbers = parts.map(Number)
    const forwards = !this.#occurring.has(numbers.toReversed().join('.')) && this.#occurring.has(numbers.join('.'))
    const made = [...this.#addresses.octets(Uint8Array.from(forwards ? numbers : numbers.toReversed()))].map(String)
    return (forwards ? made : made.toReversed()).join('.')
  }

  /** The label that nobody chose is made of the name that it was chosen for. */
  #absent(label: string, rest: string): string {
    for (let name = rest; name !== ''; name = name.includes('.') ? name.slice(name.indexOf('.') + 1) : '') {
      if (unlikelyLabel(name) === label) return unlikelyLabel(this.name(name))
    }
    return label
  }

  /** Labels, with the addresses among them. */
  #run(text: string, registered = false): string {
    const labelled = (piece: string): string => piece.split('.').map(label => this.#label(label, registered)).join('.')
    if (registered) return labelled(text)
    let made = ''
    let at = 0
    for (const row of text.matchAll(addressRow)) {
      made += labelled(text.slice(at, row.index)) + this.#address(row[0])
      at = row.index + row[0].length
    }
    return made + labelled(text.slice(at))
  }

  /** `1-2-3-4`, `4.3.2.1`, in either direction. */
  #address(piece: string): string {
    const nibbles = piece.split('.')
    if (nibbles.length === 32) return this.#row(nibbles) ?? piece
    const numbers = piece.split(/[^0-9]/)
    const between = piece.replace(/\d/g, '').charAt(0)
    return this.#row(numbers.map(number => String(Number(number))))?.replaceAll('.', between) ?? piece
  }

  #label(label: string, registered: boolean): string {
    const folded = label.toLowerCase()
    if ((!registered || folded.startsWith('_')) && (labels.has(folded) || /^_\d+$/.test(folded))) return label
    if (folded.startsWith('xn--')) return this.part(folded.replace(/[^a-z0-9]/g, 'x'))
    return label.replace(/\\(?:\d{3}|[^])|[A-Za-z0-9]+/g, part => part.startsWith('\\') || (!registered && this.#isGeneric(part)) ? part : this.part(part))
  }

  #isGeneric(part: string): boolean {
    const folded = part.toLowerCase()
    if (words.has(folded)) return true
    if (this.#occurring.has(hexadecimal(folded)) || this.#registeredParts.has(folded)) return false
    return words.has(folded.replace(/^\d+|\d+$/g, '')) || /^(?:\d{1,2}|[a-z]\d{0,2})$/.test(folded) || this.#kept.selectors.has(folded)
  }

  /** Consonants, so that no word comes of it that a judgement knows. */
  #draw(part: string): string {
    const octets = addressOctets(hexadecimal(part))
    if (octets && this.#occurring.has(formatAddress(octets))) return Buffer.from(this.#addresses.octets(octets)).toString('hex')
    for (let tries = 0; ; tries++) {
      const made = part.replace(/[^]/g, (character, at: number) =>
        /\d/.test(character) ? String(at === 0 && part.length > 1 ? randomInt(1, 10) : randomInt(10)) : 'bcdfghjklmnpqrstvwxz'.charAt(randomInt(20)))
        + 'bcdfghjklmnpqrstvwxz'.charAt(randomInt(20)).repeat(tries < 100 ? 0 : Math.ceil(tries / 100))
      if (this.#given.has(made) || this.#taken.has(made) || words.has(made)) continue
      this.#given.add(made)
      return made
    }
  }
}

/** Four numbers with one and the same sign between them, or 32 nibbles. */
const addressRow = /(?<![0-9])\d{1,3}([.-])\d{1,3}\1\d{1,3}\1\d{1,3}(?![0-9])|(?<![0-9a-z])(?:[0-9a-f]\.){31}[0-9a-f](?![0-9a-z])/gi

/** `c0000201` as an address; '' for anything else. */
function hexadecimal(part: string): string {
  return /^[0-9a-f]{8}$/.test(part) ? [...Buffer.from(part, 'hex')].join('.') : ''
}

function inCaseOf(model: string, text: string): string {
  return text.replace(/[^]/g, (character, at: number) => /[A-Z]/.test(model.charAt(at)) ? character.toUpperCase() : character)
}
