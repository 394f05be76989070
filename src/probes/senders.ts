/**
 * Who sends as the domain: the hosts that the user declares, and those MX addresses that the domain's SPF record lets send,
 * too. What SPF says of each is the outcome of check_host() (RFC 7208 §4), for a sender whose local part is "postmaster".
 */
import { checkHost, type SpfVerdict } from '../evaluate/check-host.ts'
import type { Failure } from '../network/network.ts'
import type { Sender } from '../scope.ts'
import { addressOctets } from '../syntax/address.ts'
import { foldName } from '../syntax/record.ts'
import { tooMany } from './addresses.ts'
import { drive } from './drive.ts'
import type { ProbeContext, Subject } from './index.ts'

export interface DeclaredSender extends Subject {
  /** The address. */
  readonly name: string
  /** The domain of MAIL FROM: as declared, else the domain itself. */
  readonly mailFrom: string
  readonly verdict: SpfVerdict
  /** The first question that was not answered; behind a temperror it is the cause. */
  readonly problem: Failure | null
}

export interface SendingAddress extends Subject {
  /** The address. */
  readonly name: string
  /** The MX host; null for a declared address, which has no name but in the reverse DNS. */
  readonly host: string | null
  readonly source: 'declared' | 'mx'
}

export interface SendingAddresses {
  /** The declared ones first; an address stands here once for each way in which it is known. */
  readonly addresses: readonly SendingAddress[]
  /** MX hosts of which it could not be found out whether they may send. */
  readonly undecided: readonly string[]
  /** What stood in the way. */
  readonly problem: Failure | null
}

export function probeDeclaredSenders({ network, scope }: ProbeContext): Promise<readonly DeclaredSender[]> {
  return Promise.all(usable(scope.senders).map(async ({ address, mailFrom }) => {
    const domain = mailFrom === undefined ? scope.domain : foldName(mailFrom.slice(mailFrom.lastIndexOf('@') + 1))
    return { name: address, mailFrom: domain, ...await ask(network, address, domain, domain) }
  }))
}

/** MX addresses of which SPF is asked: few domains have more, and each evaluation keeps its every step until it ends. */
const mostAddresses = 32

export async function probeSendingAddresses({ network, scope, facts }: ProbeContext): Promise<SendingAddresses> {
  const declared = usable(scope.senders).map(({ address }): SendingAddress => ({ name: address, host: null, source: 'declared' }))
  const endpoints = await facts.get('mxEndpoints')
  const asked = await Promise.all(endpoints.slice(0, mostAddresses).map(async ({ host, address }) => {
    const { verdict: { result }, problem } = await ask(network, address, scope.domain, host)
    return { host, address, result, problem }
  }))
  const passing = asked.filter(({ result }) => result === 'pass')
  const open = asked.filter(({ result }) => result === 'temperror')
  const left = endpoints.slice(mostAddresses)
  return {
    addresses: [...declared, ...passing.map(({ host, address }): SendingAddress => ({ name: address, host, source: 'mx' }))],
    undecided: [...new Set([...open, ...left].map(({ host }) => host))],
    problem: open[0]?.problem ?? (left.length > 0 ? tooMany(`what SPF says of ${left.length} of ${endpoints.length} MX addresses was not found out`) : null),
  }
}

async function ask(network: ProbeContext['network'], ip: string, domain: string, helo: string): Promise<Pick<DeclaredSender, 'verdict' | 'problem'>> {
  let problem: Failure | null = null
  const evaluation = checkHost({ ip, sender: `postmaster@${domain}`, helo, now: network.now() })
  const verdict = await drive(evaluation, network, failure => { problem ??= failure })
  return { verdict, problem }
}

/** An address with a zone (`fe80::1%eth0`) is one to this machine alone. */
function usable(senders: readonly Sender[]): readonly Sender[] {
  return senders.filter(({ address }) => addressOctets(address))
}
