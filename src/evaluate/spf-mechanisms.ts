/** Whether one mechanism matches the client (RFC 7208 §5); include, which evaluates a record of its own, is check-host's. */
import { addressOctets, formatAddress, samePrefix } from '../syntax/address.ts'
import type { DnsRecord } from '../syntax/record.ts'
import type { SpfDomain } from '../syntax/spf-macro.ts'
import type { ExistsMechanism, HostMechanism, NetworkMechanism, PtrMechanism } from '../syntax/spf.ts'
import { ask, askAll, type Asked, type Asking } from './asking.ts'
import { countVoid, targetOf, tooManyVoids, type SpfEvaluation } from './spf-evaluation.ts'
import { mxNameLimit } from './spf-limits.ts'
import type { SpfOutcome } from './spf-trace.ts'
import { isBelow, validatedNames } from './spf-validated-names.ts'

export interface SpfMatch {
  readonly outcome: SpfOutcome
  readonly because: string
  readonly target?: string
}

/** §5.6. A client of the other family never matches. */
export function matchNetwork({ client }: SpfEvaluation, { kind, address, prefix }: NetworkMechanism): SpfMatch {
  if ((client.length === 4) !== (kind === 'ip4')) return no(`the client is an IPv${client.length === 4 ? 4 : 6} address`)
  const network = addressOctets(address)
  return network && samePrefix(client, network, prefix) ? yes(`${formatAddress(client)} is in it`) : no(`${formatAddress(client)} is not in it`)
}

/** §5.3, §5.4, §5.5, §5.7: the term is counted already. */
export function* matchByName(
  evaluation: SpfEvaluation, term: HostMechanism | PtrMechanism | ExistsMechanism, domain: SpfDomain, asked: Asked[],
): Asking<SpfMatch> {
  const target = yield* targetOf(evaluation, term.domain, domain, asked)
  if ('unusable' in target) return { outcome: target.unusable === 'limit' ? 'permerror' : 'no-match', because: target.because } // §4.8 leaves it open
  const match = yield* matchTarget(evaluation, term, target, asked)
  return { ...match, target: target.text }
}

function* matchTarget(
  evaluation: SpfEvaluation, term: HostMechanism | PtrMechanism | ExistsMechanism, target: SpfDomain, asked: Asked[],
): Asking<SpfMatch> {
  switch (term.kind) {
    case 'a': {
      const outcome = yield* ask(asked, target.name, addressType(evaluation))
      if ('problem' in outcome) return failed(outcome.problem.detail)
      const { records } = outcome.value
      return records.length === 0 ? nothing(evaluation, target.text) : compare(evaluation, term, records)
    }
    case 'mx':
      return yield* matchMx(evaluation, term, target, asked)
    case 'exists': {
      const outcome = yield* ask(asked, target.name, 'A') // §5.7: "even when the connection type is IPv6"
      if ('problem' in outcome) return failed(outcome.problem.detail)
      return outcome.value.records.length === 0 ? nothing(evaluation, target.text) : yes(`${target.text} exists`)
    }
    case 'ptr': {
      const { names, absent, problem } = yield* validatedNames(evaluation, asked)
      if (problem !== null) return no(problem)
      if (absent) return nothing(evaluation, formatAddress(evaluation.client))
      const name = names.find(name => name === target.name || isBelow(name, target.name))
      if (name !== undefined) return yes(`${name} is a name of the client`)
      return no(names.length === 0 ? 'no name of the client leads back to it' : `the client is ${names.join(', ')}`)
    }
  }
}

/** §5.4. The hosts are compared in the order of their preference; the first that matches or fails ends it. */
function* matchMx(evaluation: SpfEvaluation, term: HostMechanism, target: SpfDomain, asked: Asked[]): Asking<SpfMatch> {
  const outcome = yield* ask(asked, target.name, 'MX')
  if ('problem' in outcome) return failed(outcome.problem.detail)
  const { records } = outcome.value
  if (records.length === 0) return nothing(evaluation, target.text)
  if (records.length > mxNameLimit) { // §4.6.4
    return { outcome: 'permerror', because: `${target.text} has ${records.length} MX records, more than ${mxNameLimit}` }
  }
  const hosts = records.toSorted((a, b) => a.data.preference - b.data.preference).map(({ data }) => data.exchange)
    .filter(host => host !== '') // RFC 7505: "." is no host
  if (hosts.length === 0) return no(`${target.text} receives no mail`)
  const type = addressType(evaluation)
  for (const found of yield* askAll(asked, hosts.map(name => ({ name, type })))) {
    if ('problem' in found) return failed(found.problem.detail)
    const match = compare(evaluation, term, found.value.records)
    if (match.outcome === 'match') return match
  }
  return no(`${formatAddress(evaluation.client)} is at none of its MX hosts`)
}

/** §5: "When any mechanism fetches host addresses to compare with <ip>", those of the client's family. */
function addressType({ client }: SpfEvaluation): 'A' | 'AAAA' {
  return client.length === 4 ? 'A' : 'AAAA'
}

function compare({ client }: SpfEvaluation, { prefix4, prefix6 }: HostMechanism, records: readonly DnsRecord<'A' | 'AAAA'>[]): SpfMatch {
  const prefix = client.length === 4 ? prefix4 : prefix6
  for (const { name, data: { address } } of records) {
    const host = addressOctets(address)
    if (host?.length !== client.length || !samePrefix(client, host, prefix)) continue
    return yes(prefix === client.length * 8 ? `${address} is an address of ${name}` : `${formatAddress(client)} is in ${address}/${prefix}, by ${name}`)
  }
  return no(`${formatAddress(client)} is none of its addresses`)
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
