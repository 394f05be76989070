/**
 * A recording with other names and addresses in it, and the same verdicts: to be shown to strangers. What is renamed is renamed
 * everywhere alike, in records, dialogues, pages and certificates; by chance, and nothing is kept that would lead back. It stays as it is
 * what everybody knows (public suffixes, mail providers, block lists, authorities), DKIM keys, DNSSEC keys, times, and what servers say in plain words.
 */
import { randomBytes } from 'node:crypto'
import { loadAuthorities, identifiersOf } from '../../data/authorities.ts'
import { loadBlockLists } from '../../data/lists.ts'
import { loadProfiles } from '../../data/profiles.ts'
import { loadProviders } from '../../data/providers.ts'
import { addressOctets, formatAddress } from '../../syntax/address.ts'
import type { DnsRecord } from '../../syntax/record.ts'
import { formatCassette, type Cassette, type PageTake, type QuestionTake, type ScopeTake } from '../cassette.ts'
import type { Answer, Failure, OfferAnswer, Question, TlsSession, Trust } from '../network.ts'
import type { SessionTake, Step } from '../transcript.ts'
import { AddressMap } from './address-map.ts'
import { CertificateMap } from './certificate-map.ts'
import { NameMap, type KeptNames } from './name-map.ts'
import { PageMap, certificatesIn } from './page-map.ts'
import { RecordMap } from './record-map.ts'
import { TextMap } from './text-map.ts'
import { extensions, protocol, reserved, vocabularies, words } from './well-known.ts'

export interface Redacted {
  readonly cassette: Cassette
  /** What the domains that were checked are called in it. */
  readonly domains: ReadonlyMap<string, string>
}

/** What would be left of the old recording in the new one: then there is none. */
export class RedactionError extends Error {}

/** Names of the public that are told from those of the user. */
interface Known {
  readonly isAuthority: (name: string) => boolean
  readonly isProfile: (name: string) => boolean
}

/** By chance a new name or address may be an old one; then it is done again. */
const mostTries = 8
/** Settings of a scope that speak of checks alone. */
const ofChecks: ReadonlySet<string> = new Set(['only', 'skip'])

/** Rejects with `RedactionError` when something of the old recording would be left in the new one. */
export async function redact(cassette: Cassette): Promise<Redacted> {
  const kept = await keptNames(cassette)
  const [{ authorities }, { profiles }] = await Promise.all([loadAuthorities(), loadProfiles()])
  const known: Known = { isAuthority: name => identifiersOf(authorities, name).length > 0, isProfile: name => profiles.some(({ id }) => id === name) }
  const stubborn = new Set<string>()
  for (let tries = 1; ; tries++) {
    const redaction = new Redaction(cassette, kept, known, stubborn)
    const made = redaction.cassette()
    const [left, ...others] = redaction.leftIn(formatCassette(made))
    if (left === undefined) return { cassette: made, domains: new Map((cassette.scopes ?? []).map(({ domain }) => [domain, redaction.names.name(domain)])) }
    if (tries === mostTries) throw new RedactionError(`${left} would be left in it`)
    for (const name of [left, ...others]) stubborn.add(name)
  }
}

async function keptNames({ scopes = [], questions }: Cassette): Promise<KeptNames> {
  const [{ providers, commonSelectors }, { lists }, { authorities }] = await Promise.all([loadProviders(), loadBlockLists(), loadAuthorities()])
  const own = new Set([...scopes.map(({ domain }) => domain), ...questions.flatMap(({ question: { name } }) => name.startsWith('_mta-sts.') ? [name.slice('_mta-sts.'.length)] : [])])
  const zones = [...reserved, ...providers.flatMap(({ mx, spf, set }) => [...mx, ...spf, ...set?.behind ?? []]), ...authorities.flatMap(({ caa }) => caa), ...lists.flatMap(({ tested }) => tested ?? [])]
  return {
    zones: [...new Set(zones)].filter(zone => ![...own].some(domain => domain === zone || domain.endsWith(`.${zone}`))),
    lists: lists.flatMap(({ zone, keyZone }) => [zone, ...keyZone === undefined ? [] : [keyZone.replace('KEY', '***').toLowerCase()]]),
    selectors: new Set([...providers.flatMap(({ selectors, set }) => [...selectors, ...set?.selectors ?? []]), ...commonSelectors]),
  }
}

class Redaction {
  readonly names: NameMap
  readonly #cassette: Cassette
  readonly #addresses = new AddressMap(() => ((randomBytes(1)[0] ?? 0) & 1) === 1)
  readonly #occurring: ReadonlySet<string>
  readonly #texts: TextMap
  readonly #certificates: CertificateMap
  readonly #records: RecordMap
  readonly #pages: PageMap
  readonly #isProfile: Known['isProfile']

