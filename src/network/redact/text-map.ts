/** Finds the names, addresses and mail addresses in any text, in URLs and in what is encoded in base64, and has them renamed. */
import { addressOctets } from '../../syntax/address.ts'
import type { AddressMap } from './address-map.ts'
import type { NameMap } from './name-map.ts'
import { extensions, protocol, titles, vocabularies, words } from './well-known.ts'

export interface TextMapOptions {
  readonly names: NameMap
  readonly addresses: AddressMap
  /** First labels of the names that were checked: told of in words, too. */
  readonly own: ReadonlySet<string>
  /** Words that mean one thing each, such as a user's name. */
  readonly exact: ReadonlyMap<string, string>
  /** What is a domain's name, wherever it stands. */
  readonly stubborn: ReadonlySet<string>
  /** Is this the name of an authority that everybody knows? */
  readonly isAuthority: (name: string) => boolean
}

const pattern = new RegExp([
  String.raw`(?<url>\bhttps?:\/\/[^\s"'<>\\),;]{1,4000})`,
  String.raw`(?<v6>(?<![\w.:])(?:ip6:|ipv6:)?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?:\/\d{1,3})?(?![\w:]))`,
  String.raw`(?<local>(?<![\w.+-])[\w.!#$&'*+^~-]{1,64})@(?=[A-Za-z0-9[_])`,
  String.raw`(?<v4>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w-]|\.\w))`,
  String.raw`(?<range>(?<=ip4:)\d{1,3}(?:\.\d{1,3}){1,2}(?:\/\d{1,3})?(?![\w.]))`,
  String.raw`(?<name>(?<![A-Za-z0-9_-])(?:[A-Za-z0-9_*-]{1,63}\.){1,40}[A-Za-z][A-Za-z0-9-]{0,62}(?![A-Za-z0-9_-]))`,
  String.raw`(?<host>(?<=@)[A-Za-z0-9][\w-]{0,62}(?![\w.-]))`,
  String.raw`(?<macro>(?<![A-Za-z0-9_%{-])(?=[A-Za-z0-9_-])(?:[A-Za-z0-9_-]{1,63}\.){0,20}[A-Za-z0-9_-]{0,63}(?=%\{))`,
  String.raw`(?<base64>(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{4}){3,}(?:[A-Za-z0-9+/]{2,3}={1,2})?(?![A-Za-z0-9+/=]))`,
  String.raw`(?<word>(?<![\w-])[A-Za-z0-9][\w-]{0,62}(?![\w-]))`,
].join('|'), 'gi')

/** What the path of a URL is made of: octets in hexadecimal, IPv6 addresses, and all else that stands between signs. */
const step = /%[0-9a-f]{2}|(?<![\w.:-])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])|[\w-]+(?:\.[\w-]+)*/gi

export class TextMap {
  readonly #to: TextMapOptions

  constructor(options: TextMapOptions) {
    this.#to = options
  }

  /** Any text; `deep` counts the encodings that it lay within. */
  text(text: string, deep = 0): string {
    return text.replace(pattern, (whole: string, ...rest: unknown[]) => {
      const { url, v6, local, v4, range, name, host, macro, base64, word } = rest.at(-1) as Readonly<Record<string, string | undefined>>
      if (url !== undefined) return this.url(url)
      if (v6 !== undefined) return this.#ipv6(v6)
      if (local !== undefined) return `${this.local(local)}@`
      if (v4 !== undefined || range !== undefined) return this.#ipv4(v4 ?? range ?? '')
      if (name !== undefined) return this.#name(name)
      if (host !== undefined) return this.host(host)
      if (macro !== undefined) return this.#label(macro)
      if (base64 !== undefined) return deep < 2 ? this.#encoded(base64, deep) : base64
      return word === undefined ? whole : this.#word(word)
    })
  }

  /** What stands in front of the @. */
  local(local: string): string {
    const exact = this.#to.exact.get(local)
    if (exact !== undefined) return exact
    return /^no-such-user-/.test(local) ? local : this.#label(local)
  }

