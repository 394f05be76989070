/**
 * Does the domain receive mail, send mail, or neither (parked)? Evaluated in order and stopped at the first evidence;
 * what cannot be told is `unknown`. The configuration overrides what is found out.
 */
import { outcome, type Answer, type Failure, type Outcome } from '../network/network.ts'
import { reachableTerms, type SpfNode } from '../evaluate/spf-tree.ts'
import { parseDkim } from '../syntax/dkim.ts'
import { joinedText } from '../syntax/record.ts'
import { isSpf, parseSpf } from '../syntax/spf.ts'
import type { Reason } from '../reasons.ts'
import type { Context, Tri } from '../scope.ts'
import type { ProbeContext } from './index.ts'
import type { MxFacts } from './mx.ts'

export type ContextFacts = { readonly [C in Context]: ContextFact }

export interface ContextFact {
  readonly value: Tri
  /** The evidence, in words: "MX 10 mx1.example.com". */
  readonly because: string
  /** For `unknown`: what stood in the way. */
  readonly reason?: Reason
}

export async function probeContexts(context: ProbeContext): Promise<ContextFacts> {
  const { context: declared } = context.scope
  const idle = declared.parked === 'yes'
  const mx = await outcome(context.facts.get('mx'))
  const sending = stated(declared.sending, idle) ?? await findSending(context, mx)
  const receiving = stated(declared.receiving, idle) ?? await findReceiving(context, mx, sending)
  const parked = declared.parked === undefined ? findParked(receiving, sending) : { value: declared.parked, because: configured }
  return { receiving, sending, parked }
}

const configured = 'the configuration says so'

/** A domain that is declared parked does neither, unless that is declared too. */
function stated(value: Tri | undefined, idle: boolean): ContextFact | null {
  if (value !== undefined) return { value, because: configured }
  return idle ? { value: 'no', because: 'the configuration says that the domain is parked' } : null
}

async function findSending(context: ProbeContext, mx: Outcome<MxFacts>): Promise<ContextFact> {
  const { network, scope, facts } = context
  const { submission, submissions } = scope.services
  const [sender] = scope.senders
  if (sender) return yes(`${sender.address} is declared as a sender`)
  const declared = submissions ?? submission
  if (declared) return yes(`${declared.host}:${declared.port} is declared as a submission service`)

  const doubts: Failure[] = []
  const texts = await outcome(network.query({ name: scope.domain, type: 'TXT' }))
  const records = 'value' in texts ? texts.value.records.map(joinedText).filter(isSpf) : []
  if ('problem' in texts) doubts.push(texts.problem)
  if ('problem' in mx) doubts.push(mx.problem)
  const route = 'value' in mx ? mx.value.hosts.find(({ record }) => record)?.record : undefined
  if (route && 'value' in texts && !records.some(deniesAll)) return yes(`MX ${route.text}`)

  for (const record of records) {
    const passing = reachableTerms(parseSpf(record).terms).find(term => 'qualifier' in term && term.qualifier === '+')
    if (passing) return yes(`the SPF record has "${passing.text}"`)
  }
  if (records.some(record => reachableTerms(parseSpf(record).terms).some(({ kind }) => kind === 'redirect'))) {
    const tree = await outcome(facts.get('spf'))
    const passing = 'value' in tree ? passingTerm(tree.value, doubts) : undefined
    if ('problem' in tree) doubts.push(tree.problem)
    if (passing !== undefined) return yes(`the SPF record leads to "${passing}"`)
  }

  const keys = await outcome(facts.get('dkim'))
  if ('problem' in keys) doubts.push(keys.problem)
  for (const { name, exists, answer } of 'value' in keys ? keys.value.selectors : []) {
    if ('problem' in answer) doubts.push(answer.problem)
    else if (exists && answer.value.records.some(record => parseDkim(joinedText(record)).tags.some(tag => tag.name === 'p' && tag.value !== ''))) {
      return yes(`there is a DKIM key at ${name}`)
    }
  }

  const services = ['_submissions._tcp', '_submission._tcp'].map(label => outcome(network.query({ name: `${label}.${scope.domain}`, type: 'SRV' })))
  for (const answer of await Promise.all(services)) {
    if ('problem' in answer) doubts.push(answer.problem)
    else {
      const offered = answer.value.records.find(({ data }) => data.target !== '') // RFC 2782: "." is "not offered"
      if (offered) return yes(`${offered.name} SRV ${offered.text}`)
    }
  }
  return undecided(doubts) ?? { value: 'no', because: 'neither MX, SPF, DKIM nor SRV shows that it does' }
}

async function findReceiving({ facts, scope }: ProbeContext, mx: Outcome<MxFacts>, sending: ContextFact): Promise<ContextFact> {
  if ('problem' in mx) return { value: 'unknown', because: mx.problem.detail, reason: mx.problem.reason }
  const { hosts, implicit, nullMx, answer } = mx.value
  const route = hosts.find(({ record }) => record)?.record
  if (route) return yes(`MX ${route.text}`)
  if (nullMx) return { value: 'no', because: 'null MX' }
  if (!implicit) return { value: 'no', because: answer.rcode === 'NXDOMAIN' ? 'the domain does not exist' : 'there is no MX' }
  const { v4, v6 } = await facts.get('addresses', { name: scope.domain })
  const address = [v4, v6].flatMap((family): Answer<'A' | 'AAAA'>['records'] => 'value' in family ? family.value.records : [])[0]
  if (address) return sending.value === 'yes' ? yes(`no MX, but ${address.type} ${address.text}, and it sends mail`) : { ...sending, because: `no MX; ${sending.because}` }
  const doubts = [v4, v6].flatMap(family => 'problem' in family ? [family.problem] : [])
  if (sending.value === 'no') return { value: 'no', because: 'there is no MX, and no sign that it sends mail' }
  return undecided(doubts) ?? { value: 'no', because: 'there is neither MX nor address' }
}

function findParked(receiving: ContextFact, sending: ContextFact): ContextFact {
  const active = [receiving, sending].find(({ value }) => value === 'yes')
  if (active) return { value: 'no', because: active.because }
  const open = [receiving, sending].find(({ value }) => value === 'unknown')
  return open ?? { value: 'yes', because: `it receives no mail (${receiving.because}) and sends none (${sending.because})` }
}

/** Exactly `v=spf1 -all`: the domain sends no mail. */
function deniesAll(record: string): boolean {
  const { terms: [only, ...more], problems } = parseSpf(record)
  return problems.length === 0 && more.length === 0 && only?.kind === 'all' && only.qualifier === '-'
}

/** A term that passes somebody, in the record or where its redirect leads. */
function passingTerm({ answer, records: [record], branches }: SpfNode, doubts: Failure[]): string | undefined {
  if ('problem' in answer) doubts.push(answer.problem)
  const own = record === undefined ? undefined : reachableTerms(parseSpf(record).terms).find(term => 'qualifier' in term && term.qualifier === '+')
  if (own) return own.text
  const beyond = branches.find(({ kind }) => kind === 'redirect')?.node
  return beyond && passingTerm(beyond, doubts)
}

function yes(because: string): ContextFact {
  return { value: 'yes', because }
}

function undecided([doubt]: readonly Failure[]): ContextFact | null {
  return doubt ? { value: 'unknown', because: doubt.detail, reason: doubt.reason } : null
}