  /** `stubborn`: names that were left when they stood where none is looked for. */
  constructor(cassette: Cassette, kept: KeptNames, { isAuthority, isProfile }: Known, stubborn: ReadonlySet<string>) {
    this.#cassette = cassette
    this.#isProfile = isProfile
    const said = formatCassette(cassette).replace(/^ {2}[A-Za-z0-9+/]{64}$/gm, '').replace(/\b[A-Za-z0-9+/]{40,}=*/g, '')
    this.#occurring = new Set(tokens(said).flatMap(token => {
      const octets = addressOctets(token)
      return octets ? [formatAddress(octets)] : []
    }))
    const asked = cassette.questions.map(({ question: { name } }) => name)
    this.names = new NameMap(kept, this.#addresses, this.#occurring, new Set(said.toLowerCase().match(/[a-z0-9]+/g)), new Set([...asked, ...tokens(said.toLowerCase()).filter(isName)]))
    this.#addresses.bringInOrder(addressSetsOf(cassette))
    this.names.bringInOrder(nameServersOf(cassette))
    for (const name of [...asked, ...cassette.sessions.map(({ endpoint: { host } }) => host)]) this.names.name(name)
    const scopes = cassette.scopes ?? []
    const own = new Set((scopes.length > 0 ? scopes.map(({ domain }) => domain) : []).flatMap(domain => domain.split('.')[0] ?? []).filter(label => label.length > 3 && !words.has(label)))
    this.#texts = new TextMap({ names: this.names, addresses: this.#addresses, own, exact: this.#exactWords(scopes), stubborn, isAuthority })
    const bare = tlsaData(cassette)
    this.#certificates = new CertificateMap({ names: this.names, addresses: this.#addresses, texts: this.#texts }, [...chainsOf(cassette), ...bare.certificates], [...bare.keys, ...anchorKeysOf(cassette)])
    const maps = { names: this.names, addresses: this.#addresses, texts: this.#texts, certificates: this.#certificates }
    this.#records = new RecordMap(maps, cassette.questions.flatMap(({ outcome }) => 'value' in outcome ? outcome.value.records.filter(record => record.type === 'DNSKEY') as DnsRecord<'DNSKEY'>[] : []))
    this.#pages = new PageMap(this.#texts, this.#certificates)
  }

  cassette(): Cassette {
    const { startedAt, scopes, questions, sessions, pages } = this.#cassette
    return {
      startedAt, scopes: (scopes ?? []).map(take => this.#scope(take)), questions: questions.map(take => this.#question(take)),
      sessions: sessions.map(take => this.#session(take)), pages: pages.map(take => this.#page(take)),
    }
  }

  /** Names and addresses of the old recording that are in the new one, too, and no longer mean the same. */
  leftIn(text: string): string[] {
    const old = new Set([...this.names.renamed.keys()].map(name => name.toLowerCase().replace(/\.$/, '')).filter(name => name.includes('.')))
    for (const address of this.#occurring) if (this.#addresses.text(address) !== address) old.add(address)
    return tokens(text.toLowerCase()).filter(token => old.has(token))
  }

  /** Users and hosts that are called by a single word. */
  #exactWords(scopes: readonly ScopeTake[]): Map<string, string> {
    const found = scopes.flatMap(({ settings: { ehloName, accounts } }) => [
      ehloName, ...Array.isArray(accounts) ? accounts.map((account: unknown) => (account as { user?: unknown } | null)?.user) : [],
    ])
    return new Map(found.filter((word): word is string => typeof word === 'string' && /^[A-Za-z][\w-]{2,}$/.test(word) && !protocol.has(word.toLowerCase()))
      .map(word => [word, this.names.label(word)]))
  }

  #scope({ domain, settings }: ScopeTake): ScopeTake {
    const selectors = settings['selectors']
    const told = Object.entries(settings).filter(([name, value]) => name !== 'profile' || this.#isProfile(String(value)))
    const made = told.map(([name, value]): [string, unknown] => {
      if (name === 'profile' || ofChecks.has(name)) return [name, value]
      if (name === 'selectors' && Array.isArray(selectors)) return [name, selectors.map(selector => typeof selector === 'string' ? this.#selector(selector, domain) : selector as unknown)]
      if (name === 'shownAs') return [name, this.names.name(domain)]
      if (name === 'ehloName' && typeof value === 'string') return [name, this.#texts.host(value)]
      return [name, this.#deep(value)]
    })
    return { domain: this.names.name(domain), settings: Object.fromEntries(made) }
  }

  #selector(selector: string, domain: string): string {
    return this.names.name(`${selector}._domainkey.${domain}`).split('._domainkey.')[0] ?? selector
  }

  #deep(value: unknown): unknown {
    if (typeof value === 'string') return this.#texts.text(value)
    if (Array.isArray(value)) return value.map(item => this.#deep(item))
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#deep(item)])) : value
  }

  #question({ question, outcome }: QuestionTake): QuestionTake {
    const asked = this.#asked(question)
    if ('problem' in outcome) return { question: asked, outcome: { problem: this.#failure(outcome.problem) } }
    const { value } = outcome
    const renamed = <T extends DnsRecord>(records: readonly T[]): T[] => records.map(record => this.#records.record(record) as T)
    const answer: Answer = {
      ...value, question: asked, records: renamed(value.records), aliases: renamed(value.aliases), authority: renamed(value.authority), signatures: renamed(value.signatures),
      resolver: this.#texts.text(value.resolver), extendedErrors: value.extendedErrors.map(({ code, text }) => ({ code, text: this.#texts.text(text) })),
    }
    return { question: asked, outcome: { value: answer } }
  }

  #asked(question: Question): Question {
    const { name, server } = question
    return { ...question, name: this.names.name(name), ...server === undefined ? {} : { server: this.#address(server) } }
  }

  #address(address: string): string {
    return this.#addresses.text(address) ?? address
  }

  #failure(failure: Failure): Failure {
    const { detail, extendedErrors } = failure
    return {
      ...failure, detail: this.#texts.text(detail),
      ...extendedErrors ? { extendedErrors: extendedErrors.map(({ code, text }) => ({ code, text: this.#texts.text(text) })) } : {},
    }
  }

  #session(take: SessionTake): SessionTake {
    const { endpoint, purpose, steps } = take
    let greets = true
    const made = steps.map((step): Step => {
      if (step.kind === 'sent') greets = /^(?:EHLO|HELO) /i.test(step.text)
      const heard = greets && step.kind === 'received'
      if (heard) greets = false
      return this.#step(step, heard)
    })
    return {
      ...take, endpoint: { ...endpoint, host: this.names.name(endpoint.host), address: this.#address(endpoint.address) },
      ...purpose === undefined ? {} : { purpose: this.#texts.text(purpose) }, steps: made,
    }
  }

  #step(step: Step, named: boolean): Step {
    switch (step.kind) {
      case 'received':
        return { ...step, text: named ? this.#greeting(step.text) : this.#texts.text(step.text) }
      case 'sent':
        return { ...step, text: this.#command(step.text) }
      case 'injected':
        return { ...step, text: this.#texts.text(step.text) }
      case 'tls':
        return { kind: 'tls', tls: this.#tls(step.tls) }
      case 'offered':
        return { ...step, answer: this.#offer(step.answer) }
      case 'failed':
        return { kind: 'failed', failure: this.#failure(step.failure) }
    }
  }

  /** `220 mx1 ESMTP`: behind the code stands the name of the host, whatever it looks like. */
  #greeting(text: string): string {
    const [, code, name = '', rest = ''] = /^((?:220|250)[ -])(\S+)([^]*)$/.exec(text) ?? []
    return code === undefined ? this.#texts.text(text) : code + this.#texts.host(name) + this.#texts.text(rest)
  }

  #command(text: string): string {
    const [, verb, name = ''] = /^(EHLO |HELO )(\S+)$/i.exec(text) ?? []
    return verb === undefined ? this.#texts.text(text) : verb + this.#texts.host(name)
  }

  #offer(answer: OfferAnswer): OfferAnswer {
    return answer.accepted ? { ...answer, chain: answer.chain.map(certificate => this.#certificates.certificate(certificate)) } : answer
  }

  #tls(tls: TlsSession): TlsSession {
    const { servername, chain, trust, ocspResponse } = tls
    return {
      ...tls, servername: servername === null ? null : this.names.name(servername), chain: chain.map(certificate => this.#certificates.certificate(certificate)),
      trust: this.#trust(trust), ocspResponse: ocspResponse === null ? null : this.#certificates.ocsp(ocspResponse),
    }
  }

  #trust(trust: Trust): Trust {
    if (!trust.trusted) return trust
    const { anchor, anchorKey } = trust
    const key = anchorKey === undefined ? {} : { anchorKey: this.#certificates.keys.key(Buffer.from(anchorKey, 'base64')).spki.toString('base64') }
    return { ...trust, anchor: this.#texts.title(anchor), ...key }
  }

  #page({ url, request, outcome }: PageTake): PageTake {
    const { body, headers, addresses } = request
    const asked = {
      ...request, ...body === undefined ? {} : { body: this.#pages.body(body) }, ...headers ? { headers: this.#deep(headers) as Record<string, string> } : {},
      ...addresses ? { addresses: addresses.map(address => this.#address(address)) } : {},
    }
    const where = this.#texts.url(url)
    if ('problem' in outcome) return { url: where, request: asked, outcome: { problem: this.#failure(outcome.problem) } }
    const { value } = outcome
    const page = this.#pages.body(value.body)
    return {
      url: where, request: asked,
      outcome: { value: { ...value, url: this.#texts.url(value.url), headers: this.#pages.headers(value.headers, value.body, page), body: page, address: this.#address(value.address), tls: value.tls && this.#tls(value.tls) } },
    }
  }
}

/** Names and addresses in a text, as far as they stand apart. */
function tokens(text: string): string[] {
  return text.match(/(?<![0-9a-z_*-])[0-9a-z_*-]+(?:\.[0-9a-z_*-]+)+|(?:(?<=ip6:)|(?<![\w:.]))[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])/gi) ?? []
}

/** Of each name with several addresses, those of one family. */
function addressSetsOf({ questions }: Cassette): string[][] {
  const sets = questions.flatMap(({ outcome }) => 'value' in outcome ? [outcome.value.records.flatMap(({ type, data }) => type === 'A' || type === 'AAAA' ? [(data as { address: string }).address] : [])] : [])
  return [...new Map(sets.filter(set => set.length > 1).map(set => [set.toSorted().join(' '), set])).values()]
}

/** Of each zone, those that any answer names. */
function nameServersOf({ questions }: Cassette): string[][] {
  const hosts = new Map<string, Set<string>>()
  for (const { outcome } of questions) {
    if (!('value' in outcome)) continue
    for (const record of [...outcome.value.records, ...outcome.value.authority]) {
      if (record.type !== 'NS') continue
      const known = hosts.get(record.name) ?? new Set()
      hosts.set(record.name, known.add((record as DnsRecord<'NS'>).data.host))
    }
  }
  return [...hosts.values()].filter(({ size }) => size > 1).map(set => [...set])
}

/** Rather than a file, a version or an address. */
function isName(token: string): boolean {
  const last = token.slice(token.lastIndexOf('.') + 1)
  return /^[a-z][a-z0-9-]*$/.test(last) && !extensions.has(last) && !vocabularies.has(token)
}

function* tlsOf({ sessions, pages }: Cassette): Generator<TlsSession> {
  for (const { steps } of sessions) {
    for (const step of steps) if (step.kind === 'tls') yield step.tls
  }
  for (const { outcome } of pages) {
    if ('value' in outcome && outcome.value.tls) yield outcome.value.tls
  }
}

/** Authorities of which a leaf came, and which are not served: one of the user's own is known by its key. */
function anchorKeysOf(cassette: Cassette): Buffer[] {
  const keys = [...tlsOf(cassette)].flatMap(({ trust }) => trust.trusted ? trust.anchorKey ?? [] : [])
  return [...new Set(keys)].map(base64 => Buffer.from(base64, 'base64'))
}

function* chainsOf(cassette: Cassette): Generator<string> {
  const { sessions, pages } = cassette
  for (const { chain } of tlsOf(cassette)) yield* chain
  for (const { steps } of sessions) {
    for (const step of steps) {
      if (step.kind === 'offered' && step.answer.accepted) yield* step.answer.chain
    }
  }
  for (const { outcome } of pages) {
    if ('value' in outcome) yield* certificatesIn(outcome.value.body)
  }
}

/** TLSA records may hold a whole certificate or key (RFC 6698 §2.1.3). */
function tlsaData({ questions }: Cassette): { certificates: string[]; keys: Buffer[] } {
  const certificates = new Set<string>()
  const keys = new Set<string>()
  for (const { outcome } of questions) {
    for (const record of 'value' in outcome ? outcome.value.records : []) {
      if (record.type !== 'TLSA') continue
      const { selector, matching, data } = (record as DnsRecord<'TLSA'>).data
      if (matching === 0) (selector === 0 ? certificates : keys).add(Buffer.from(data, 'hex').toString('base64'))
    }
  }
  return { certificates: [...certificates], keys: [...keys].map(base64 => Buffer.from(base64, 'base64')) }
}
