/** Whether one mechanism matches the client (RFC 7208 §5); include, which evaluates a record of its own, is check-host's. */
import { addressOctets, samePrefix } from '../syntax/address.ts'
import type { DnsRecord } from '../syntax/record.ts'
import type { SpfDomain } from '../syntax/spf-macro.ts'
import type { AllMechanism, ExistsMechanism, HostMechanism, NetworkMechanism, PtrMechanism, SpfMechanism } from '../syntax/spf.ts'
import { answersTo, answerTo, type Asked, type Asking } from './asking.ts'
import { countLookup, countVoid, knownTarget, targetOf, tooManyLookups, tooManyVoids, type SpfEvaluation } from './spf-evaluation.ts'
import type { SpfIdentity } from './spf-identity.ts'
import { mxNameLimit } from './spf-limits.ts'
import type { SpfOutcome, SpfStep } from './spf-trace.ts'
import { isBelow, validatedNames } from './spf-validated-names.ts'

interface SpfMatch {
  readonly outcome: SpfOutcome
  readonly because: string
}

export function asksNobody(term: SpfMechanism): term is AllMechanism | NetworkMechanism {
  return term.kind === 'ip4' || term.kind === 'ip6' || term.kind === 'all'
}

/** §5.1, §5.6. A client of the other family is in no network. */
export function matchAddress({ client, ip }: SpfIdentity, term: AllMechanism | NetworkMechanism): SpfStep {
  if (term.kind === 'all') return { term: term.text, at: term.at, asked: none, outcome: 'match', because: 'it matches every client' }
  const within = term.octets.length === client.length && samePrefix(client, term.octets, term.prefix)
  return { term: term.text, at: term.at, asked: none, outcome: within ? 'match' : 'no-match', because: within ? `${ip} is in it` : `${ip} is not in it` }
}

const none: readonly Asked[] = []

/** §5.3, §5.4, §5.5, §5.7 */
export function* matchByName(evaluation: SpfEvaluation, term: HostMechanism | PtrMechanism | ExistsMechanism, domain: SpfDomain): Asking<SpfStep> {
  const asked: Asked[] = []
  const { text, at } = term
  if (!countLookup(evaluation)) return { term: text, at, asked, outcome: 'permerror', because: tooManyLookups }
  const target = knownTarget(evaluation, term.domain, domain) ?? (yield* targetOf(evaluation, term.domain, domain, asked))
  if ('unusable' in target) { // §4.8 leaves a malformed name open; here it matches nobody
    return { term: text, at, asked, outcome: target.unusable === 'limit' ? 'permerror' : 'no-match', because: target.because }
  }
  const { outcome, because } = yield* matchTarget(evaluation, term, target, asked)
  return { term: text, at, target: target.text, asked, outcome, because }
}

function* matchTarget(
  evaluation: SpfEvaluation, term: HostMechanism | PtrMechanism | ExistsMechanism, target: SpfDomain, asked: Asked[],
): Asking<SpfMatch> {
  switch (term.kind) {
    case 'a': {
      const question = { name: target.name, type: addressType(evaluation.identity) }
      const outcome = answerTo(question, yield [question], asked)
      if ('problem' in outcome) return failed(outcome.problem.detail)
      const { records } = outcome.value
      return records.length === 0 ? nothing(evaluation, target.text) : compare(evaluation.identity, term, records)
    }
    case 'mx':
      return yield* matchMx(evaluation, term, target, asked)
    case 'exists': {
      const question = { name: target.name, type: 'A' } as const // §5.7: "even when the connection type is IPv6"
      const outcome = answerTo(question, yield [question], asked)
      if ('problem' in outcome) return failed(outcome.problem.detail)
      return outcome.value.records.length === 0 ? nothing(evaluation, target.text) : yes(`${target.text} exists`)
    }
    case 'ptr': {
      const { names, absent, problem } = yield* validatedNames(evaluation, asked)
      if (problem !== null) return no(problem)
      if (absent) return nothing(evaluation, evaluation.identity.ip)
      const name = names.find(name => name === target.name || isBelow(name, target.name))
      if (name !== undefined) return yes(`${name} is a name of the client`)
      return no(names.length === 0 ? 'no name of the client leads back to it' : `the client is ${names.join(', ')}`)
    }
  }
}

/** §5.4. The hosts are compared in the order of their preference; the first that matches or fails ends it. */
function* matchMx(evaluation: SpfEvaluation, term: HostMechanism, target: SpfDomain, asked: Asked[]): Asking<SpfMatch> {
  const question = { name: target.name, type: 'MX' } as const
  const outcome = answerTo(question, yield [question], asked)
  if ('problem' in outcome) return failed(outcome.problem.detail)
  const { records } = outcome.value
  if (records.length === 0) return nothing(evaluation, target.text)
  if (records.length > mxNameLimit) { // §4.6.4
    return { outcome: 'permerror', because: `${target.text} has ${records.length} MX records, more than ${mxNameLimit}` }
  }
  const hosts = records.toSorted((a, b) => a.data.preference - b.data.preference).map(({ data }) => data.exchange)
    .filter(host => host !== '') // RFC 7505: "." is no host
  if (hosts.length === 0) return no(`${target.text} receives no mail`)
  const type = addressType(evaluation.identity)
  const questions = hosts.map(name => ({ name, type }))
  for (const found of answersTo(questions, yield questions, asked)) {
    if ('problem' in found) return failed(found.problem.detail)
    const match = compare(evaluation.identity, term, found.value.records)
    if (match.outcome === 'match') return match
  }
  return no(`${evaluation.identity.ip} is at none of its MX hosts`)
}

/** §5: "When any mechanism fetches host addresses to compare with <ip>", those of the client's family. */
function addressType({ client }: SpfIdentity): 'A' | 'AAAA' {
  return client.length === 4 ? 'A' : 'AAAA'
}

function compare({ client, ip }: SpfIdentity, { prefix4, prefix6 }: HostMechanism, records: readonly DnsRecord<'A' | 'AAAA'>[]): SpfMatch {
  const prefix = client.length === 4 ? prefix4 : prefix6
  for (const { name, data: { address } } of records) {
    const host = addressOctets(address)
    if (host?.length !== client.length || !samePrefix(client, host, prefix)) continue
    return yes(prefix === client.length * 8 ? `${address} is an address of ${name}` : `${ip} is in ${address}/${prefix}, by ${name}`)
  }
  return no(`${ip} is none of its addresses`)
}

function yes(because: string): SpfMatch {
  return { outcome: 'match', because }
}

function no(because: string): SpfMatch {
  return { outcome: 'no-match', because }
}

/** §5: "the mechanism stops and the topmost check_host() returns temperror". */
function failed(because: string): SpfMatch {
  return { outcome: 'temperror', because }
}

/** §4.6.4 */
function nothing(evaluation: SpfEvaluation, name: string): SpfMatch {
  return countVoid(evaluation) ? no(`${name} has no such record`) : { outcome: 'permerror', because: tooManyVoids }
}