  /** The name that a host gives of itself, which may be a single label, or an address in brackets. */
  host(word: string): string {
    return /[.[:]/.test(word) ? this.text(word) : this.#to.exact.get(word) ?? (protocol.has(word.toLowerCase()) ? word : this.#to.names.label(word))
  }

  url(url: string): string {
    const [, scheme = '', host = '', port = '', path = '', query = ''] = /^(https?:\/\/)(\[[^\]]*\]|[^/?#:]*)(:\d+)?([^?#]*)([^]*)$/i.exec(url) ?? []
    if (vocabularies.has(host.toLowerCase())) return url
    const named = path.replace(step, (piece: string, at: number) => this.#step(piece, path.slice(Math.max(0, at - 8), at) === '/domain/'))
    const asked = query.replace(/([?&#=;])([^?&#=;]+)/g, (_, sign: string, value: string) => {
      const plain = value.includes('%') ? decoded(value) : null
      return sign + (plain === null ? this.text(value) : encodeURIComponent(this.text(plain)))
    })
    return scheme + this.host(host) + port + named + asked
  }

  /** The name of a certificate's subject or issuer, or of a trust anchor: words are renamed too, unless everybody knows them. */
  title(text: string): string {
    if (this.#to.isAuthority(text)) return text
    const named = this.text(text)
    if (named !== text) return named
    return text.replace(/[A-Za-z0-9]+/g, part => {
      const { names } = this.#to
      return names.isRegistered(part) || (part.length > 2 && !titles.has(part.toLowerCase())) ? names.part(part) : part
    }).replace(/[^\0-\x7f]/gu, 'x')
  }

  /** Tokens that prove to somebody whose a domain is. */
  token(text: string): string {
    return this.text(text).replace(/[A-Za-z0-9]{8,}/g, run => run.length >= 16 || /\d/.test(run) ? this.#to.names.part(run) : run)
  }

  /** A piece of a path: registries are asked for names and addresses there (`asked`). */
  #step(piece: string, asked: boolean): string {
    if (piece.startsWith('%')) return piece
    if (piece.includes(':')) return this.#ipv6(piece)
    if (addressOctets(piece)) return this.#ipv4(piece)
    if (asked || this.#to.names.renamed.has(piece) || this.#to.stubborn.has(piece.toLowerCase())) return this.#to.names.name(piece)
    return piece.replace(/[A-Za-z0-9]+/g, part => part.length < 3 || words.has(part.toLowerCase()) ? part : this.#to.names.part(part))
  }

  #label(text: string): string {
    const { names, stubborn } = this.#to
    return stubborn.has(text.toLowerCase()) ? names.name(text) : names.label(text)
  }

  #name(name: string): string {
    const [, base = name, extension = ''] = /^(.+)\.([^.]+)$/s.exec(name) ?? []
    if (vocabularies.has(name.toLowerCase())) return name
    return extensions.has(extension.toLowerCase()) ? `${this.#to.names.label(base)}.${extension}` : this.#to.names.name(name)
  }

  #ipv6(text: string): string {
    const [, before = '', address = '', bits] = /^(ip6:|ipv6:)?([^/]*)(?:\/(\d+))?$/i.exec(text) ?? []
    const octets = addressOctets(address)
    if (octets?.length !== 16 || Number(bits ?? 0) > 128) return text
    return `${before}${this.#to.addresses.text(address, bits === undefined ? 128 : Number(bits)) ?? address}${bits === undefined ? '' : `/${bits}`}`
  }

  /** As many numbers as there are; those that are none of an address stay. */
  #ipv4(text: string): string {
    const [address = '', bits] = text.split('/')
    const parts = address.split('.')
    const wrong = parts.findIndex(part => Number(part) > 255)
    const whole = wrong < 0 ? parts.length : wrong
    const octets = Uint8Array.from({ length: 4 }, (_, i) => i < whole ? Number(parts[i]) : 0)
    const made = this.#to.addresses.octets(octets, Math.min(8 * whole, bits === undefined || Number(bits) > 32 ? 32 : Number(bits)))
    const numbers = parts.map((part, i) => i < whole ? String(made[i] ?? 0).padStart(/^0\d/.test(part) ? part.length : 1, '0') : part)
    return numbers.join('.') + (bits === undefined ? '' : `/${bits}`)
  }

  #encoded(base64: string, deep: number): string {
    const plain = Buffer.from(base64, 'base64').toString('latin1')
    if (!/^[\x20-\x7e\r\n\0\x01]+$/.test(plain) || Buffer.from(plain, 'latin1').toString('base64') !== base64) return this.#word(base64)
    const made = this.text(plain, deep + 1)
    return made === plain ? this.#word(base64) : Buffer.from(made, 'latin1').toString('base64')
  }

  #word(word: string): string {
    const exact = this.#to.exact.get(word)
    if (exact !== undefined) return exact
    const folded = word.toLowerCase()
    return this.#to.own.has(folded) && !protocol.has(folded) ? word.replace(/[A-Za-z0-9]+/g, part => this.#to.names.part(part)) : word
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
