/**
 * The names of a client (RFC 7208 §5.5): those of its PTR records whose own addresses include the client's. The PTR records
 * belong to whoever runs the client's network, so of more than ten the rest is ignored and an error spoils nothing (§4.6.4).
 */
import type { Answer } from '../network/network.ts'
import { addressOctets } from '../syntax/address.ts'
import { labelsOf } from '../syntax/name.ts'
import type { SpfDomain } from '../syntax/spf-macro.ts'
import { reverseName } from '../syntax/reverse-name.ts'
import { answersTo, answerTo, type Asked, type Asking } from './asking.ts'
import type { SpfEvaluation } from './spf-evaluation.ts'
import type { SpfIdentity } from './spf-identity.ts'

export interface ValidatedNames {
  readonly names: readonly string[]
  /** There is no PTR record at all. */
  readonly absent: boolean
  /** The PTR lookup failed. */
  readonly problem: string | null
  readonly asked: readonly Asked[]
}

/** §4.6.4: names of one client, as of one mx term. */
const nameLimit = 10

/** Asked for once in an evaluation, and noted wherever it is needed. */
export function* validatedNames(evaluation: SpfEvaluation, asked: Asked[]): Asking<ValidatedNames> {
  evaluation.names ??= yield* find(evaluation.identity)
  asked.push(...evaluation.names.asked)
  return evaluation.names
}

/** What %{p} stands for (§7.3): the domain itself, else a name below it, else any other, else "unknown". */
export function* validatedName(evaluation: SpfEvaluation, { name: domain }: SpfDomain, asked: Asked[]): Asking<string> {
  const { names } = yield* validatedNames(evaluation, asked)
  const name = names.find(name => name === domain) ?? names.find(name => isBelow(name, domain)) ?? names[0]
  return name === undefined ? 'unknown' : labelsOf(name).join('.')
}

export function isBelow(name: string, domain: string): boolean {
  return name.endsWith(`.${domain}`)
}

function* find({ client }: SpfIdentity): Asking<ValidatedNames> {
  const asked: Asked[] = []
  const question = { name: reverseName(client), type: 'PTR' } as const
  const reverse = answerTo(question, yield [question], asked)
  if ('problem' in reverse) return { names: [], absent: false, problem: reverse.problem.detail, asked }
  const hosts = reverse.value.records.slice(0, nameLimit).map(({ data }) => data.host).filter(host => host !== '')
  const questions = hosts.map(name => ({ name, type: client.length === 4 ? 'A' : 'AAAA' } as const))
  const found = hosts.length === 0 ? [] : answersTo<'A' | 'AAAA'>(questions, yield questions, asked)
  const names = hosts.filter((_, i) => {
    const outcome = found[i]
    return outcome && 'value' in outcome && holds(outcome.value, client)
  })
  return { names, absent: reverse.value.records.length === 0, problem: null, asked }
}

function holds({ records }: Answer<'A' | 'AAAA'>, client: Uint8Array): boolean {
  return records.some(({ data }) => addressOctets(data.address)?.every((octet, i) => octet === client[i]))
}
